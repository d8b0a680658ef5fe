//! ECDSA signatures in DER: `SEQUENCE { r INTEGER, s INTEGER }` (RFC 5480, appendix A; RFC 8422, 5.4).

use super::der::{INTEGER, SEQUENCE, expect};
use crate::bytes::{Malformed, Reader, copy};

/// Reads a signature: r, s.
pub(crate) fn from_der(der: &[u8], signature: &mut [u8; 64]) -> Result<(), Malformed> {
    let mut reader = Reader(der);
    let mut numbers = Reader(expect(&mut reader, SEQUENCE)?);
    for half in signature.as_chunks_mut::<32>().0 {
        number(expect(&mut numbers, INTEGER)?, half)?;
    }
    numbers.end()?;
    reader.end()
}

/// X.690, 8.3: two's complement, in as few bytes as possible.
fn number(bytes: &[u8], number: &mut [u8; 32]) -> Result<(), Malformed> {
    let digits = match bytes {
        [0, rest @ ..] if is_high(rest) => rest,
        [0x01..=0x7f, ..] => bytes,
        // Negative, zero, or with a zero too many.
        _ => return Err(Malformed),
    };
    *number = [0; 32];
    let start = number.len().checked_sub(digits.len()).ok_or(Malformed)?;
    copy(number.get_mut(start..).ok_or(Malformed)?, digits);
    Ok(())
}

/// Whether the number would be negative without a zero before it.
fn is_high(digits: &[u8]) -> bool {
    digits.first().is_some_and(|first| *first >= 0x80)
}

/// A signature in DER.
pub(crate) struct Der {
    bytes: [u8; MAX_BYTES],
    len: u8,
}

impl Der {
    pub const fn new() -> Self {
        Self { bytes: [0; MAX_BYTES], len: 0 }
    }

    /// Writes the signature r, s.
    pub fn set(&mut self, signature: &[u8; 64]) {
        *self = Self::new();
        let (halves, _) = signature.as_chunks::<32>();
        self.extend(&[SEQUENCE, 0]);
        for half in halves {
            let zeros = half.iter().take(31).take_while(|byte| **byte == 0).count();
            let digits = half.get(zeros..).unwrap_or_default();
            let sign: &[u8] = if is_high(digits) { &[0] } else { &[] };
            let [.., len] = digits.len().wrapping_add(sign.len()).to_be_bytes();
            self.extend(&[INTEGER, len]);
            self.extend(sign);
            self.extend(digits);
        }
        let [_, len, ..] = &mut self.bytes;
        *len = self.len.wrapping_sub(2);
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len.into()).unwrap_or_default()
    }

    #[inline(never)] // several callers
    fn extend(&mut self, bytes: &[u8]) {
        copy(self.bytes.get_mut(self.len.into()..).unwrap_or_default(), bytes);
        let [.., len] = bytes.len().to_be_bytes();
        self.len = self.len.wrapping_add(len);
    }
}

/// Two numbers of 33 bytes.
pub(crate) const MAX_BYTES: usize = 2 + 2 * (2 + 33);
