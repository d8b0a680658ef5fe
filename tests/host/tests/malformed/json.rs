//! `Struct`, `Value` and `ListValue`, which can be nested in one another without end and of which
//! an owned message keeps the bytes as they came.

use livekit_micro::Malformed::{FieldNumber, Nesting, SplitSubmessage, Truncated, Varint};
use testkit::documented::Difference::{self, MapWireType, Replaced, WireType};

use crate::case::{Case, case, field, malformed, reads, sends};

const STRUCT: &str = "google.protobuf.Struct"; // fields = 1: text to Value
const VALUE: &str = "google.protobuf.Value"; // null = 1, number = 2, string = 3, bool = 4, struct = 5, list = 6
const LIST: &str = "google.protobuf.ListValue"; // values = 1: Value
const DEBUG: &str = "livekit.agent.DebugMessage"; // payload = 1: Struct

/// Values in one another, in lists: each is two messages deeper.
fn lists(depth: usize) -> Vec<u8> {
    lists_around(depth, Vec::new())
}

fn lists_around(depth: usize, inside: Vec<u8>) -> Vec<u8> {
    (0..depth).fold(inside, |inside, _| field(0x32, &field(0x0a, &inside)))
}

/// The same in objects: each is three messages deeper, for an entry is one too.
fn objects(depth: usize) -> Vec<u8> {
    objects_around(depth, Vec::new())
}

fn objects_around(depth: usize, inside: Vec<u8>) -> Vec<u8> {
    (0..depth).fold(inside, |inside, _| field(0x2a, &field(0x0a, &field(0x12, &inside))))
}

pub fn cases() -> Vec<Case> {
    [nesting(), shapes(), parts()].concat()
}

/// Fifty messages in one another are read.
fn nesting() -> Vec<Case> {
    let mut cases = Vec::new();
    let case = |name: String, frame: &[u8], offset| match offset {
        None => case(name, VALUE, frame, reads(frame)),
        Some(offset) => case(name, VALUE, frame, malformed(Nesting, offset)),
    };
    let of_lists = |depth| format!("{depth} lists in one another");
    cases.push(case(of_lists(25), &lists(25), None));
    for depth in [26, 60, 1000, 10_000] {
        // The 26th list is the 51st message.
        let offset = lists(depth).len() - lists(depth - 25).len();
        let case = case(of_lists(depth), &lists(depth), Some(offset));
        // Prost reads a hundred.
        cases.push(if depth < 50 { case.differs(Difference::Nesting) } else { case });
    }
    let of_objects = |depth| format!("{depth} objects in one another");
    cases.push(case(of_objects(16), &objects(16), None));
    for depth in [17, 60, 1000, 10_000] {
        // The 17th entry is the 50th message, and its value the one too many.
        let offset = objects(depth).len() - field(0x12, &objects(depth - 17)).len();
        let case = case(of_objects(depth), &objects(depth), Some(offset));
        cases.push(if depth < 33 { case.differs(Difference::Nesting) } else { case });
    }
    // It needs no place that it could be too deep in.
    let absent = objects_around(16, b"\x2a\x02\x0a\x00".to_vec());
    cases.push(case(
        "50 messages in one another, and a value that is absent".to_owned(),
        &absent,
        None,
    ));
    cases.extend(in_a_message());
    cases
}

/// What is around a Struct counts too.
fn in_a_message() -> [Case; 2] {
    let message = |depth| field(0x0a, &field(0x0a, &field(0x12, &lists(depth))));
    // The message, the Struct, an entry, a value, and then two a list: the 24th is the 50th.
    let (full, over) = (message(23), message(24));
    let refused = malformed(Nesting, over.len() - 2);
    [
        case("23 lists in a Struct in a message", DEBUG, &full, reads(&full)),
        case("24 lists in a Struct in a message", DEBUG, &over, refused)
            .differs(Difference::Nesting),
    ]
}

