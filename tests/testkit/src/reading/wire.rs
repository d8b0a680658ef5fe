//! The bytes of a message as fields: where each stands, and what is wrong behind the last one that
//! is in order.

use std::ops::Range;

use livekit_micro::Malformed;

pub const VARINT: u32 = 0;
pub const FIXED64: u32 = 1;
pub const BYTES: u32 = 2;
pub const START_GROUP: u32 = 3;
pub const END_GROUP: u32 = 4;
pub const FIXED32: u32 = 5;

/// Unknown groups that may be in one another.
const GROUPS: usize = 16;

/// A field; places count from the start of the frame.
#[derive(Clone, Debug)]
pub struct Field {
    /// Where its key stands.
    pub at: usize,
    pub number: u32,
    pub wire: u32,
    /// What stands behind its key and length; nothing of a group.
    pub content: Range<usize>,
}

/// Why no more fields can be read.
pub struct Wrong {
    pub kind: Malformed,
    pub at: usize,
    /// Number and wire type of the field, if that much could be read.
    pub key: Option<(u32, u32)>,
}

/// The fields of the message that is `frame[message]`.
pub fn fields(frame: &[u8], message: Range<usize>) -> (Vec<Field>, Option<Wrong>) {
    let mut cursor = Cursor { frame: &frame[..message.end], at: message.start };
    let mut fields = Vec::new();
    while cursor.at < message.end {
        let at = cursor.at;
        let key = match cursor.key() {
            Ok(key) => key,
            Err(kind) => return (fields, Some(Wrong { kind, at, key: None })),
        };
        match cursor.content(at, key) {
            Ok(content) => fields.push(Field { at, number: key.0, wire: key.1, content }),
            Err((kind, at)) => return (fields, Some(Wrong { kind, at, key: Some(key) })),
        }
    }
    (fields, None)
}

/// The numbers of the packed list that is `frame[list]`: where each stands.
pub fn packed(frame: &[u8], list: Range<usize>, wire: u32) -> Result<Vec<Range<usize>>, Malformed> {
    let mut cursor = Cursor { frame: &frame[..list.end], at: list.start };
    let mut numbers = Vec::new();
    while cursor.at < list.end {
        numbers.push(cursor.value(wire)?);
    }
    Ok(numbers)
}

/// The varint that `bytes` begin with, and how many of them it takes.
pub fn varint(bytes: &[u8]) -> Result<(u64, usize), Malformed> {
    let mut value = 0u128;
    for (index, byte) in bytes.iter().take(10).enumerate() {
        value |= u128::from(byte & 0x7f) << (7 * index);
        if *byte < 0x80 {
            let value = u64::try_from(value).map_err(|_| Malformed::Varint)?;
            return Ok((value, index + 1));
        }
    }
    Err(if bytes.len() < 10 { Malformed::Truncated } else { Malformed::Varint })
}

/// Writes a field of wire type 2.
pub fn push_bytes(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    push_varint(out, u64::from(number << 3 | BYTES));
    push_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

pub fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

struct Cursor<'a> {
    /// To the end of the message.
    frame: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    /// Number and wire type.
    fn key(&mut self) -> Result<(u32, u32), Malformed> {
        let key = u32::try_from(self.varint()?).map_err(|_| Malformed::FieldNumber)?;
        match key >> 3 {
            0 => Err(Malformed::FieldNumber),
            number => Ok((number, key & 7)),
        }
    }

    /// What stands behind the key at `at`; an error says where it is.
    fn content(
        &mut self,
        at: usize,
        (number, wire): (u32, u32),
    ) -> Result<Range<usize>, (Malformed, usize)> {
        match wire {
            START_GROUP => {
                self.group(at, number)?;
                Ok(self.at..self.at)
            }
            END_GROUP => Err((Malformed::Group, at)),
            _ => self.value(wire).map_err(|kind| (kind, at)),
        }
    }

    /// Skips what is in the group `number`, which begins at `start`, and its end.
    fn group(&mut self, start: usize, number: u32) -> Result<(), (Malformed, usize)> {
        let mut open = vec![number];
        while let Some(innermost) = open.last() {
            let at = self.at;
            if at == self.frame.len() {
                return Err((Malformed::Truncated, start));
            }
            let (number, wire) = self.key().map_err(|kind| (kind, at))?;
            match wire {
                START_GROUP if open.len() == GROUPS => return Err((Malformed::Nesting, at)),
                START_GROUP => open.push(number),
                END_GROUP if number == *innermost => drop(open.pop()),
                _ => {
                    self.content(at, (number, wire))?;
                }
            }
        }
        Ok(())
    }

    /// What is no group.
    fn value(&mut self, wire: u32) -> Result<Range<usize>, Malformed> {
        let len = match wire {
            VARINT => varint(&self.frame[self.at..])?.1,
            FIXED64 => 8,
            FIXED32 => 4,
            BYTES => {
                let len = u32::try_from(self.varint()?).map_err(|_| Malformed::Truncated)?;
                len as usize
            }
            _ => return Err(Malformed::WireType),
        };
        let start = self.at;
        self.at = start + len;
        if self.at > self.frame.len() {
            return Err(Malformed::Truncated);
        }
        Ok(start..self.at)
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let (value, len) = varint(&self.frame[self.at..])?;
        self.at += len;
        Ok(value)
    }
}
