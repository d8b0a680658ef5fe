//! noproto, to be measured.
#![no_std]

use core::hint::black_box;

use noproto::Message;

/// As build.rs writes them.
#[allow(clippy::all, unused)]
mod messages {
    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

pub mod packet;
pub mod publish;

/// Each message of the family by itself.
pub mod family {
    #[inline(never)]
    pub fn round_trip(which: usize, encoded: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::{messages::*, round_trip};
        measure_messages::family!(which, round_trip(encoded, out))
    }
}

fn round_trip<M: Message + Default>(encoded: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut message: M = noproto::read(encoded).ok()?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    noproto::write(&message, out).ok()
}
