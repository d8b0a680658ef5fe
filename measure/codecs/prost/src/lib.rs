//! prost and an allocator, to be measured.
#![no_std]

use core::hint::black_box;

use measure_heap::init as with_heap;
use prost::Message;

extern crate alloc;

#[allow(clippy::all, unused)]
mod messages {
    include!(concat!(env!("OUT_DIR"), "/livekit.rs"));
}

pub mod packet;
pub mod publish;
pub mod signal;

/// Each message of the family by itself.
pub mod family {
    #[inline(never)]
    pub fn round_trip(which: usize, encoded: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::{messages::*, round_trip};
        measure_messages::family!(which, round_trip(encoded, out))
    }
}

/// Each message of the family and of rooms by itself.
pub mod wide {
    #[inline(never)]
    pub fn round_trip(which: usize, encoded: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::{messages::*, round_trip};
        measure_messages::wide!(which, round_trip(encoded, out))
    }
}

fn round_trip<M: Message + Default>(encoded: &[u8], out: &mut [u8]) -> Option<usize> {
    with_heap();
    let mut message = M::decode(encoded).ok()?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    encode(&message, out)
}

fn encode<M: Message>(message: &M, mut out: &mut [u8]) -> Option<usize> {
    let len = out.len();
    message.encode(&mut out).ok()?;
    Some(len - out.len())
}
