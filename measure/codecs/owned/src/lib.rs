//! `livekit_micro::owned`, to be measured.
#![no_std]

use core::hint::black_box;

use livekit_micro::owned::*;
use livekit_micro::{Decode, Encode, decode_into, to_slice};

pub mod packet;
pub mod publish;
pub mod signal;

/// Each message of the family by itself.
pub mod family {
    #[inline(never)]
    pub fn round_trip(which: usize, encoded: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::*;
        measure_messages::family!(which, round_trip(encoded, out))
    }
}

/// Each message of the family and of rooms by itself.
pub mod wide {
    #[inline(never)]
    pub fn round_trip(which: usize, encoded: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::*;
        measure_messages::wide!(which, round_trip(encoded, out))
    }
}

fn round_trip<'a, M: Decode<'a> + Encode + Default>(
    encoded: &'a [u8],
    out: &mut [u8],
) -> Option<usize> {
    let mut message = M::default();
    decode_into(&mut message, encoded).ok()?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    Some(to_slice(&message, out).ok()?.len())
}
