//! What the targets share: which message an input is about.
//!
//! testkit comes without its feature `full`: the whole schema takes minutes to build with a sanitizer.

pub mod frames;
pub mod messages;
pub mod peer;

use testkit::peer::{BORROWED, OWNED, Peer, find};
use testkit::reading::Family;

/// What the first byte of an input picks, if it is below their number; above it, any message. The
/// corpus is made for this order.
pub const CHOSEN: [&str; 5] = [
    "livekit.DataPacket",
    "livekit.SignalRequest",
    "livekit.SignalResponse",
    "livekit.ParticipantInfo",
    "google.protobuf.Struct",
];

/// The message that the first byte of `input` picks, in both families, and the frame behind it.
pub fn pick(input: &[u8]) -> Option<([(Family, &'static Peer); 2], &[u8])> {
    let (&byte, frame) = input.split_first()?;
    let index = usize::from(byte);
    let name = match CHOSEN.get(index) {
        Some(name) => name,
        None => OWNED[(index - CHOSEN.len()) % OWNED.len()].name,
    };
    let both = [(Family::Owned, find(OWNED, name)?), (Family::Borrowed, find(BORROWED, name)?)];
    Some((both, frame))
}
