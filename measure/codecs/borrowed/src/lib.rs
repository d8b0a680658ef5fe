//! `livekit_micro::borrowed`, to be measured.
#![no_std]

use core::hint::black_box;

use livekit_micro::borrowed::*;
use livekit_micro::{
    Decode, Encode, MapView, Reader, Repeated, RepeatedMessages, Submessage, decode_into, to_slice,
};

pub mod packet;
pub mod publish;
pub mod pull;
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

/// Each message of the family, of rooms and of signalling by itself.
pub mod all {
    #[inline(never)]
    pub fn round_trip(which: usize, encoded: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::*;
        measure_messages::all!(which, round_trip(encoded, out))
    }
}

/// Messages that are a oneof and nothing else; their submessages stay encoded.
pub mod cases {
    use super::*;

    #[inline(never)]
    pub fn request(encoded: &[u8], out: &mut [u8]) -> Option<usize> {
        round_trip::<SignalRequest>(encoded, out)
    }

    #[inline(never)]
    pub fn response(encoded: &[u8], out: &mut [u8]) -> Option<usize> {
        round_trip::<SignalResponse>(encoded, out)
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

/// The types of which a firmware has many.
pub const SIZES: [(&str, usize); 7] = [
    ("SignalResponse", size_of::<SignalResponse>()),
    ("UserPacket", size_of::<UserPacket>()),
    ("Submessage", size_of::<Submessage<UserPacket>>()),
    ("Repeated", size_of::<Repeated<&str>>()),
    ("RepeatedMessages", size_of::<RepeatedMessages<TranscriptionSegment>>()),
    ("MapView", size_of::<MapView<&str, &str>>()),
    ("Reader", size_of::<Reader>()),
];
