//! Wrong wire types, for every kind of field: what comes is an unknown field, and skipped. Prost
//! refuses it.

use livekit_micro::Malformed::{Truncated, WireType};
use testkit::documented::Difference;

use crate::case::{Case, case, malformed, reads};

const ACK: &str = "livekit.RpcAck"; // request_id = 1: text
const PACKET: &str = "livekit.DataPacket"; // kind = 1: enum, user = 2, sip_dtmf = 6: members, destination_identities = 5: texts, sequence = 16: number
const USER: &str = "livekit.UserPacket"; // payload = 2: bytes, topic = 4: optional, start_time = 9: optional number
const CHAT: &str = "livekit.ChatMessage"; // deleted = 5: bool
const SAMPLE: &str = "livekit.MetricSample"; // normalized_timestamp = 2: message, value = 3: float
const PARTICIPANT: &str = "livekit.ParticipantInfo"; // tracks = 4: messages
const PERMISSION: &str = "livekit.ParticipantPermission"; // can_publish_sources = 9: packed
const ENCODING: &str = "livekit.EncodingOptions"; // key_frame_interval = 10: double
const TRAILER: &str = "livekit.DataStream.Trailer"; // attributes = 3: map
const RESPONSE: &str = "livekit.RpcResponse"; // payload = 2: text, compressed_payload = 4: bytes, in a oneof
const SCENARIO: &str = "livekit.SimulateScenario"; // speaker_update = 1, node_failure = 2, subscriber_bandwidth = 6, in a oneof
const HANDLES: &str = "livekit.DataTrackSubscriberHandles"; // sub_handles = 1: number to message

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, message, frame, clean) in SKIPPED {
        cases.push(case(name, message, frame, reads(clean)).differs(Difference::WireType));
    }
    cases.extend(others());
    cases
}

#[rustfmt::skip]
const SKIPPED: [(&str, &str, &[u8], &[u8]); 39] = [
    ("text as a varint",               ACK, b"\x08\x01", b""),
    ("text as 64 bits",                ACK, b"\x09\x01a\0\0\0\0\0\0", b""),
    ("text as 32 bits",                ACK, b"\x0d\x01a\0\0", b""),
    ("text as a group",                ACK, b"\x0b\x08\x05\x0c", b""),
    ("a wrong wire type behind a good field", ACK, b"\x0a\x01a\x08\x01", b"\x0a\x01a"),
    ("a good field behind a wrong wire type", ACK, b"\x08\x01\x0a\x01a", b"\x0a\x01a"),
    ("optional text as a varint",      USER, b"\x20\x01", b""),
    ("optional number as bytes",       USER, b"\x4a\x01\x05", b""),
    ("bytes as 64 bits",               USER, b"\x11\x01p\0\0\0\0\0\0", b""),
    ("a number as bytes",              PACKET, b"\x82\x01\x01\x05", b""),
    ("a number as 32 bits",            PACKET, b"\x85\x01\x05\0\0\0", b""),
    ("an enum as 32 bits",             PACKET, b"\x0d\x01\0\0\0", b""),
    ("a bool as bytes",                CHAT, b"\x2a\x00", b""),
    ("a float as a varint",            SAMPLE, b"\x18\x01", b""),
    ("a float as 64 bits",             SAMPLE, b"\x19\0\0\0\0\0\0\0\0", b""),
    ("a double as 32 bits",            ENCODING, b"\x55\0\0\0\0", b""),
    ("a submessage as a varint",       SAMPLE, b"\x10\x05", b""),
    ("a submessage as a varint between its parts", SAMPLE, b"\x12\x02\x08\x05\x10\x05\x12\x02\x10\x06", b"\x12\x04\x08\x05\x10\x06"),
    ("a wrong wire type in a submessage", PACKET, b"\x12\x05\x10\x05\x12\x01p", b"\x12\x03\x12\x01p"),
    ("a list of texts as a varint",    PACKET, b"\x28\x01", b""),
    ("a text of a list as a varint between others", PACKET, b"\x2a\x01a\x28\x01\x2a\x01b", b"\x2a\x01a\x2a\x01b"),
    ("a list of messages as 32 bits",  PARTICIPANT, b"\x25\0\0\0\0", b""),
    ("a message of a list as a varint between others", PARTICIPANT, b"\x22\x00\x20\x05\x22\x00", b"\x22\x00\x22\x00"),
    ("a list of numbers as 32 bits",   PERMISSION, b"\x4d\0\0\0\0", b""),
    ("a number of a list as 64 bits between others", PERMISSION, b"\x48\x01\x49\0\0\0\0\0\0\0\0\x4a\x01\x02", b"\x4a\x02\x01\x02"),

    // A member that is none leaves the oneof as it is.
    ("a member of type message as a varint",     PACKET, b"\x10\x00", b""),
    ("a member of type message as 32 bits",      PACKET, b"\x15\x02\x12\x00\x80", b""),
    ("a member of type message as a group",      PACKET, b"\x13\x14", b""),
    ("another member as a varint behind a member", PACKET, b"\x12\x03\x12\x01p\x30\x05", b"\x12\x03\x12\x01p"),
    ("a member of type text as a varint",        RESPONSE, b"\x10\x01", b""),
    ("a member of type bytes as 64 bits",        RESPONSE, b"\x12\x01p\x21\0\0\0\0\0\0\0\0", b"\x12\x01p"),
    ("a member of type int32 as bytes",          SCENARIO, b"\x0a\x01\x05", b""),
    ("a member of type bool as 32 bits",         SCENARIO, b"\x15\x01\0\0\0", b""),
    ("a member of type int64 as bytes",          SCENARIO, b"\x10\x01\x32\x01\x05", b"\x10\x01"),

    // Of an entry the half that is none is left out.
    ("a key as a varint",              TRAILER, b"\x1a\x05\x08\x01\x12\x01v", b"\x1a\x05\x0a\x00\x12\x01v"),
    ("a value as 32 bits",             TRAILER, b"\x1a\x08\x0a\x01k\x15\x01v\0\0", b"\x1a\x05\x0a\x01k\x12\x00"),
    ("key and value as groups",        TRAILER, b"\x1a\x04\x0b\x0c\x13\x14", b"\x1a\x04\x0a\x00\x12\x00"),
    ("a key that is a number as bytes", HANDLES, b"\x0a\x05\x0a\x01\x05\x12\x00", b"\x0a\x04\x08\x00\x12\x00"),
    ("a value that is a message as a varint", HANDLES, b"\x0a\x09\x08\x05\x10\x00\x12\x03\x0a\x01i", b"\x0a\x07\x08\x05\x12\x03\x0a\x01i"),
];

