//! Lengths, varints, tags and field numbers.

use livekit_micro::Malformed::{FieldNumber, Length, Truncated, Varint};
use support::documented::Difference::{LongLength, LongTag, LongVarint};

use crate::case::{Case, capacity, case, malformed, reads};

const ACK: &str = "livekit.RpcAck"; // request_id = 1
const PACKET: &str = "livekit.DataPacket"; // user = 2, sequence = 16
const USER: &str = "livekit.UserPacket"; // start_time = 9
const TRAILER: &str = "livekit.DataStream.Trailer"; // attributes = 3
const PERMISSION: &str = "livekit.ParticipantPermission"; // can_publish_sources = 9, packed

const ID_A: &[u8] = b"\x0a\x01a";

#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    vec![
        // Lengths past the end.
        case("a tag cut short",                       ACK, b"\x8a",         malformed(Truncated, 1)),
        case("a length cut short",                    ACK, b"\x0a\x80",     malformed(Truncated, 2)),
        case("a length without content",              ACK, b"\x0a\x01",     malformed(Truncated, 2)),
        case("a length past the end",                 ACK, b"\x0a\x05a",    malformed(Truncated, 3)),
        case("a length past the end of an unknown field", ACK, b"\x12\x05a", malformed(Truncated, 3)),
        case("a length past the end of a submessage", PACKET, b"\x12\x05\x12\x01p", malformed(Truncated, 5)),
        case("a length past the end of a packed list", PERMISSION, b"\x4a\x03\x01", malformed(Truncated, 3)),
        case("a length past the end of a map entry",  TRAILER, b"\x1a\x09\x0a\x01k\x12\x01v", malformed(Truncated, 8)),
        // What does not fit is told first: no more is read.
        case("a length past the end and over capacity", ACK, b"\x0a\x25a",  capacity(2)),

        // Lengths that end inside what they hold.
        case("a submessage shorter than its field",   PACKET, b"\x12\x02\x12\x01p", malformed(Length, 5)),
        case("a map entry shorter than its value",    TRAILER, b"\x1a\x05\x0a\x01k\x12\x01v", malformed(Length, 8)),
        case("a packed list shorter than its number", PERMISSION, b"\x4a\x01\x81\x01", malformed(Length, 4)),

        // Lengths near 2^32 and 2^64: 32 bits are read.
        case("length 2^31 - 1",  ACK, b"\x0a\xff\xff\xff\xff\x07a",   capacity(6)),
        case("length 2^31",      ACK, b"\x0a\x80\x80\x80\x80\x08a",   capacity(6)),
        case("length 2^32 - 1",  ACK, b"\x0a\xff\xff\xff\xff\x0fa",   capacity(6)),
        case("length 2^32",      ACK, b"\x0a\x80\x80\x80\x80\x10",    reads(b"")).differs(LongLength),
        case("length 2^32 + 1",  ACK, b"\x0a\x81\x80\x80\x80\x10a",   reads(ID_A)).differs(LongLength),
        case("length 2^63 + 1",  ACK, b"\x0a\x81\x80\x80\x80\x80\x80\x80\x80\x80\x01a", reads(ID_A)).differs(LongLength),
        case("length 2^64 - 1",  ACK, b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a", capacity(11)),
        case("length 2^64 + 1",  ACK, b"\x0a\x81\x80\x80\x80\x80\x80\x80\x80\x80\x02a", reads(ID_A)).differs(LongLength),
        case("length 2^32 - 1 of an unknown field", ACK, b"\x12\xff\xff\xff\xff\x0fa", malformed(Truncated, 7)),
        case("length 2^64 - 1 of an unknown field", ACK, b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a", malformed(Truncated, 12)),
        case("length 2^32 + 1 of an unknown field", ACK, b"\x12\x81\x80\x80\x80\x10z\x0a\x01a", reads(ID_A)).differs(LongLength),
        case("length 2^32 - 1 of a submessage",     PACKET, b"\x12\xff\xff\xff\xff\x0f\x12\x01p", malformed(Truncated, 9)),
        case("length 2^32 - 1 of a packed list",    PERMISSION, b"\x4a\xff\xff\xff\xff\x0f\x01", malformed(Truncated, 7)),

        // Varints of ten and eleven bytes.
        case("a number of ten bytes, 2^64 - 1",      USER, b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", reads(b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")),
        case("a number of ten bytes that needs one", USER, b"\x48\x85\x80\x80\x80\x80\x80\x80\x80\x80\x00", reads(b"\x48\x05")),
        case("a number of ten bytes above 2^64",     USER, b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", reads(b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")).differs(LongVarint),
        case("a number of ten bytes, 2^64",          USER, b"\x48\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", reads(b"\x48\x00")).differs(LongVarint),
        case("an unknown number above 2^64",         ACK, b"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x0a\x01a", reads(ID_A)).differs(LongVarint),
        case("a number of eleven bytes",             USER, b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", malformed(Varint, 11)),
        case("a number of eleven bytes for 32 bits", PACKET, b"\x80\x01\x85\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", malformed(Varint, 12)),
        case("an unknown number of eleven bytes",    ACK, b"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", malformed(Varint, 11)),
        case("a length of eleven bytes",             ACK, b"\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", malformed(Varint, 11)),
        case("a tag of eleven bytes",                ACK, b"\x8a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00\x01a", malformed(Varint, 10)),
        case("a number that never ends",             USER, [&b"\x48"[..], &[0xff; 1000]].concat(), malformed(Varint, 11)),

        // Tags: 32 bits are read.
        case("a tag of ten bytes that needs one",    ACK, b"\x8a\x80\x80\x80\x80\x80\x80\x80\x80\x00\x01a", reads(ID_A)),
        case("a tag above 32 bits",                  ACK, b"\x8a\x80\x80\x80\x10\x01a", reads(ID_A)).differs(LongTag),
        case("a tag of 64 bits",                     ACK, b"\x8a\x80\x80\x80\x80\x80\x80\x80\x80\x01\x01a", reads(ID_A)).differs(LongTag),
        case("the highest field number",             ACK, b"\xfa\xff\xff\xff\x0f\x01z\x0a\x01a", reads(ID_A)),

        // Field number 0.
        case("field number 0",                       ACK, b"\x02\x01a", malformed(FieldNumber, 1)),
        case("field number 0 behind a good field",   ACK, b"\x0a\x01a\x00\x00", malformed(FieldNumber, 4)),
        case("field number 0 in two bytes",          ACK, b"\x80\x00\x00", malformed(FieldNumber, 2)),
        case("field number 0 and wire type 7",       ACK, b"\x07", malformed(FieldNumber, 1)),
        case("field number 0 in a submessage",       PACKET, b"\x12\x02\x00\x00", malformed(FieldNumber, 3)),
        case("field number 0 in a map entry",        TRAILER, b"\x1a\x08\x0a\x01k\x12\x01v\x02\x00", malformed(FieldNumber, 9)),
        case("nothing but zeros",                    PACKET, [0; 64], malformed(FieldNumber, 1)),

        // Unknown fields around what is known.
        case("unknown fields of every wire type around", ACK, b"\x10\x05\x11\0\0\0\0\0\0\0\0\x0a\x01a\x12\x02zz\x15\0\0\0\0", reads(ID_A)),
        case("an unknown field inside a submessage",     PACKET, b"\x12\x06\xf8\x01\x05\x12\x01p", reads(b"\x12\x03\x12\x01p")),
        case("an unknown member of a oneof",             PACKET, b"\x12\x03\x12\x01p\xa2\x06\x00", reads(b"\x12\x03\x12\x01p")),
        case("an empty frame",                           PACKET, b"", reads(b"")),
    ]
}
