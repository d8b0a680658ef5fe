//! Lists of numbers, packed and not.

use livekit_micro::Malformed::{Truncated, Varint};

use crate::case::{Case, case, malformed, reads, sends};

const PERMISSION: &str = "livekit.ParticipantPermission"; // can_publish = 2, can_publish_sources = 9: enums
const COLUMN: &str = "livekit.AgentDB.Wire.Column"; // ints = 2: sint64, doubles = 3, text_ends = 5: uint32

#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    vec![
        case("a packed list",                   PERMISSION, b"\x4a\x03\x01\x02\x03", sends(b"\x4a\x03\x01\x02\x03")),
        case("a list that is not packed",       PERMISSION, b"\x48\x01\x48\x02\x48\x03", reads(b"\x4a\x03\x01\x02\x03")),
        case("a list in parts, packed and not", PERMISSION, b"\x48\x01\x4a\x02\x02\x03\x4a\x00\x48\x01", reads(b"\x4a\x04\x01\x02\x03\x01")),
        case("a packed list with other fields between", PERMISSION, b"\x4a\x01\x01\x10\x01\x7b\x7c\x4a\x01\x02", reads(b"\x10\x01\x4a\x02\x01\x02")),
        case("a packed list that is empty",     PERMISSION, b"\x4a\x00", reads(b"")),
        case("a packed list that is empty, and then a number", PERMISSION, b"\x4a\x00\x48\x05", reads(b"\x4a\x01\x05")),
        case("a packed list cut inside a number", PERMISSION, b"\x48\x01\x4a\x02\x01\x80", malformed(Truncated, 2)),
        case("a packed list cut inside a number of ten bytes", PERMISSION, b"\x4a\x09\x80\x80\x80\x80\x80\x80\x80\x80\x80", malformed(Truncated, 0)),
        case("a packed list with a number of eleven bytes", PERMISSION, b"\x4a\x0b\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", malformed(Varint, 0)),
        case("a packed list with numbers above 32 bits", PERMISSION, b"\x4a\x06\x81\x80\x80\x80\x10\x02", reads(b"\x4a\x02\x01\x02")),
        case("a number of a list cut short",    PERMISSION, b"\x48\x01\x48", malformed(Truncated, 2)),

        case("packed doubles, -0.0 one of them", COLUMN, b"\x1a\x10\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\xf0\x3f", sends(b"\x1a\x10\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\xf0\x3f")),
        case("doubles that are not packed",     COLUMN, b"\x19\0\0\0\0\0\0\0\x80\x19\0\0\0\0\0\0\xf0\x3f", reads(b"\x1a\x10\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\xf0\x3f")),
        case("doubles packed and not",          COLUMN, b"\x19\0\0\0\0\0\0\0\x80\x1a\x08\0\0\0\0\0\0\xf0\x3f", reads(b"\x1a\x10\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\xf0\x3f")),
        case("packed doubles cut inside the second one", COLUMN, b"\x1a\x0c\0\0\0\0\0\0\0\0\0\0\0\0", malformed(Truncated, 0)),
        case("packed doubles of seven bytes",   COLUMN, b"\x2a\x01\x05\x1a\x07\0\0\0\0\0\0\0", malformed(Truncated, 3)),
        case("packed signs in the lowest bit",  COLUMN, b"\x12\x0c\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", sends(b"\x12\x0c\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")),
        case("a packed list a hundred times, empty", COLUMN, b"\x2a\x00".repeat(100), reads(b"")),
    ]
}
