//! Fields that come again, members of oneofs behind one another, numbers with more bits than fit.

use livekit_micro::Malformed::{Truncated, Utf8};
use testkit::documented::Difference::Replaced;

use crate::case::{Case, case, malformed, reads, sends};

const SAMPLE: &str = "livekit.MetricSample"; // normalized_timestamp = 2, value = 3: float
const PACKET: &str = "livekit.DataPacket"; // kind = 1, user = 2, sip_dtmf = 6, sequence = 16
const EGRESS: &str = "livekit.RoomCompositeEgressRequest"; // file = 6, stream = 7 or segments = 10; preset = 8 or advanced = 9
const CHAT: &str = "livekit.ChatMessage"; // deleted = 5
const ENCODING: &str = "livekit.EncodingOptions"; // key_frame_interval = 10: double
const USER: &str = "livekit.UserPacket"; // topic = 4, start_time = 9: both optional
const THRESHOLDS: &str = "livekit.agent.SessionCreated"; // default_thresholds = 1: text to float
const VALUE: &str = "google.protobuf.Value"; // number = 2

pub fn cases() -> Vec<Case> {
    [again(), oneofs(), replaced(), numbers()].concat()
}

#[rustfmt::skip]
fn again() -> Vec<Case> {
    vec![
        case("a submessage in two parts",       SAMPLE, b"\x12\x02\x08\x05\x12\x02\x10\x06", reads(b"\x12\x04\x08\x05\x10\x06")),
        case("a submessage in two parts with another field between", SAMPLE, b"\x12\x02\x08\x05\x1d\0\0\x80\x3f\x12\x02\x10\x06", reads(b"\x12\x04\x08\x05\x10\x06\x1d\0\0\x80\x3f")),
        case("a submessage and then an empty one", SAMPLE, b"\x12\x02\x08\x05\x12\x00", reads(b"\x12\x02\x08\x05")),
        case("a submessage twice",              SAMPLE, b"\x12\x02\x08\x05\x12\x02\x08\x06", reads(b"\x12\x02\x08\x06")),
        case("a submessage a thousand times",   SAMPLE, b"\x12\x02\x08\x05".repeat(1000), reads(b"\x12\x02\x08\x05")),
        case("a submessage whose second part is wrong", SAMPLE, b"\x12\x02\x08\x05\x12\x01\x10", malformed(Truncated, 6)),
        case("a number that comes again as 0",  PACKET, b"\x80\x01\x05\x80\x01\x00", sends(b"")),
        case("optional fields that come again as empty and 0", USER, b"\x22\x01t\x48\x05\x22\x00\x48\x00", sends(b"\x22\x00\x48\x00")),
    ]
}

#[rustfmt::skip]
fn oneofs() -> Vec<Case> {
    vec![
        case("a member in two parts",           PACKET, b"\x12\x03\x12\x01p\x12\x03\x22\x01t", reads(b"\x12\x06\x12\x01p\x22\x01t")),
        case("a member, another and the first again", PACKET, b"\x12\x03\x12\x01p\x32\x02\x18\x05\x12\x03\x22\x01t", reads(b"\x12\x03\x22\x01t")),
        case("a member in two parts, another and the first in two parts", PACKET, b"\x12\x03\x12\x01p\x12\x00\x32\x00\x12\x03\x22\x01t\x08\x01\x12\x03\x0a\x01i", reads(b"\x08\x01\x12\x06\x22\x01t\x0a\x01i")),
        case("two members of a oneof",          PACKET, b"\x12\x03\x12\x01p\x32\x02\x18\x05", reads(b"\x32\x02\x18\x05")),
        case("a member that is a message behind a number", EGRESS, b"\x40\x01\x4a\x02\x08\x05", sends(b"\x4a\x02\x08\x05")),
        case("a member that is a number behind a message", EGRESS, b"\x4a\x02\x08\x05\x40\x00", sends(b"\x40\x00")),
        case("two oneofs in one message",       EGRESS, b"\x32\x00\x4a\x02\x08\x05", sends(b"\x32\x00\x4a\x02\x08\x05")),
        case("two oneofs, the last one first",  EGRESS, b"\x4a\x02\x08\x05\x32\x00", sends(b"\x32\x00\x4a\x02\x08\x05")),
        case("two oneofs, of each another member", EGRESS, b"\x32\x00\x40\x01\x3a\x00\x4a\x00", sends(b"\x3a\x00\x4a\x00")),
        case("two oneofs, a member of each in two parts", EGRESS, b"\x32\x03\x12\x01f\x4a\x02\x08\x05\x32\x02\x08\x01\x4a\x02\x10\x06", reads(b"\x32\x05\x12\x01f\x08\x01\x4a\x04\x08\x05\x10\x06")),
        case("two oneofs, of one a member, another and the first again", EGRESS, b"\x32\x03\x12\x01f\x4a\x02\x08\x05\x52\x00\x32\x02\x08\x01\x4a\x02\x10\x06", reads(b"\x32\x02\x08\x01\x4a\x04\x08\x05\x10\x06")),
    ]
}

