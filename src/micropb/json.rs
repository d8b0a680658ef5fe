//! `google.protobuf.Struct`, `Value` and `ListValue`, which are stored encoded.
//!
//! [`PbDecoder`] and [`PbEncoder`](micropb::PbEncoder) have no method for plain bytes, so the fields
//! are copied one by one. What is nested in them is the content of a field and is copied as it is.

use heapless::Vec;
use micropb::{DecodeError, MessageDecode, PbDecoder, PbRead, Presence};

use super::reader::{FieldReader, Owned};
use super::rt::message;
use super::writer::{FieldWriter, Write};
use crate::borrowed::google::protobuf as borrowed;
use crate::codec::rt::Borrowed;
use crate::codec::{self, Malformed, from_bytes, validate};
use crate::limits::STRUCT_BYTES;
use crate::owned::google::protobuf::{ListValue, Struct, Value};

type Encoded = Vec<u8, STRUCT_BYTES>;

/// Decodes a message of `len` bytes: appends its fields to `to`, which is how messages merge.
/// After an error `to` is as it was.
fn decode<R: PbRead>(
    to: &mut Encoded,
    decoder: &mut PbDecoder<R>,
    len: usize,
    check: fn(&[u8]) -> Result<(), codec::DecodeError>,
) -> Result<(), DecodeError<R::Error>> {
    let before = to.len();
    let mut r = FieldReader::new(decoder, len);
    r.copy_fields(to);
    let mut result = r.result;
    if result.is_ok() {
        // All of it: two parts may be valid, and both together not.
        result = check(to).map_err(error);
    }
    if result.is_err() {
        to.truncate(before);
    }
    result
}

impl<R: PbRead> FieldReader<'_, R> {
    /// Appends all fields of the message to `to`.
    fn copy_fields(&mut self, to: &mut Encoded) {
        // A group is copied as the tags it begins and ends with, and the fields between.
        self.fields(|r, tag| {
            let mut fits = push_varint(to, tag.into());
            match tag & 7 {
                0 => fits &= push_varint(to, r.uint64()),
                1 => fits &= to.extend_from_slice(&r.fixed64().to_le_bytes()).is_ok(),
                2 => {
                    let mut content = Encoded::new();
                    r.value(|decoder| decoder.decode_bytes(&mut content, Presence::Explicit));
                    fits &= push_varint(to, content.len() as u64);
                    fits &= to.extend_from_slice(&content).is_ok();
                }
                5 => fits &= to.extend_from_slice(&r.fixed32().to_le_bytes()).is_ok(),
                // The check that follows sees whether they match.
                3 | 4 => r.value(|_| Ok(())),
                _ => r.value(|_| Err(DecodeError::UnknownWireType)),
            }
            if !fits && r.result.is_ok() {
                r.result = Err(DecodeError::Capacity);
            }
        });
    }
}

/// Appends `value` as a varint; returns `false` if it does not fit.
fn push_varint(to: &mut Encoded, mut value: u64) -> bool {
    while value > 0x7f {
        if to.push(value as u8 | 0x80).is_err() {
            return false;
        }
        value >>= 7;
    }
    to.push(value as u8).is_ok()
}

fn check<'a, M: Borrowed<'a> + codec::Validate<'a> + codec::Decode<'a>>(
    encoded: &'a [u8],
) -> Result<(), codec::DecodeError> {
    validate(&from_bytes::<M>(encoded)?)
}

/// What micropb calls an error of this crate.
fn error<E>(error: codec::DecodeError) -> DecodeError<E> {
    match error {
        codec::DecodeError::Capacity(_) => DecodeError::Capacity,
        codec::DecodeError::Malformed { kind, .. } => match kind {
            Malformed::Truncated => DecodeError::WrongLen,
            Malformed::Varint => DecodeError::VarIntLimit,
            Malformed::Utf8 => DecodeError::Utf8,
            Malformed::FieldNumber => DecodeError::ZeroField,
            Malformed::WireType => DecodeError::UnknownWireType,
            Malformed::Group => DecodeError::Deprecation,
            Malformed::Nesting => DecodeError::NestingLimit,
            Malformed::SplitSubmessage => DecodeError::CustomField,
        },
    }
}

/// Writes the fields of an encoded message.
fn write(encoded: &[u8], w: &mut FieldWriter<'_>) {
    let mut decoder = PbDecoder::new(encoded);
    // It was checked when it was decoded, so no error can end the copy early.
    let mut copy = || {
        let tag = decoder.decode_varint32()?;
        w.tag(tag);
        match tag & 7 {
            0 => w.raw_varint(decoder.decode_varint64()?),
            1 => w.raw_fixed64(decoder.decode_fixed64()?),
            2 => {
                let len = decoder.decode_varint32()? as usize;
                w.len_and_bytes(decoder.as_reader().get(..len).unwrap_or(&[]));
                decoder.skip_bytes(len)?;
            }
            5 => w.raw_fixed32(decoder.decode_fixed32()?),
            _ => {} // the tag that begins or ends a group
        }
        Ok::<(), DecodeError<_>>(())
    };
    while copy().is_ok() {}
}

macro_rules! messages {
    ($($name:ident),*) => {
        $(
            impl MessageDecode for $name {
                fn decode<R: PbRead>(
                    &mut self,
                    decoder: &mut PbDecoder<R>,
                    len: usize,
                ) -> Result<(), DecodeError<R::Error>> {
                    decode(self.encoded_mut(), decoder, len, |encoded| {
                        check::<borrowed::$name<'_>>(encoded)
                    })
                }
            }

            message!(encode $name, Ok(STRUCT_BYTES));

            impl Owned for $name {
                /// `MessageDecode` decodes all fields at once.
                fn field<R: PbRead>(&mut self, _: &mut FieldReader<'_, R>, _: u32) {}
            }

            impl Write for $name {
                fn write(&self, w: &mut FieldWriter<'_>) {
                    write(self.encoded(), w);
                }
            }
        )*
    };
}

messages! { Struct, Value, ListValue }
