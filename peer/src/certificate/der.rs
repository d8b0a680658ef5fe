//! DER, as far as certificates and signatures need it (X.690, 8.1 and 10.1).

use crate::bytes::{Malformed, Reader};

/// The tag and the contents of the next element.
pub(super) fn element<'b>(reader: &mut Reader<'b>) -> Result<(u8, &'b [u8]), Malformed> {
    let tag = reader.u8()?;
    // Tags above 30 have more bytes; nothing here has one.
    if tag & 0x1f == 0x1f {
        return Err(Malformed);
    }
    let form = reader.u8()?;
    let len = match form {
        0..=0x7f => usize::from(form),
        0x81 => usize::from(reader.u8()?),
        0x82 => usize::from(reader.u16()?),
        // More than 65 535 bytes, or the indefinite form, which DER does not have.
        _ => return Err(Malformed),
    };
    // X.690, 10.1: "encoded in the minimum number of octets".
    let least = match form {
        0x81 => 0x80,
        0x82 => 0x100,
        _ => 0,
    };
    if len < least { Err(Malformed) } else { Ok((tag, reader.take(len)?)) }
}

/// The contents of the next element, whose tag must be `tag`.
pub(super) fn expect<'b>(reader: &mut Reader<'b>, tag: u8) -> Result<&'b [u8], Malformed> {
    match element(reader)? {
        (found, contents) if found == tag => Ok(contents),
        _ => Err(Malformed),
    }
}

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// \[0\], constructed: the version of a certificate.
pub(super) const VERSION: u8 = 0xa0;