#[rustfmt::skip]
fn others() -> Vec<Case> {
    let by_map = Difference::MapWireType;
    vec![
        case("text as wire type 6",             ACK, b"\x0e\x01a", malformed(WireType, 0)),
        case("text as wire type 7",             ACK, b"\x0f\x01a", malformed(WireType, 0)),
        case("an unknown field of wire type 6", ACK, b"\x0a\x01a\x16\x01a", malformed(WireType, 3)),
        case("an unknown field of wire type 7", ACK, b"\x17\x01a", malformed(WireType, 0)),
        case("a member as wire type 7",         PACKET, b"\x17\x00", malformed(WireType, 0)),
        case("wire type 6 in a submessage",     PACKET, b"\x12\x01\x16", malformed(WireType, 2)),
        case("wire type 7 in a map entry",      TRAILER, b"\x1a\x07\x0a\x01k\x12\x01v\x1f", malformed(WireType, 8)),
        case("text as 64 bits cut short",       ACK, b"\x09\x01a", malformed(Truncated, 0)),

        // Prost takes all of these for entries.
        case("a map as a varint",               TRAILER, b"\x18\x00", reads(b"")).differs(by_map),
        case("a map as a varint, and an entry", TRAILER, b"\x18\x00\x1a\x06\x0a\x01k\x12\x01v", reads(b"\x1a\x06\x0a\x01k\x12\x01v")).differs(by_map),
        case("a map as a varint behind an entry", TRAILER, b"\x1a\x06\x0a\x01k\x12\x01v\x18\x00", reads(b"\x1a\x06\x0a\x01k\x12\x01v")).differs(by_map),
        case("a map as 32 bits",                TRAILER, b"\x1d\x03\x0a\x01k", reads(b"")).differs(by_map),
        case("a map as a group",                TRAILER, b"\x1b\x1c", reads(b"")).differs(by_map),
        case("a map as 64 bits cut short",      TRAILER, b"\x19\x03\x0a\x01k", malformed(Truncated, 0)).differs(by_map),
    ]
}
