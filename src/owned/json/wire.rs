//! The bytes of `Struct`, `Value` and `ListValue`: copying, checking, taking apart.

use heapless::{CapacityError, Vec};
use micropb::{DecodeError, PbDecoder, PbEncoder, PbRead, PbWrite, Presence};

use super::append::{push, push_bytes, push_varint};
use crate::limits::STRUCT_BYTES;

/// How deep objects and lists may be nested in one another.
pub const DEPTH: u8 = 16;

/// Key of `ListValue.values`, and of `Struct.fields`, as bytes: field 1, length-delimited.
pub const ITEM: u8 = 0x0a;
/// Keys of a map entry.
pub const ENTRY_KEY: u8 = 0x0a;
pub const ENTRY_VALUE: u8 = 0x12;
/// Keys of `Value`'s oneof, in the schema's order.
pub const NULL: u8 = 0x08;
pub const NUMBER: u8 = 0x11;
pub const STRING: u8 = 0x1a;
pub const BOOL: u8 = 0x20;
pub const STRUCT: u8 = 0x2a;
pub const LIST: u8 = 0x32;

/// Which message some bytes are.
#[derive(Clone, Copy)]
pub enum Kind {
    Struct,
    Entry,
    Value,
    List,
}

impl Kind {
    /// What the length-delimited field `key` of this message holds: a message, or `None` for text.
    fn inside(self, key: u32) -> Option<Option<Kind>> {
        match (self, u8::try_from(key).ok()?) {
            (Kind::Struct, ITEM) => Some(Some(Kind::Entry)),
            (Kind::Entry, ENTRY_KEY) | (Kind::Value, STRING) => Some(None),
            (Kind::Entry, ENTRY_VALUE) | (Kind::List, ITEM) => Some(Some(Kind::Value)),
            (Kind::Value, STRUCT) => Some(Some(Kind::Struct)),
            (Kind::Value, LIST) => Some(Some(Kind::List)),
            _ => None,
        }
    }
}

/// Appends the `len` bytes that `decoder` stands before, field by field.
pub fn copy<R: PbRead>(
    out: &mut Vec<u8, STRUCT_BYTES>,
    decoder: &mut PbDecoder<R>,
    len: usize,
) -> Result<(), DecodeError<R::Error>> {
    let start = decoder.bytes_read();
    while decoder.bytes_read() - start < len {
        let tag = decoder.decode_tag()?;
        let full = |_: CapacityError| DecodeError::Capacity;
        push_varint(out, u64::from(tag.varint())).map_err(full)?;
        match tag.wire_type() {
            _ if tag.field_num() == 0 => return Err(DecodeError::ZeroField),
            0 => push_varint(out, decoder.decode_varint64()?).map_err(full)?,
            1 => push(out, &decoder.decode_fixed64()?.to_le_bytes()).map_err(full)?,
            5 => push(out, &decoder.decode_fixed32()?.to_le_bytes()).map_err(full)?,
            2 => {
                let mut content = Vec::<u8, STRUCT_BYTES>::new();
                decoder.decode_bytes(&mut content, Presence::Explicit)?;
                push_bytes(out, &content).map_err(full)?;
            }
            other => decoder.skip_wire_value(other)?, // says what is wrong with it
        }
    }
    match decoder.bytes_read() - start == len {
        true => Ok(()),
        false => Err(DecodeError::WrongLen),
    }
}

/// Writes `bytes`, which [`copy`] or [`append`] put together.
pub fn emit<W: PbWrite>(bytes: &[u8], encoder: &mut PbEncoder<W>) -> Result<(), W::Error> {
    for (key, value) in records(bytes) {
        encoder.encode_varint32(key)?;
        match value {
            Value::Varint(number) => encoder.encode_varint64(number)?,
            Value::Fixed64(bits) => encoder.encode_fixed64(bits)?,
            Value::Fixed32(bits) => encoder.encode_fixed32(bits)?,
            Value::Bytes(content) => encoder.encode_bytes(content)?,
        }
    }
    Ok(())
}

/// Checks that `bytes` are a message of this kind, all the way down.
pub fn check<E>(kind: Kind, bytes: &[u8], depth: u8) -> Result<(), DecodeError<E>> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (key, value) = record(&mut rest).ok_or(DecodeError::UnexpectedEof)?;
        let scalar = matches!((kind, key as u8), (Kind::Value, NULL | NUMBER | BOOL));
        match (value, kind.inside(key)) {
            (Value::Bytes(text), Some(None)) => drop(core::str::from_utf8(text)?),
            // An object in an object is three messages deep; only values count.
            (Value::Bytes(bytes), Some(Some(Kind::Value))) => {
                let depth = depth.checked_sub(1).ok_or(DecodeError::NestingLimit)?;
                check(Kind::Value, bytes, depth)?;
            }
            (Value::Bytes(bytes), Some(Some(inside))) => check(inside, bytes, depth)?,
            _ if key >> 3 == 0 => return Err(DecodeError::ZeroField),
            _ if !scalar && is_known(kind, key >> 3) => return Err(DecodeError::WrongWireType),
            _ => {}
        }
    }
    Ok(())
}

fn is_known(kind: Kind, number: u32) -> bool {
    let highest = match kind {
        Kind::Struct | Kind::List => 1,
        Kind::Entry => 2,
        Kind::Value => 6,
    };
    number <= highest
}

/// The value of one field.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(&'a [u8]),
}

/// The fields of checked bytes.
pub fn records(bytes: &[u8]) -> impl Iterator<Item = (u32, Value<'_>)> {
    let mut rest = bytes;
    core::iter::from_fn(move || record(&mut rest))
}

/// The first field of `rest`, which then begins behind it; `None` if it is not whole.
pub fn record<'a>(rest: &mut &'a [u8]) -> Option<(u32, Value<'a>)> {
    let key = u32::try_from(varint(rest)?).ok()?;
    let value = match key & 7 {
        0 => Value::Varint(varint(rest)?),
        1 => Value::Fixed64(u64::from_le_bytes(take(rest, 8)?.try_into().ok()?)),
        2 => {
            let len = usize::try_from(varint(rest)?).ok()?;
            Value::Bytes(take(rest, len)?)
        }
        5 => Value::Fixed32(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?)),
        _ => return None,
    };
    Some((key, value))
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(head)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let (&byte, tail) = rest.split_first()?;
        *rest = tail;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
