//! DER (X.690), as far as certificates use it: elements with a tag of one byte and at most 64 KiB.

use super::CertError;

pub const BOOLEAN: u8 = 0x01;
pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const OID: u8 = 0x06;
pub const UTC_TIME: u8 = 0x17;
pub const GENERALIZED_TIME: u8 = 0x18;
pub const SEQUENCE: u8 = 0x30;

/// A sequence of elements.
#[derive(Clone)]
pub struct Elements<'a>(pub &'a [u8]);

/// An element: its content, and its whole encoding.
pub struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    pub whole: &'a [u8],
}

impl<'a> Elements<'a> {
    /// Returns the next element.
    pub fn any(&mut self) -> Result<Element<'a>, CertError> {
        let (tag, content, rest) = split(self.0).ok_or(CertError::Unreadable)?;
        let whole = self.0.get(..self.0.len() - rest.len()).ok_or(CertError::Unreadable)?;
        self.0 = rest;
        Ok(Element { tag, content, whole })
    }

    /// Returns the next element; an error if it has another tag.
    pub fn next(&mut self, tag: u8) -> Result<Element<'a>, CertError> {
        self.any().and_then(|it| if it.tag == tag { Ok(it) } else { Err(CertError::Unreadable) })
    }

    /// Returns the content of the next element if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, CertError> {
        match self.0.first() {
            Some(first) if *first == tag => self.any().map(|it| Some(it.content)),
            _ => Ok(None),
        }
    }

    /// Checks that no element is left.
    pub fn end(&self) -> Result<(), CertError> {
        if self.0.is_empty() { Ok(()) } else { Err(CertError::Unreadable) }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns the content of the only element in `bytes`.
pub fn only(bytes: &[u8], tag: u8) -> Result<&[u8], CertError> {
    let mut elements = Elements(bytes);
    let element = elements.next(tag)?;
    elements.end()?;
    Ok(element.content)
}

/// Returns the bits of a BIT STRING of whole bytes.
pub fn bytes(content: &[u8]) -> Result<&[u8], CertError> {
    match content {
        [0, bytes @ ..] => Ok(bytes),
        _ => Err(CertError::Unreadable),
    }
}

/// Splits off the first element: its tag, its content and the remaining bytes.
fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    // DER: the length takes as few bytes as possible.
    let (tag, len, rest) = match *bytes {
        [tag, len @ 0..=0x7f, ref rest @ ..] => (tag, usize::from(len), rest),
        [tag, 0x81, len @ 0x80..=0xff, ref rest @ ..] => (tag, usize::from(len), rest),
        [tag, 0x82, high @ 1..=0xff, low, ref rest @ ..] => {
            (tag, usize::from(u16::from_be_bytes([high, low])), rest)
        }
        _ => return None,
    };
    let has_more_tag = tag & 0x1f == 0x1f;
    rest.split_at_checked(len).filter(|_| !has_more_tag).map(|(content, rest)| (tag, content, rest))
}