/// What is wrong in a member that another one replaced.
#[rustfmt::skip]
fn replaced() -> Vec<Case> {
    let unread = |name, frame: &[u8], refused, clean: &[u8]| case(name, PACKET, frame, refused).borrowed(reads(clean), Some(Replaced));
    vec![
        unread("a replaced member that is cut short", b"\x12\x01\x0a\x32\x02\x18\x05", malformed(Truncated, 2), b"\x32\x02\x18\x05"),
        unread("a replaced member with bad text", b"\x12\x03\x22\x01\xff\x32\x02\x18\x05", malformed(Utf8, 4), b"\x32\x02\x18\x05"),
        unread("a replaced member, a wrong part of it and the other", b"\x12\x03\x22\x01t\x12\x01\x0a\x32\x00", malformed(Truncated, 7), b"\x32\x00"),
        unread("a wrong member, another and the first again", b"\x12\x01\x0a\x32\x00\x12\x03\x12\x01p", malformed(Truncated, 2), b"\x12\x03\x12\x01p"),
        case("a wrong member and the same again", PACKET, b"\x12\x01\x0a\x12\x00", malformed(Truncated, 2)),
        case("a wrong member behind one that it replaced", PACKET, b"\x32\x00\x12\x01\x0a", malformed(Truncated, 4)),
    ]
}

#[rustfmt::skip]
fn numbers() -> Vec<Case> {
    let negative = |name, message, frame: &[u8]| case(name, message, frame, sends(frame));
    vec![
        case("true as 2^31",                    CHAT, b"\x28\x80\x80\x80\x80\x08", sends(b"\x28\x01")),
        case("true as 2^32",                    CHAT, b"\x28\x80\x80\x80\x80\x10", sends(b"\x28\x01")),
        case("true as 2^63",                    CHAT, b"\x28\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", sends(b"\x28\x01")),
        case("an enum number above 32 bits",    PACKET, b"\x08\x81\x80\x80\x80\x10", sends(b"\x08\x01")),
        case("a number of 32 bits with 64",     PACKET, b"\x80\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", sends(b"\x80\x01\xff\xff\xff\xff\x0f")),

        // Equal to 0, and yet not the default.
        negative("-0.0 as a float",             SAMPLE, b"\x1d\0\0\0\x80"),
        negative("-0.0 as a double",            ENCODING, b"\x51\0\0\0\0\0\0\0\x80"),
        negative("-0.0 in a map",               THRESHOLDS, b"\x0a\x08\x0a\x01k\x15\0\0\0\x80"),
        negative("-0.0 in a Value",             VALUE, b"\x11\0\0\0\0\0\0\0\x80"),
        case("-0.0 and then 0.0",               SAMPLE, b"\x1d\0\0\0\x80\x1d\0\0\0\0", sends(b"")),
    ]
}
