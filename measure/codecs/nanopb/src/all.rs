//! Every message of data packets, rooms and signalling by itself.

use crate::c;

/// How many there are.
pub const MESSAGES: usize = 97;

/// Decodes `encoded` as message number `which` and encodes what was read; returns how many bytes
/// that takes, `None` on any error.
#[inline(never)]
pub fn round_trip(which: usize, encoded: &[u8], out: &mut [u8]) -> Option<usize> {
    // SAFETY: both are as long as is said. Nothing else uses the place of the message meanwhile, as
    // there are no threads.
    let written = unsafe {
        c::nanopb_all_round_trip(
            which,
            encoded.as_ptr(),
            encoded.len(),
            out.as_mut_ptr(),
            out.len(),
        )
    };
    usize::try_from(written).ok()
}
