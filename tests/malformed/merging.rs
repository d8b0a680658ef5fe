//! Fields that come again, entries of maps in any order and shape, numbers with more bits than fit.

use crate::case::{Case, case, reads};

const SAMPLE: &str = "livekit.MetricSample"; // normalized_timestamp = 2
const PACKET: &str = "livekit.DataPacket"; // kind = 1, user = 2, sip_dtmf = 6, sequence = 16
const TRAILER: &str = "livekit.DataStream.Trailer"; // attributes = 3: text to text
const HANDLES: &str = "livekit.DataTrackSubscriberHandles"; // sub_handles = 1: number to message
const CHAT: &str = "livekit.ChatMessage"; // deleted = 5
const PERMISSION: &str = "livekit.ParticipantPermission"; // can_publish_sources = 9, packed

const ENTRY: &[u8] = b"\x1a\x06\x0a\x01k\x12\x01v";

#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    vec![
        case("a submessage in two parts",       SAMPLE, b"\x12\x02\x08\x05\x12\x02\x10\x06", reads(b"\x12\x04\x08\x05\x10\x06")),
        case("a submessage and then an empty one", SAMPLE, b"\x12\x02\x08\x05\x12\x00", reads(b"\x12\x02\x08\x05")),
        case("a submessage twice",              SAMPLE, b"\x12\x02\x08\x05\x12\x02\x08\x06", reads(b"\x12\x02\x08\x06")),
        case("a submessage a thousand times",   SAMPLE, b"\x12\x02\x08\x05".repeat(1000), reads(b"\x12\x02\x08\x05")),
        case("a member in two parts",           PACKET, b"\x12\x03\x12\x01p\x12\x03\x22\x01t", reads(b"\x12\x06\x12\x01p\x22\x01t")),
        case("a member in two parts with another between", PACKET, b"\x12\x03\x12\x01p\x32\x02\x18\x05\x12\x03\x22\x01t", reads(b"\x12\x03\x22\x01t")),
        case("two members of a oneof",          PACKET, b"\x12\x03\x12\x01p\x32\x02\x18\x05", reads(b"\x32\x02\x18\x05")),
        case("a list in parts, packed and not", PERMISSION, b"\x48\x01\x4a\x02\x02\x03\x4a\x00\x48\x01", reads(b"\x4a\x04\x01\x02\x03\x01")),

        case("an entry, key first",             TRAILER, ENTRY, reads(ENTRY)),
        case("an entry, value first",           TRAILER, b"\x1a\x06\x12\x01v\x0a\x01k", reads(ENTRY)),
        case("an entry among unknown fields",   TRAILER, b"\x28\x01\x1a\x0c\x18\x01\x0a\x01k\x22\x00\x12\x01v\x18\x02\x25\0\0\0\0", reads(ENTRY)),
        case("an entry with two keys",          TRAILER, b"\x1a\x09\x0a\x01j\x12\x01v\x0a\x01k", reads(ENTRY)),
        case("an entry with two values",        TRAILER, b"\x1a\x09\x12\x01u\x0a\x01k\x12\x01v", reads(ENTRY)),
        case("an entry with a value in two parts", HANDLES, b"\x0a\x0c\x12\x03\x0a\x01i\x08\x05\x12\x03\x12\x01s", reads(b"\x0a\x0a\x08\x05\x12\x06\x0a\x01i\x12\x01s")),
        case("two entries of one key",          TRAILER, b"\x1a\x06\x0a\x01k\x12\x01u\x1a\x06\x0a\x01k\x12\x01v", reads(ENTRY)),
        case("an entry with empty halves",      TRAILER, b"\x1a\x04\x0a\x00\x12\x00", reads(b"\x1a\x04\x0a\x00\x12\x00")),

        case("an entry without value",          TRAILER, b"\x1a\x03\x0a\x01k", reads(b"\x1a\x05\x0a\x01k\x12\x00")),
        case("an entry without key",            TRAILER, b"\x1a\x03\x12\x01v", reads(b"\x1a\x05\x0a\x00\x12\x01v")),
        case("an entry without either",         TRAILER, b"\x1a\x00", reads(b"\x1a\x04\x0a\x00\x12\x00")),
        case("an entry without value for a key that is there", TRAILER, [ENTRY, b"\x1a\x03\x0a\x01k"].concat(), reads(b"\x1a\x05\x0a\x01k\x12\x00")),
        case("an entry without a value that is a message", HANDLES, b"\x0a\x02\x08\x05", reads(b"\x0a\x04\x08\x05\x12\x00")),

        case("true as 2^31",                    CHAT, b"\x28\x80\x80\x80\x80\x08", reads(b"\x28\x01")),
        case("true as 2^32",                    CHAT, b"\x28\x80\x80\x80\x80\x10", reads(b"\x28\x01")),
        case("an enum number above 32 bits",    PACKET, b"\x08\x81\x80\x80\x80\x10", reads(b"\x08\x01")),
        case("a number of 32 bits with 64",     PACKET, b"\x80\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", reads(b"\x80\x01\xff\xff\xff\xff\x0f")),
        case("true as 2^63",                    CHAT, b"\x28\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", reads(b"\x28\x01")),
    ]
}
