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
    pub fn turn(which: usize, frame: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::{messages::*, turn};
        measure_messages::family!(which, turn(frame, out))
    }
}

fn turn<M: Message + Default>(frame: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut message: M = noproto::read(frame).ok()?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    noproto::write(&message, out).ok()
}
