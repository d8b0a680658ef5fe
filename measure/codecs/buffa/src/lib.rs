//! Views of buffa, to be measured: they borrow strings and bytes, lists and submessages lie on the
//! heap.
#![no_std]

extern crate alloc;

use core::hint::black_box;

use buffa::{MessageView, ViewEncode};
use measure_heap::init as with_heap;

#[allow(clippy::all, nonstandard_style, unused)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/mod.rs"));
}

#[allow(unused_imports)]
mod messages {
    include!(concat!(env!("OUT_DIR"), "/names.rs"));
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

fn round_trip<'a, M: MessageView<'a> + ViewEncode<'a>>(
    encoded: &'a [u8],
    out: &mut [u8],
) -> Option<usize> {
    with_heap();
    let mut message = M::decode_view(encoded).ok()?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    encode(&message, out)
}

/// buffa panics where the buffer is too small, unless its length is compared before.
fn encode<'a, M: ViewEncode<'a>>(message: &M, mut out: &mut [u8]) -> Option<usize> {
    let mut sizes = buffa::SizeCache::new();
    let len = message.compute_size(&mut sizes) as usize;
    if len > out.len() {
        return None;
    }
    message.write_to(&mut sizes, &mut out);
    Some(len)
}
