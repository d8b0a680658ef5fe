//! Attributes of a stream, where they stand in the frame.

use core::fmt;

use crate::tags::data_stream::header::attributes_entry::{KEY, VALUE};
use crate::{DecodeError, Reader};

/// The attributes of a header or a trailer: pairs of strings in any order.
#[derive(Clone, Copy)]
pub struct Attributes<'a> {
    /// The message that has them.
    body: &'a [u8],
    /// Their tag in it.
    tag: u32,
}

impl<'a> Attributes<'a> {
    /// No attributes.
    pub const EMPTY: Self = Self::new(&[], 0);

    pub(in crate::data) const fn new(body: &'a [u8], tag: u32) -> Self {
        Self { body, tag }
    }

    /// Returns the value of the attribute `key`. Goes through all of them: for several, use
    /// [`iter`](Self::iter).
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.iter().filter(|(other, _)| *other == key).last().map(|(_, value)| value)
    }

    /// Returns the keys and values, as they come.
    pub const fn iter(&self) -> AttributesIter<'a> {
        AttributesIter { rest: self.body, tag: self.tag }
    }

    /// Checks that all of them are strings; they are a part of `frame`.
    #[inline(never)]
    pub(crate) fn check(&self, frame: &[u8]) -> Result<(), DecodeError> {
        let mut r = Reader::part(self.body, frame.as_ptr().addr());
        r.fields(|r, tag| {
            if tag == self.tag {
                r.fields(|r, tag| {
                    if matches!(tag, KEY | VALUE) {
                        r.str();
                    }
                });
            }
        });
        r.finish()
    }
}

impl<'a> IntoIterator for Attributes<'a> {
    type Item = (&'a str, &'a str);
    type IntoIter = AttributesIter<'a>;

    fn into_iter(self) -> AttributesIter<'a> {
        self.iter()
    }
}

/// Iterates over [`Attributes`]: key and value.
#[derive(Clone)]
pub struct AttributesIter<'a> {
    rest: &'a [u8],
    tag: u32,
}

impl<'a> Iterator for AttributesIter<'a> {
    type Item = (&'a str, &'a str);

    #[inline(never)]
    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let mut r = Reader::new(self.rest);
        r.rest = self.rest;
        loop {
            match r.next() {
                0 => return None,
                tag if tag == self.tag => break,
                _ => {}
            }
        }
        let (mut key, mut value) = ("", "");
        r.fields(|r, tag| match tag {
            KEY => key = r.str(),
            VALUE => value = r.str(),
            _ => {}
        });
        self.rest = r.rest;
        Some((key, value))
    }
}

impl fmt::Debug for Attributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(*self).finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Attributes<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.iter().for_each(|(key, value)| defmt::write!(f, "{=str}: {=str}, ", key, value));
    }
}
