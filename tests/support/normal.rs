//! Encoded messages with their fields in field-number order, so that two encoders can be compared
//! byte for byte although the order is free: micropb and Go write a oneof behind all other fields,
//! prost at the number of its member, and the entries of a map come in any order.
//!
//! Nothing but order changes. Fields of the same number keep theirs (so lists do), entries of a
//! map are sorted by their encoded keys. What an encoder never writes, two members of one oneof,
//! would lose which of them came last.

use prost_reflect::{Kind, MessageDescriptor};

/// Wire types, the low three bits of a tag.
const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const BYTES: u64 = 2;
const FIXED32: u64 = 5;

/// `bytes`, a message of this type, in normal order; `None` if they are no message.
pub fn order(descriptor: &MessageDescriptor, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut fields = fields(descriptor, bytes)?;
    fields.sort_by(|a, b| (a.number, &a.key).cmp(&(b.number, &b.key))); // stable
    Some(fields.iter().flat_map(|field| [field.head, &field.content].concat()).collect())
}

struct Field<'a> {
    number: u32,
    /// What entries of a map are sorted by.
    key: Vec<u8>,
    /// Tag and length as they came.
    head: &'a [u8],
    /// In normal order, if it is a message.
    content: Vec<u8>,
}

fn fields<'a>(descriptor: &MessageDescriptor, bytes: &'a [u8]) -> Option<Vec<Field<'a>>> {
    let mut fields = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let start = rest;
        let tag = varint(&mut rest)?;
        let number = u32::try_from(tag >> 3).ok()?;
        let len = match tag & 7 {
            VARINT => {
                let mut behind = rest;
                varint(&mut behind)?;
                rest.len() - behind.len()
            }
            FIXED64 => 8,
            BYTES => usize::try_from(varint(&mut rest)?).ok()?,
            FIXED32 => 4,
            _ => return None, // groups
        };
        let head = &start[..start.len() - rest.len()];
        let content;
        (content, rest) = rest.split_at_checked(len)?;
        let inside = descriptor.get_field(number).map(|field| field.kind());
        let (content, key) = match inside {
            Some(Kind::Message(message)) if tag & 7 == BYTES => {
                let key = if message.is_map_entry() { key(&message, content)? } else { vec![] };
                (order(&message, content)?, key)
            }
            _ => (content.to_vec(), vec![]),
        };
        fields.push(Field { number, key, head, content });
    }
    Some(fields)
}

/// The encoded key of a map entry; empty where it is left out for being the default.
fn key(entry: &MessageDescriptor, bytes: &[u8]) -> Option<Vec<u8>> {
    let fields = fields(entry, bytes)?;
    let key = fields.into_iter().rfind(|field| field.number == 1);
    Some(key.map(|field| field.content).unwrap_or_default())
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let (&byte, tail) = rest.split_first()?;
        *rest = tail;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
