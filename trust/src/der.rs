//! DER (X.690), as far as certificates, keys and signatures use it.

pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const OID: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;

/// The elements that are still to be read.
#[derive(Clone, Copy)]
pub struct Elements<'a>(pub &'a [u8]);

impl<'a> Elements<'a> {
    /// Reads an element of any kind: its tag and its content.
    ///
    /// X.690, 10.1: "The definite form of length encoding shall be used, encoded in the minimum number of octets."
    /// A tag has one byte here, and a length at most two: X.690, 8.1.3.5.
    pub fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, len, rest) = match *self.0 {
            [tag, len @ 0..=0x7f, ref rest @ ..] => (tag, usize::from(len), rest),
            [tag, 0x81, len @ 0x80..=0xff, ref rest @ ..] => (tag, usize::from(len), rest),
            [tag, 0x82, high @ 1..=0xff, low, ref rest @ ..] => {
                (tag, usize::from(u16::from_be_bytes([high, low])), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// Reads an element that must have this tag.
    #[inline(never)] // many callers
    pub fn next(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.any().filter(|(it, _)| *it == tag).map(|(_, content)| content)
    }

    /// Reads a positive number: big-endian, without leading zeros.
    ///
    /// X.690, 8.3.2: "the bits of the first octet and bit 8 of the second octet shall not all be ones; and shall not
    /// all be zero." The first bit is the sign.
    pub fn positive(&mut self) -> Option<&'a [u8]> {
        match self.next(INTEGER)? {
            [0, digits @ ..] if matches!(digits, [0x80..=0xff, ..]) => Some(digits),
            digits if matches!(digits, [1..=0x7f, ..]) => Some(digits),
            _ => None,
        }
    }

    /// Returns `Some` if nothing is left.
    pub fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// The content of the only element in `der`, which must have this tag.
pub fn only(der: &[u8], tag: u8) -> Option<&[u8]> {
    let mut elements = Elements(der);
    let content = elements.next(tag)?;
    elements.end()?;
    Some(content)
}

/// The two positive numbers of a sequence: a key of RSA, a signature of ECDSA.
#[inline(never)] // two callers
pub fn two_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut elements = Elements(only(der, SEQUENCE)?);
    let numbers = (elements.positive()?, elements.positive()?);
    elements.end()?;
    Some(numbers)
}
