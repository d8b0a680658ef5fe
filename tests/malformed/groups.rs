//! Groups: protobuf gave them up, and this crate refuses them all.

use livekit_micro::Malformed::{Group, WireType};
use support::documented::Difference;

use crate::case::{Case, case, malformed};

const ACK: &str = "livekit.RpcAck"; // request_id = 1
const PACKET: &str = "livekit.DataPacket"; // user = 2
const TRAILER: &str = "livekit.DataStream.Trailer"; // attributes = 3

#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    let refused = |name, message, frame: &[u8], offset| case(name, message, frame, malformed(Group, offset));
    // Prost skips unknown groups that are in order.
    let skipped = |name, message, frame: &[u8], offset| refused(name, message, frame, offset).differs(Difference::Group);
    vec![
        skipped("an empty group",               ACK, b"\x13\x14", 1),
        skipped("a group with fields",          ACK, b"\x13\x08\x05\x12\x01z\x14\x0a\x01a", 1),
        skipped("a group in a group",           ACK, b"\x13\x1b\x1c\x14", 1),
        skipped("a group behind a good field",  ACK, b"\x0a\x01a\x13\x14", 4),
        skipped("a group in a submessage",      PACKET, b"\x12\x04\xfb\x01\xfc\x01", 4),
        skipped("a group in a map entry",       TRAILER, b"\x1a\x08\x0a\x01k\x12\x01v\x1b\x1c", 9),
        skipped("90 groups in one another",     ACK, &[[0x13; 90], [0x14; 90]].concat(), 1),
        refused("1000 groups in one another",   ACK, &[[0x13; 1000], [0x14; 1000]].concat(), 1),
        refused("a million groups unclosed",    ACK, &vec![0x13; 1_000_000], 1),
        refused("a group unclosed",             ACK, b"\x13", 1),
        refused("a group unclosed in a group",  ACK, b"\x13\x1b\x14", 1),
        refused("a group closed by another",    ACK, b"\x13\x1c", 1),
        refused("groups closed crosswise",      ACK, b"\x13\x1b\x14\x1c", 1),
        refused("a group closed but not opened", ACK, b"\x14", 1),
        refused("a group closed by the frame around it", PACKET, b"\x12\x02\xfb\x01\xfc\x01", 4),
        case("a text as a group", ACK, b"\x0b\x0c", malformed(WireType, 1)),
        case("a text as the end of a group", ACK, b"\x0c", malformed(WireType, 1)),
    ]
}