#[rustfmt::skip]
fn shapes() -> Vec<Case> {
    vec![
        case("a field of a Struct as a varint",   STRUCT, b"\x08\x01", reads(b"")).differs(MapWireType),
        case("a field of a Struct as 64 bits",    STRUCT, b"\x09\x00", malformed(Truncated, 0)).differs(MapWireType),
        case("a key of a Struct as a varint",     STRUCT, b"\x0a\x02\x08\x01", reads(b"\x0a\x04\x0a\x00\x12\x00")).differs(WireType),
        case("a value of a Struct as a varint",   STRUCT, b"\x0a\x02\x10\x00", reads(b"\x0a\x04\x0a\x00\x12\x00")).differs(WireType),
        case("the number of a Value as a varint", VALUE, b"\x10\x01", reads(b"")).differs(WireType),
        case("the null of a Value as bytes",      VALUE, b"\x0a\x00", reads(b"")).differs(WireType),
        case("a number cut short in a Struct",    STRUCT, b"\x0a\x06\x12\x04\x11\0\0\0", malformed(Truncated, 4)),
        case("a value longer than its entry",     STRUCT, b"\x0a\x02\x12\x01", malformed(Truncated, 2)),
        case("an entry longer than its Struct",   STRUCT, b"\x0a\x03\x12\x01", malformed(Truncated, 0)),
        case("field number 0 in a Struct",        STRUCT, b"\x02\x00", malformed(FieldNumber, 0)),
        case("field number 0 in a value",         STRUCT, b"\x0a\x04\x12\x02\x00\x00", malformed(FieldNumber, 4)),
        case("field number 0 in a Struct in a message", DEBUG, b"\x0a\x06\x0a\x04\x12\x02\x00\x00", malformed(FieldNumber, 6)),
        case("a key above 32 bits in a Struct",   STRUCT, b"\x8a\x80\x80\x80\x10\x02\x12\x00", malformed(FieldNumber, 0)),
        case("a key above 32 bits in a value",    STRUCT, b"\x0a\x08\x12\x06\xa0\x80\x80\x80\x10\x01", malformed(FieldNumber, 4)),
        case("a bool of eleven bytes",            VALUE, b"\x20\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", malformed(Varint, 0)),
        case("a bool above 64 bits in a value",   STRUCT, b"\x0a\x0d\x12\x0b\x20\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", malformed(Varint, 4)),
        case("a group in a Struct",               STRUCT, b"\x13\x14", reads(b"")),
        case("a group in a value",                STRUCT, b"\x0a\x04\x12\x02\x3b\x3c", reads(b"\x0a\x02\x12\x00")),
        case("a group unclosed in a value",       STRUCT, b"\x0a\x03\x12\x01\x3b", malformed(Truncated, 4)),

        case("a true as 2^32 in a value",         STRUCT, b"\x0a\x08\x12\x06\x20\x80\x80\x80\x80\x10", reads(b"\x0a\x04\x12\x02\x20\x01")),
        case("an entry of a Struct without value", STRUCT, b"\x0a\x03\x0a\x01k", sends(b"\x0a\x03\x0a\x01k")),
        case("an entry of a Struct, value first", STRUCT, b"\x0a\x07\x12\x02\x08\x00\x0a\x01k", sends(b"\x0a\x07\x12\x02\x08\x00\x0a\x01k")),
        case("two entries of a Struct of one key", STRUCT, b"\x0a\x07\x0a\x01k\x12\x02\x20\x00\x0a\x07\x0a\x01k\x12\x02\x20\x01", sends(b"\x0a\x07\x0a\x01k\x12\x02\x20\x00\x0a\x07\x0a\x01k\x12\x02\x20\x01")),
        case("a value with two members",          VALUE, b"\x20\x01\x1a\x01s", reads(b"\x1a\x01s")),
        case("a list with unknown fields",        LIST, b"\x10\x01\x0a\x02\x08\x00\x1a\x00", reads(b"\x0a\x02\x08\x00")),
    ]
}

/// Parts, and members that are replaced: as in a borrowed message, for that reads them.
#[rustfmt::skip]
fn parts() -> Vec<Case> {
    let (j, k) = (b"\x0a\x03\x0a\x01j", b"\x0a\x03\x0a\x01k");
    let in_two = [field(0x2a, j), field(0x2a, k)].concat();
    let bad_and_true = b"\x2a\x01\xff\x20\x01";
    let messages = [field(0x0a, j), field(0x0a, k)].concat();
    let joined = field(0x0a, &[*j, *k].concat());
    let wrong = [field(0x0a, j), field(0x0a, b"\x0a\x01\xff")].concat();
    vec![
        case("a value twice in one entry of a Struct", STRUCT, b"\x0a\x1f\x0a\x01k\x12\x0c\x2a\x0a\x0a\x08\x0a\x01x\x12\x03\x1a\x011\x12\x0c\x2a\x0a\x0a\x08\x0a\x01y\x12\x03\x1a\x012", malformed(SplitSubmessage, 21)).differs(Difference::Split),
        case("a value with an object in two parts", VALUE, in_two, malformed(SplitSubmessage, 9)).differs(Difference::Split),
        case("a value with an object in two parts, one empty", VALUE, [field(0x2a, j), field(0x2a, b"")].concat(), reads(field(0x2a, j))),
        case("a value with an object, a bool and an object", VALUE, [field(0x2a, j), b"\x20\x01".to_vec(), field(0x2a, k)].concat(), reads(field(0x2a, k))),
        case("a value with a wrong object and a bool", VALUE, bad_and_true, reads(b"\x20\x01")).differs(Replaced),
        case("such a value in a Struct",          STRUCT, [b"\x0a\x07\x12\x05", &bad_and_true[..]].concat(), reads(b"\x0a\x04\x12\x02\x20\x01")).differs(Replaced),
        // Bytes behind bytes are a Struct; the fields of a borrowed one are in two places.
        case("a Struct in two parts of a message", DEBUG, messages, reads(joined)).borrowed(malformed(SplitSubmessage, 9), Some(Difference::Split)),
        case("a Struct whose second part is wrong", DEBUG, wrong, malformed(Truncated, 11)).borrowed(malformed(SplitSubmessage, 9), None),
    ]
}
