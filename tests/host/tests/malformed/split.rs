//! Submessages in two parts that both have the same list, map or submessage: an owned message
//! merges it, a borrowed one has no place to remember where both are.

use livekit_micro::Malformed::SplitSubmessage;
use testkit::documented::Difference;

use crate::case::{Case, Outcome, case, malformed, reads, sends};

// metrics = 8: normalized_timestamp = 2, str_data = 3, time_series = 4: samples = 4; stream_header = 13: text_header
// = 9 or byte_header = 10; stream_trailer = 15: attributes = 3; transcription = 7: segments = 4
const PACKET: &str = "livekit.DataPacket";
const PARTICIPANT: &str = "livekit.ParticipantInfo"; // permission = 11: can_publish_sources = 9
const SUMMARY: &str = "livekit.SimulationRunSummary"; // chat_history = 6: text to ChatContext, items = 1

pub fn cases() -> Vec<Case> {
    [refused(), merged()].concat()
}

#[rustfmt::skip]
fn refused() -> Vec<Case> {
    let split = |name, message, frame: &[u8], merged: Outcome, offset| {
        case(name, message, frame, merged).borrowed(malformed(SplitSubmessage, offset), Some(Difference::Split))
    };
    vec![
        split("a list of messages in both parts", PACKET, b"\x3a\x02\x22\x00\x3a\x02\x22\x00", reads(b"\x3a\x04\x22\x00\x22\x00"), 6),
        split("a list of texts in both parts",    PACKET, b"\x42\x03\x1a\x01a\x42\x03\x1a\x01b", reads(b"\x42\x06\x1a\x01a\x1a\x01b"), 7),
        split("a list of texts in the first and third part", PACKET, b"\x42\x03\x1a\x01a\x42\x00\x42\x03\x1a\x01b", reads(b"\x42\x06\x1a\x01a\x1a\x01b"), 9),
        split("a packed list in both parts",      PARTICIPANT, b"\x5a\x03\x4a\x01\x01\x5a\x03\x4a\x01\x02", reads(b"\x5a\x04\x4a\x02\x01\x02"), 7),
        split("a packed list in one part, the same not packed in the other", PARTICIPANT, b"\x5a\x03\x4a\x01\x01\x5a\x02\x48\x02", reads(b"\x5a\x04\x4a\x02\x01\x02"), 7),
        split("an empty packed list in both parts", PARTICIPANT, b"\x5a\x02\x4a\x00\x5a\x02\x4a\x00", reads(b"\x5a\x00"), 6),
        split("a map in both parts",              PACKET, b"\x7a\x08\x1a\x06\x0a\x01j\x12\x01u\x7a\x08\x1a\x06\x0a\x01k\x12\x01v", reads(b"\x7a\x10\x1a\x06\x0a\x01j\x12\x01u\x1a\x06\x0a\x01k\x12\x01v"), 12),
        split("a submessage in both parts",       PACKET, b"\x42\x04\x12\x02\x08\x05\x42\x04\x12\x02\x10\x06", reads(b"\x42\x06\x12\x04\x08\x05\x10\x06"), 8),
        split("a submessage twice in one part, again in the other", PACKET, b"\x42\x08\x12\x02\x08\x05\x12\x02\x10\x06\x42\x04\x12\x02\x08\x07", reads(b"\x42\x06\x12\x04\x08\x07\x10\x06"), 12),
        split("an empty submessage in both parts", PACKET, b"\x42\x02\x12\x00\x42\x02\x12\x00", reads(b"\x42\x02\x12\x00"), 6),
        split("a submessage in both parts with another field between", PACKET, b"\x42\x02\x12\x00\x08\x01\x42\x02\x12\x00", reads(b"\x08\x01\x42\x02\x12\x00"), 8),
        split("a member in both parts",           PACKET, b"\x6a\x02\x4a\x00\x6a\x02\x4a\x00", reads(b"\x6a\x02\x4a\x00"), 6),
        // Told before it is seen to be replaced.
        split("a member in both parts, and then another", PACKET, b"\x6a\x02\x4a\x00\x6a\x04\x4a\x00\x52\x00", reads(b"\x6a\x02\x52\x00"), 6),
        split("a list in both parts of a map's value", SUMMARY, b"\x32\x08\x12\x02\x0a\x00\x12\x02\x0a\x00", reads(b"\x32\x06\x12\x04\x0a\x00\x0a\x00"), 8),
    ]
}

#[rustfmt::skip]
fn merged() -> Vec<Case> {
    vec![
        case("a list in one of two parts",        PACKET, b"\x3a\x03\x1a\x01t\x3a\x02\x22\x00", reads(b"\x3a\x05\x1a\x01t\x22\x00")),
        case("a list in one part, a submessage in the other", PACKET, b"\x42\x03\x1a\x01a\x42\x04\x12\x02\x10\x06", reads(b"\x42\x07\x12\x02\x10\x06\x1a\x01a")),
        case("a list twice in one of two parts",  PACKET, b"\x42\x06\x1a\x01a\x1a\x01b\x42\x02\x08\x05", reads(b"\x42\x08\x08\x05\x1a\x01a\x1a\x01b")),
        case("a submessage twice in one of two parts", PACKET, b"\x42\x08\x12\x02\x08\x05\x12\x02\x10\x06\x42\x02\x08\x05", reads(b"\x42\x08\x08\x05\x12\x04\x08\x05\x10\x06")),
        case("a list in both parts, in one as another wire type", PACKET, b"\x42\x03\x1a\x01a\x42\x02\x18\x05", reads(b"\x42\x03\x1a\x01a")).differs(Difference::WireType),
        case("a member in one part, another in the other", PACKET, b"\x6a\x02\x4a\x00\x6a\x02\x52\x00", reads(b"\x6a\x02\x52\x00")),
        case("a member in one part, in the other another and the first again", PACKET, b"\x6a\x04\x4a\x02\x08\x01\x6a\x04\x52\x00\x4a\x00", reads(b"\x6a\x02\x4a\x00")),
        case("a list in two messages of a list",  PACKET, b"\x42\x08\x22\x02\x22\x00\x22\x02\x22\x00", sends(b"\x42\x08\x22\x02\x22\x00\x22\x02\x22\x00")),
        case("a member with a list, another, and the first with a list", PACKET, b"\x42\x03\x1a\x01a\x32\x00\x42\x03\x1a\x01b", reads(b"\x42\x03\x1a\x01b")),
    ]
}
