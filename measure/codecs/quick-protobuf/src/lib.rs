//! quick-protobuf, to be measured: messages borrow strings and bytes, lists and maps lie on the heap.
#![no_std]

extern crate alloc;

use core::hint::black_box;

use measure_heap::init as with_heap;
use quick_protobuf::{BytesReader, BytesWriter, MessageRead, MessageWrite, Writer};

#[allow(clippy::all, nonstandard_style, unused)]
mod generated {
    // pb-rs names enums by this path, also where it makes a single module.
    use crate::generated as livekit;

    include!(concat!(env!("OUT_DIR"), "/livekit.rs"));
}

mod messages {
    pub use crate::generated::{SipDTMF as SipDtmf, mod_DataStream as data_stream, *};
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

fn round_trip<'a, M: MessageRead<'a> + MessageWrite>(
    encoded: &'a [u8],
    out: &mut [u8],
) -> Option<usize> {
    with_heap();
    let mut message: M = decode(encoded)?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    encode(&message, out)
}

fn decode<'a, M: MessageRead<'a>>(encoded: &'a [u8]) -> Option<M> {
    M::from_reader(&mut BytesReader::from_bytes(encoded), encoded).ok()
}

fn encode<M: MessageWrite>(message: &M, out: &mut [u8]) -> Option<usize> {
    message.write_message(&mut Writer::new(BytesWriter::new(out))).ok()?;
    Some(message.get_size())
}
