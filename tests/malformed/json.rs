//! `Struct`, `Value` and `ListValue`, which can be nested in one another without end and keep their
//! bytes as they came.

use livekit_micro::Malformed::{FieldNumber, Group, Nesting, Truncated, Varint, WireType};
use support::documented::Difference::{
    self, JsonDepth, JsonGroup, JsonVarint, LongTag, MapWireType,
};

use crate::case::{Case, capacity, case, field, malformed, reads};

const STRUCT: &str = "google.protobuf.Struct"; // fields = 1: text to Value
const VALUE: &str = "google.protobuf.Value"; // null = 1, number = 2, string = 3, bool = 4, struct = 5, list = 6
const LIST: &str = "google.protobuf.ListValue"; // values = 1: Value

/// Values in one another, `depth` of them in the outermost one, in lists.
fn lists(depth: usize) -> Vec<u8> {
    (0..depth).fold(Vec::new(), |inside, _| field(0x32, &field(0x0a, &inside)))
}

/// The same in objects.
fn objects(depth: usize) -> Vec<u8> {
    (0..depth).fold(Vec::new(), |inside, _| field(0x2a, &field(0x0a, &field(0x12, &inside))))
}

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, nested) in [("lists", &lists as &dyn Fn(usize) -> Vec<u8>), ("objects", &objects)] {
        let (full, over) = (nested(16), nested(17));
        cases.push(case(format!("16 {name} in one another"), VALUE, &full, reads(&full)));
        let refused = malformed(Nesting, over.len());
        let over = case(format!("17 {name} in one another"), VALUE, over, refused);
        cases.push(over.differs(JsonDepth));
        // Prost has enough of them too, at 50; long before their end they are over capacity.
        for depth in [60, 1000, 10_000] {
            let name = format!("{depth} {name} in one another");
            let frame = nested(depth);
            let length = frame.iter().skip(1).take_while(|&&byte| byte > 0x7f).count() + 2;
            let ours = match depth {
                60 => malformed(Nesting, frame.len()),
                _ => capacity(length),
            };
            cases.push(case(name, VALUE, frame, ours));
        }
    }
    let message = field(0x0a, &field(0x0a, &field(0x12, &lists(17)))); // DebugMessage.payload = 1
    let refused = malformed(Nesting, message.len());
    let bomb = case("a bomb in a message", "livekit.agent.DebugMessage", message, refused);
    cases.push(bomb.differs(JsonDepth));
    cases.extend(shapes());
    cases
}

#[rustfmt::skip]
fn shapes() -> [Case; 23] {
    let kept = |name, message, frame: &[u8]| case(name, message, frame, reads(frame));
    [
        // Told when all of the outermost field has been read.
        case("a field of a Struct as a varint",   STRUCT, b"\x08\x01", malformed(WireType, 2)),
        case("a field of a Struct as 64 bits",    STRUCT, b"\x09\x00", malformed(Truncated, 2)).differs(MapWireType),
        case("a key of a Struct as a varint",     STRUCT, b"\x0a\x02\x08\x01", malformed(WireType, 4)),
        case("a value of a Struct as a varint",   STRUCT, b"\x0a\x02\x10\x00", malformed(WireType, 4)),
        case("a number as a varint",              VALUE, b"\x10\x01", malformed(WireType, 2)),
        case("a null as bytes",                   VALUE, b"\x0a\x00", malformed(WireType, 2)),
        case("a number cut short",                STRUCT, b"\x0a\x06\x12\x04\x11\0\0\0", malformed(Truncated, 8)),
        case("a value longer than its entry",     STRUCT, b"\x0a\x02\x12\x01", malformed(Truncated, 4)),
        case("an entry longer than its Struct",   STRUCT, b"\x0a\x03\x12\x01", malformed(Truncated, 4)),
        case("field number 0 in a Struct",        STRUCT, b"\x02\x00", malformed(FieldNumber, 1)),
        case("field number 0 in a value",         STRUCT, b"\x0a\x04\x12\x02\x00\x00", malformed(FieldNumber, 6)),
        case("a tag above 32 bits in a Struct",   STRUCT, b"\x8a\x80\x80\x80\x10\x02\x12\x00", reads(b"\x0a\x02\x12\x00")).differs(LongTag),
        case("a tag above 32 bits in a value",    STRUCT, b"\x0a\x08\x12\x06\xa0\x80\x80\x80\x10\x01", malformed(Truncated, 10)),
        case("a bool of eleven bytes",            VALUE, b"\x20\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", malformed(Varint, 11)),
        case("a bool above 64 bits in a value",   STRUCT, b"\x0a\x0d\x12\x0b\x20\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", reads(b"\x0a\x0d\x12\x0b\x20\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02")).differs(JsonVarint),
        case("a group in a Struct",               STRUCT, b"\x13\x14", malformed(Group, 1)).differs(Difference::Group),
        case("a group in a value",                STRUCT, b"\x0a\x04\x12\x02\x3b\x3c", malformed(Truncated, 6)).differs(JsonGroup),

        kept("a true as 2^32 in a value",         STRUCT, b"\x0a\x08\x12\x06\x20\x80\x80\x80\x80\x10"),
        kept("an entry of a Struct without value", STRUCT, b"\x0a\x03\x0a\x01k"),
        kept("an entry of a Struct, value first", STRUCT, b"\x0a\x07\x12\x02\x08\x00\x0a\x01k"),
        kept("a value with two members",          VALUE, b"\x20\x01\x1a\x01s"),
        // Prost merges them; `Value::get` finds the last one, and both are sent on.
        kept("a value with two objects",          VALUE, b"\x2a\x05\x0a\x03\x0a\x01j\x2a\x05\x0a\x03\x0a\x01k"),
        kept("a list with unknown fields",        LIST, b"\x10\x01\x0a\x02\x08\x00\x1a\x00"),
    ]
}
