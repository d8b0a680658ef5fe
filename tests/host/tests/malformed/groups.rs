//! Groups: protobuf gave them up, and no schema of today has one. Unknown ones are skipped.

use livekit_micro::Malformed::{FieldNumber, Group, Nesting, Truncated, Varint, WireType};
use testkit::documented::Difference;

use crate::case::{Case, case, malformed, reads};

const ACK: &str = "livekit.RpcAck"; // request_id = 1
const PACKET: &str = "livekit.DataPacket"; // user = 2
const TRAILER: &str = "livekit.DataStream.Trailer"; // attributes = 3

/// Groups in one another.
fn groups(depth: usize) -> Vec<u8> {
    [vec![0x13; depth], vec![0x14; depth]].concat()
}

#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    let deep = |depth: usize| case(format!("{depth} groups in one another"), ACK, groups(depth), malformed(Nesting, 16));
    vec![
        case("an empty group",               ACK, b"\x13\x14", reads(b"")),
        case("a group with fields",          ACK, b"\x13\x08\x05\x12\x01z\x1d\0\0\0\0\x21\0\0\0\0\0\0\0\0\x14\x0a\x01a", reads(b"\x0a\x01a")),
        case("a group in a group",           ACK, b"\x13\x1b\x1c\x14", reads(b"")),
        case("a group in a group of the same number", ACK, b"\x13\x13\x14\x14", reads(b"")),
        case("two groups in a group",        ACK, b"\x13\x1b\x1c\x1b\x1c\x14", reads(b"")),
        case("a group behind a good field",  ACK, b"\x0a\x01a\x13\x14", reads(b"\x0a\x01a")),
        case("a group in a submessage",      PACKET, b"\x12\x04\xfb\x01\xfc\x01", reads(b"\x12\x00")),
        case("a group in a map entry",       TRAILER, b"\x1a\x0a\x0a\x01k\x1b\x1c\x12\x01v\x1b\x1c", reads(b"\x1a\x06\x0a\x01k\x12\x01v")),
        case("a group with a field of the schema in it", ACK, b"\x13\x0a\x01b\x14", reads(b"")),

        case("16 groups in one another",     ACK, groups(16), reads(b"")),
        deep(17).differs(Difference::Nesting),
        deep(90).differs(Difference::Nesting),
        deep(1000),
        case("17 groups in one another, in a submessage", PACKET, [b"\x12\x22".to_vec(), vec![0x7b; 17], vec![0x7c; 17]].concat(), malformed(Nesting, 18)).differs(Difference::Nesting),
        case("a million groups unclosed",    ACK, vec![0x13; 1_000_000], malformed(Nesting, 16)),

        // What is cut short is told where it begins.
        case("a group unclosed",             ACK, b"\x13", malformed(Truncated, 0)),
        case("a group unclosed behind a good field", ACK, b"\x0a\x01a\x13\x08\x05", malformed(Truncated, 3)),
        case("a group unclosed around another", ACK, b"\x13\x1b\x1c", malformed(Truncated, 0)),
        case("a group unclosed in a group",  ACK, b"\x13\x1b\x14", malformed(Group, 2)),
        case("a group closed by another",    ACK, b"\x13\x1c", malformed(Group, 1)),
        case("groups closed crosswise",      ACK, b"\x13\x1b\x14\x1c", malformed(Group, 2)),
        case("a group closed but not opened", ACK, b"\x14", malformed(Group, 0)),
        case("a group closed twice",         ACK, b"\x13\x14\x14", malformed(Group, 2)),
        case("a text as the end of a group", ACK, b"\x0c", malformed(Group, 0)),
        case("a group unclosed in a map entry", TRAILER, b"\x1a\x04\x0a\x01k\x1b", malformed(Truncated, 5)),
        // A borrowed packet is read to its end before its user is.
        case("a group closed by the frame around it", PACKET, b"\x12\x02\xfb\x01\xfc\x01", malformed(Truncated, 2)).borrowed(malformed(Group, 4), None),

        case("field number 0 in a group",    ACK, b"\x13\x00\x00\x14", malformed(FieldNumber, 1)),
        case("a key above 32 bits in a group", ACK, b"\x13\x8a\x80\x80\x80\x10\x00\x14", malformed(FieldNumber, 1)),
        case("wire type 6 in a group",       ACK, b"\x13\x08\x05\x16\x14", malformed(WireType, 3)),
        case("a length past the end in a group", ACK, b"\x13\x0a\x05\x14", malformed(Truncated, 1)),
        case("a length of 2^32 in a group",  ACK, b"\x13\x0a\x80\x80\x80\x80\x10\x14", malformed(Truncated, 1)),
        case("a number above 2^64 in a group", ACK, b"\x13\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x14", malformed(Varint, 1)),
    ]
}
