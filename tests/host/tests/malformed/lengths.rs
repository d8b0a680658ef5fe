//! Lengths, varints, keys and field numbers.

use livekit_micro::Malformed::{FieldNumber, Truncated, Varint};

use crate::case::{Case, case, malformed, reads};

const ACK: &str = "livekit.RpcAck"; // request_id = 1
const PACKET: &str = "livekit.DataPacket"; // user = 2, sequence = 16
const USER: &str = "livekit.UserPacket"; // start_time = 9
const TRAILER: &str = "livekit.DataStream.Trailer"; // attributes = 3
const PERMISSION: &str = "livekit.ParticipantPermission"; // can_publish_sources = 9, packed

const ID_A: &[u8] = b"\x0a\x01a";

#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    vec![
        // Lengths past the end: told where the field begins.
        case("a key cut short",                       ACK, b"\x8a",         malformed(Truncated, 0)),
        case("a key of nine bytes cut short",         ACK, b"\x8a\x80\x80\x80\x80\x80\x80\x80\x80", malformed(Truncated, 0)),
        case("a length cut short",                    ACK, b"\x0a\x80",     malformed(Truncated, 0)),
        case("a length of nine bytes cut short",      ACK, b"\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80", malformed(Truncated, 0)),
        case("a length without content",              ACK, b"\x0a\x01",     malformed(Truncated, 0)),
        case("a length past the end",                 ACK, b"\x0a\x05a",    malformed(Truncated, 0)),
        case("a length past the end behind a good field", ACK, b"\x0a\x01a\x0a\x05a", malformed(Truncated, 3)),
        case("a length past the end of an unknown field", ACK, b"\x12\x05a", malformed(Truncated, 0)),
        case("a length past the end of a submessage", PACKET, b"\x12\x05\x12\x01p", malformed(Truncated, 0)),
        case("a length past the end of a packed list", PERMISSION, b"\x4a\x03\x01", malformed(Truncated, 0)),
        case("a length past the end of a map entry",  TRAILER, b"\x1a\x09\x0a\x01k\x12\x01v", malformed(Truncated, 0)),
        // There is nothing to measure then.
        case("a length past the end and over capacity", ACK, b"\x0a\x25a",  malformed(Truncated, 0)),

        // Lengths that end inside what they hold. What is left of the user's payload is a key of
        // the packet, which a borrowed message reads before the user.
        case("a submessage shorter than its field",   PACKET, b"\x12\x02\x12\x01p", malformed(Truncated, 2)).borrowed(malformed(Truncated, 4), None),
        case("a map entry shorter than its value",    TRAILER, b"\x1a\x05\x0a\x01k\x12\x01v", malformed(Truncated, 5)),
        case("a packed list shorter than its number", PERMISSION, b"\x4a\x01\x81\x01", malformed(Truncated, 0)),

        // Lengths near 2^32 and 2^64.
        case("length 2^31 - 1",  ACK, b"\x0a\xff\xff\xff\xff\x07a",   malformed(Truncated, 0)),
        case("length 2^31",      ACK, b"\x0a\x80\x80\x80\x80\x08a",   malformed(Truncated, 0)),
        case("length 2^32 - 1",  ACK, b"\x0a\xff\xff\xff\xff\x0fa",   malformed(Truncated, 0)),
        case("length 2^32",      ACK, b"\x0a\x80\x80\x80\x80\x10",    malformed(Truncated, 0)),
        case("length 2^32 + 1",  ACK, b"\x0a\x81\x80\x80\x80\x10a",   malformed(Truncated, 0)),
        case("length 2^63 + 1",  ACK, b"\x0a\x81\x80\x80\x80\x80\x80\x80\x80\x80\x01a", malformed(Truncated, 0)),
        case("length 2^64 - 1",  ACK, b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a", malformed(Truncated, 0)),
        case("length 2^64 + 1",  ACK, b"\x0a\x81\x80\x80\x80\x80\x80\x80\x80\x80\x02a", malformed(Varint, 0)),
        case("length 2^32 - 1 of an unknown field", ACK, b"\x12\xff\xff\xff\xff\x0fa", malformed(Truncated, 0)),
        case("length 2^64 - 1 of an unknown field", ACK, b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a", malformed(Truncated, 0)),
        case("length 2^32 + 1 of an unknown field", ACK, b"\x12\x81\x80\x80\x80\x10z\x0a\x01a", malformed(Truncated, 0)),
        case("length 2^32 - 1 of a submessage",     PACKET, b"\x12\xff\xff\xff\xff\x0f\x12\x01p", malformed(Truncated, 0)),
        case("length 2^32 + 3 of a submessage",     PACKET, b"\x12\x83\x80\x80\x80\x10\x12\x01p", malformed(Truncated, 0)),
        case("length 2^32 - 1 of a packed list",    PERMISSION, b"\x4a\xff\xff\xff\xff\x0f\x01", malformed(Truncated, 0)),
        case("a length of six bytes that needs one", ACK, b"\x0a\x81\x80\x80\x80\x80\x00a", reads(ID_A)),

        // Varints of nine, ten and eleven bytes.
        case("a number of nine bytes cut short",     USER, b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff", malformed(Truncated, 0)),
        case("a number of ten bytes, 2^64 - 1",      USER, b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", reads(b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")),
        case("a number of ten bytes that needs one", USER, b"\x48\x85\x80\x80\x80\x80\x80\x80\x80\x80\x00", reads(b"\x48\x05")),
        case("a number of ten bytes above 2^64",     USER, b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", malformed(Varint, 0)),
        case("a number of ten bytes, 2^64",          USER, b"\x48\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", malformed(Varint, 0)),
        case("a number of ten bytes cut short",      USER, b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", malformed(Varint, 0)),
        case("an unknown number above 2^64",         ACK, b"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x0a\x01a", malformed(Varint, 0)),
        case("a number of eleven bytes",             USER, b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", malformed(Varint, 0)),
        case("a number of eleven bytes for 32 bits", PACKET, b"\x80\x01\x85\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", malformed(Varint, 0)),
        case("an unknown number of eleven bytes",    ACK, b"\x0a\x01a\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", malformed(Varint, 3)),
        case("a number above 2^64 in a submessage",  PACKET, b"\x12\x0b\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", malformed(Varint, 2)),
        case("a number above 2^64 in a packed list", PERMISSION, b"\x08\x01\x4a\x0b\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", malformed(Varint, 2)),
        case("a length of eleven bytes",             ACK, b"\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", malformed(Varint, 0)),
        case("a key of eleven bytes",                ACK, b"\x8a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00\x01a", malformed(Varint, 0)),
        case("a number that never ends",             USER, [&b"\x48"[..], &[0xff; 1000]].concat(), malformed(Varint, 0)),

        // Keys.
        case("a key of ten bytes that needs one",    ACK, b"\x8a\x80\x80\x80\x80\x80\x80\x80\x80\x00\x01a", reads(ID_A)),
        case("a key above 32 bits",                  ACK, b"\x8a\x80\x80\x80\x10\x01a", malformed(FieldNumber, 0)),
        case("a key of 64 bits",                     ACK, b"\x8a\x80\x80\x80\x80\x80\x80\x80\x80\x01\x01a", malformed(FieldNumber, 0)),
        case("a key above 32 bits in a submessage",  PACKET, b"\x22\x01i\x12\x07\x92\x80\x80\x80\x10\x01p", malformed(FieldNumber, 5)),
        case("the highest field number",             ACK, b"\xfa\xff\xff\xff\x0f\x01z\x0a\x01a", reads(ID_A)),
        case("a field number above the highest",     ACK, b"\x82\x80\x80\x80\x10\x01z\x0a\x01a", malformed(FieldNumber, 0)),

        // Field number 0.
        case("field number 0",                       ACK, b"\x02\x01a", malformed(FieldNumber, 0)),
        case("field number 0 behind a good field",   ACK, b"\x0a\x01a\x00\x00", malformed(FieldNumber, 3)),
        case("field number 0 in two bytes",          ACK, b"\x80\x00\x00", malformed(FieldNumber, 0)),
        case("field number 0 and wire type 7",       ACK, b"\x07", malformed(FieldNumber, 0)),
        case("field number 0 in a submessage",       PACKET, b"\x12\x02\x00\x00", malformed(FieldNumber, 2)),
        case("field number 0 in a map entry",        TRAILER, b"\x1a\x08\x0a\x01k\x12\x01v\x02\x00", malformed(FieldNumber, 8)),
        case("nothing but zeros",                    PACKET, [0; 64], malformed(FieldNumber, 0)),

        // Unknown fields around what is known.
        case("unknown fields of every wire type around", ACK, b"\x10\x05\x11\0\0\0\0\0\0\0\0\x0a\x01a\x12\x02zz\x1b\x08\x01\x1c\x15\0\0\0\0", reads(ID_A)),
        case("an unknown field inside a submessage",     PACKET, b"\x12\x06\xf8\x01\x05\x12\x01p", reads(b"\x12\x03\x12\x01p")),
        case("an unknown member of a oneof",             PACKET, b"\x12\x03\x12\x01p\xa2\x06\x00", reads(b"\x12\x03\x12\x01p")),
        case("an empty frame",                           PACKET, b"", reads(b"")),
    ]
}
