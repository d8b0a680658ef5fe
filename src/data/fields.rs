//! The fields of a received message in one table, whatever the message: one loop reads all of them, with
//! less flash and stack than a struct of each.

use crate::{DecodeError, Malformed, Reader};

/// Field numbers of the messages that are read, and 0.
const NUMBERS: usize = 13;

/// The fields of one message by number, as far as they are varints or length-delimited.
pub(super) struct Fields<'a> {
    /// Options, so that an empty table is zero and nothing is copied from flash.
    bytes: [Option<&'a [u8]>; NUMBERS],
    /// More than 32 bits count as the most.
    numbers: [u32; NUMBERS],
    /// A bit for each field that is there.
    present: u32,
}

impl<'a> Fields<'a> {
    pub(super) const EMPTY: Self =
        Self { bytes: [None; NUMBERS], numbers: [0; NUMBERS], present: 0 };

    /// Reads the fields of `body`, a part of `frame`.
    #[inline(never)]
    pub(super) fn read(&mut self, body: &'a [u8], frame: &[u8]) -> Result<(), DecodeError> {
        let mut r = Reader::part(body, frame.as_ptr().addr());
        r.fields(|r, tag| {
            let number = (tag >> 3) as usize;
            let (Some(bytes), Some(value)) =
                (self.bytes.get_mut(number), self.numbers.get_mut(number))
            else {
                return;
            };
            match tag & 7 {
                2 => *bytes = Some(r.bytes()),
                0 => *value = u32::try_from(r.uint64()).unwrap_or(u32::MAX),
                _ => return,
            }
            self.present |= 1 << number;
        });
        r.finish()
    }

    pub(super) fn has(&self, tag: u32) -> bool {
        self.present >> (tag >> 3) & 1 != 0
    }

    #[inline(always)]
    pub(super) fn bytes(&self, tag: u32) -> &'a [u8] {
        self.bytes.get((tag >> 3) as usize).copied().flatten().unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn number(&self, tag: u32) -> u32 {
        self.numbers.get((tag >> 3) as usize).copied().unwrap_or_default()
    }
}

/// Checks that `bytes`, a part of `frame`, are UTF-8.
#[inline(never)]
pub(super) fn text<'a>(bytes: &'a [u8], frame: &[u8]) -> Result<&'a str, DecodeError> {
    core::str::from_utf8(bytes).map_err(|error| {
        let place = bytes.as_ptr().addr().wrapping_add(error.valid_up_to());
        DecodeError::Malformed {
            kind: Malformed::Utf8,
            offset: place.wrapping_sub(frame.as_ptr().addr()),
        }
    })
}
