//! femtopb, to be measured.
#![no_std]

use core::hint::black_box;

use femtopb::Message;

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
    pub fn turn(which: usize, frame: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::{messages::*, turn};
        measure_messages::family!(which, turn(frame, out))
    }
}

/// Each message of the family and of rooms by itself.
pub mod wide {
    #[inline(never)]
    pub fn turn(which: usize, frame: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::{messages::*, turn};
        measure_messages::wide!(which, turn(frame, out))
    }
}

fn turn<'a, M: Message<'a>>(frame: &'a [u8], out: &mut [u8]) -> Option<usize> {
    let mut message = M::decode(frame).ok()?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    encode(&message, out)
}

fn encode<'a, M: Message<'a>>(message: &M, mut out: &mut [u8]) -> Option<usize> {
    let len = out.len();
    message.encode(&mut out).ok()?;
    Some(len - out.len())
}
