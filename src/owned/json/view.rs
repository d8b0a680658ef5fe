//! Reading `Struct`, `Value` and `ListValue` where their bytes lie.

use core::fmt;

use heapless::{CapacityError, Vec};

use super::append::{push, push_bytes};
use super::wire::{self, Value};
use crate::limits::STRUCT_BYTES;

/// One value of JSON, read from a message or to be put into one.
#[derive(Clone, Copy, PartialEq)]
pub enum Json<'a> {
    /// `null`; also a value that was sent without any content.
    Null,
    /// A number.
    Number(f64),
    /// A text.
    String(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// An object.
    Struct(Entries<'a>),
    /// A list.
    List(Items<'a>),
}

/// The entries of an object: an iterator over keys and values.
#[derive(Clone, Copy)]
pub struct Entries<'a>(&'a [u8]);

/// The values of a list: an iterator.
#[derive(Clone, Copy)]
pub struct Items<'a>(&'a [u8]);

impl<'a> Entries<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The value of `key` among the entries that are left; the last one, if there are several.
    pub fn get(self, key: &str) -> Option<Json<'a>> {
        self.filter(|(name, _)| *name == key).last().map(|(_, value)| value)
    }
}

impl<'a> Items<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (mut key, mut content) = ("", &[][..]);
        for (number, value) in wire::records(next_item(&mut self.0)?) {
            match (u8::try_from(number), value) {
                (Ok(wire::ENTRY_KEY), Value::Bytes(bytes)) => {
                    key = core::str::from_utf8(bytes).unwrap_or("");
                }
                (Ok(wire::ENTRY_VALUE), Value::Bytes(bytes)) => content = bytes,
                _ => {}
            }
        }
        Some((key, value(content).unwrap_or(Json::Null)))
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        next_item(&mut self.0).map(|content| value(content).unwrap_or(Json::Null))
    }
}

/// The content of the next field 1 in `rest`, which then begins behind it.
fn next_item<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    loop {
        match wire::record(rest)? {
            (key, Value::Bytes(item)) if key == u32::from(wire::ITEM) => return Some(item),
            _ => {}
        }
    }
}

/// What the bytes of a `Value` hold: of several members of its oneof the last one counts.
pub fn value(bytes: &[u8]) -> Option<Json<'_>> {
    let member = |(key, value)| match (u8::try_from(key).ok()?, value) {
        (wire::NULL, Value::Varint(_)) => Some(Json::Null),
        (wire::BOOL, Value::Varint(number)) => Some(Json::Bool(number != 0)),
        (wire::NUMBER, Value::Fixed64(bits)) => Some(Json::Number(f64::from_bits(bits))),
        (wire::STRING, Value::Bytes(text)) => core::str::from_utf8(text).ok().map(Json::String),
        (wire::STRUCT, Value::Bytes(bytes)) => Some(Json::Struct(Entries(bytes))),
        (wire::LIST, Value::Bytes(bytes)) => Some(Json::List(Items(bytes))),
        _ => None,
    };
    wire::records(bytes).filter_map(member).last()
}

impl Json<'_> {
    /// Writes the content of a `Value`.
    pub(super) fn push(self, out: &mut Vec<u8, STRUCT_BYTES>) -> Result<(), CapacityError> {
        let (key, bytes) = match self {
            Self::Null => return push(out, &[wire::NULL, 0]),
            Self::Bool(value) => return push(out, &[wire::BOOL, u8::from(value)]),
            Self::Number(value) => {
                push(out, &[wire::NUMBER])?;
                return push(out, &value.to_le_bytes());
            }
            Self::String(text) => (wire::STRING, text.as_bytes()),
            Self::Struct(entries) => (wire::STRUCT, entries.0),
            Self::List(items) => (wire::LIST, items.0),
        };
        push(out, &[key])?;
        push_bytes(out, bytes)
    }
}

/// Equal if every key has the same value in both.
impl PartialEq for Entries<'_> {
    fn eq(&self, other: &Self) -> bool {
        let has = |entries: Self, key: &str| entries.into_iter().any(|(name, _)| name == key);
        let mut rest = *self;
        while let Some((key, value)) = rest.next() {
            // Each value is compared once: a key that comes again and again, in objects in one
            // another, would otherwise multiply the time at every level.
            if !has(rest, key) && other.get(key) != Some(value) {
                return false;
            }
        }
        other.into_iter().all(|(key, _)| has(*self, key))
    }
}

impl PartialEq for Items<'_> {
    fn eq(&self, other: &Self) -> bool {
        Iterator::eq(*self, *other)
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Number(number) => number.fmt(f),
            Self::String(text) => text.fmt(f),
            Self::Bool(value) => value.fmt(f),
            Self::Struct(entries) => entries.fmt(f),
            Self::List(items) => items.fmt(f),
        }
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(*self).finish()
    }
}

impl fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}
