//! Plain micropb, to be measured.
#![no_std]

use core::hint::black_box;

use micropb::{MessageDecode, MessageEncode, PbEncoder};

#[allow(clippy::all, nonstandard_style, unused)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/livekit.rs"));
}

/// What micropb-gen has made, with the names that prost gives.
pub mod messages {
    pub use super::generated::livekit_::{DataStream_ as data_stream, SipDTMF as SipDtmf, *};
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

fn round_trip<M: MessageDecode + MessageEncode + Default>(
    encoded: &[u8],
    out: &mut [u8],
) -> Option<usize> {
    let mut message = M::default();
    message.decode_from_bytes(encoded).ok()?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    encode(&message, out)
}

fn encode<M: MessageEncode>(message: &M, out: &mut [u8]) -> Option<usize> {
    // micropb 0.7 writes to what implements `PbWrite`; of a slice it is the part not yet written.
    let len = out.len();
    let mut rest = out;
    message.encode(&mut PbEncoder::new(&mut rest)).ok()?;
    Some(len - rest.len())
}
