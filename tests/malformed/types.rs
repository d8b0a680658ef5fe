//! Wrong wire types, for every kind of field.

use livekit_micro::Malformed::{Truncated, WireType};
use support::documented::Difference::{EntryWireType, MapWireType, OneofWireType};

use crate::case::{Case, case, malformed, reads};

const ACK: &str = "livekit.RpcAck"; // request_id = 1: text
const PACKET: &str = "livekit.DataPacket"; // kind = 1: enum, user = 2: member, destination_identities = 5: texts, sequence = 16: number
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

const ENTRY: &[u8] = b"\x1a\x06\x0a\x01k\x12\x01v";

#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    let wire_type = |offset| malformed(WireType, offset);
    vec![
        case("text as a varint",               ACK, b"\x08\x01", wire_type(1)),
        case("text as 64 bits",                ACK, b"\x09\x01a\0\0\0\0\0\0", wire_type(1)),
        case("text as 32 bits",                ACK, b"\x0d\x01a\0\0", wire_type(1)),
        case("text as wire type 6",            ACK, b"\x0e\x01a", wire_type(1)),
        case("text as wire type 7",            ACK, b"\x0f\x01a", wire_type(1)),
        case("an unknown field of wire type 6", ACK, b"\x16\x01a", wire_type(1)),
        case("an unknown field of wire type 7", ACK, b"\x17\x01a", wire_type(1)),
        case("optional text as a varint",      USER, b"\x20\x01", wire_type(1)),
        case("optional number as bytes",       USER, b"\x4a\x01\x05", wire_type(1)),
        case("bytes as 64 bits",               USER, b"\x11\x01p\0\0\0\0\0\0", wire_type(1)),
        case("a number as bytes",              PACKET, b"\x82\x01\x01\x05", wire_type(2)),
        case("a number as 32 bits",            PACKET, b"\x85\x01\x05\0\0\0", wire_type(2)),
        case("an enum as 32 bits",             PACKET, b"\x0d\x01\0\0\0", wire_type(1)),
        case("a bool as bytes",                CHAT, b"\x2a\x00", wire_type(1)),
        case("a float as a varint",            SAMPLE, b"\x18\x01", wire_type(1)),
        case("a float as 64 bits",             SAMPLE, b"\x19\0\0\0\0\0\0\0\0", wire_type(1)),
        case("a double as 32 bits",            ENCODING, b"\x55\0\0\0\0", wire_type(1)),
        case("a submessage as a varint",       SAMPLE, b"\x10\x05", wire_type(1)),
        case("a list of texts as a varint",    PACKET, b"\x28\x01", wire_type(1)),
        case("a list of messages as 32 bits",  PARTICIPANT, b"\x25\0\0\0\0", wire_type(1)),
        case("a list of numbers as 32 bits",   PERMISSION, b"\x4d\0\0\0\0", wire_type(1)),
        case("a map as a varint",              TRAILER, b"\x18\x00", wire_type(1)).differs(MapWireType),
        case("a wrong wire type behind a good field", ACK, b"\x0a\x01a\x08\x01", wire_type(4)),

        // Members of a oneof: always read as what the schema says.
        case("a member of type message as an empty varint", PACKET, b"\x10\x00", reads(b"\x12\x00")).differs(OneofWireType),
        case("a member of type message as a varint", PACKET, b"\x10\x03\x12\x01p", reads(b"\x12\x03\x12\x01p")).differs(OneofWireType),
        case("a member of type message as 32 bits",  PACKET, b"\x15\x02\x12\x00\x80", malformed(Truncated, 5)),
        case("a member of type message as a group",  PACKET, b"\x13\x00", reads(b"\x12\x00")).differs(OneofWireType),
        case("a member of type message as wire type 7", PACKET, b"\x17\x00", reads(b"\x12\x00")).differs(OneofWireType),
        case("a member of type text as a varint",    RESPONSE, b"\x10\x01p", reads(b"\x12\x01p")).differs(OneofWireType),
        case("a member of type bytes as 64 bits",    RESPONSE, b"\x21\x01p", reads(b"\x22\x01p")).differs(OneofWireType),
        case("a member of type int32 as bytes",      SCENARIO, b"\x0a\x05", reads(b"\x08\x05")).differs(OneofWireType),
        case("a member of type bool as 32 bits",     SCENARIO, b"\x15\x01", reads(b"\x10\x01")).differs(OneofWireType),
        case("a member of type int64 as bytes",      SCENARIO, b"\x32\x05", reads(b"\x30\x05")).differs(OneofWireType),

        // Keys and values of maps: likewise.
        case("a key as a varint",              TRAILER, b"\x1a\x06\x08\x01k\x12\x01v", reads(ENTRY)).differs(EntryWireType),
        case("a value as 32 bits",             TRAILER, b"\x1a\x06\x0a\x01k\x15\x01v", reads(ENTRY)).differs(EntryWireType),
        case("key and value as groups",        TRAILER, b"\x1a\x06\x0b\x01k\x13\x01v", reads(ENTRY)).differs(EntryWireType),
        case("a key that is a number as bytes", HANDLES, b"\x0a\x04\x0a\x05\x12\x00", reads(b"\x0a\x04\x08\x05\x12\x00")).differs(EntryWireType),
        case("a value that is a message as a varint", HANDLES, b"\x0a\x04\x08\x05\x10\x00", reads(b"\x0a\x04\x08\x05\x12\x00")).differs(EntryWireType),
        case("an unknown field of wire type 7 in a map entry", TRAILER, b"\x1a\x07\x0a\x01k\x12\x01v\x1f", wire_type(9)),
    ]
}
