//! Entries of maps in any order and shape; values that are messages.

use livekit_micro::Malformed::Truncated;

use crate::case::{Case, case, malformed, reads, sends};

const TRAILER: &str = "livekit.DataStream.Trailer"; // attributes = 3: text to text
const HANDLES: &str = "livekit.DataTrackSubscriberHandles"; // sub_handles = 1: number to message

const ENTRY: &[u8] = b"\x1a\x06\x0a\x01k\x12\x01v";

pub fn cases() -> Vec<Case> {
    [entries(), messages()].concat()
}

#[rustfmt::skip]
fn entries() -> Vec<Case> {
    vec![
        case("an entry, key first",             TRAILER, ENTRY, sends(ENTRY)),
        case("an entry, value first",           TRAILER, b"\x1a\x06\x12\x01v\x0a\x01k", reads(ENTRY)),
        case("an entry among unknown fields",   TRAILER, b"\x28\x01\x1a\x0c\x18\x01\x0a\x01k\x22\x00\x12\x01v\x18\x02\x25\0\0\0\0", reads(ENTRY)),
        case("an entry with two keys",          TRAILER, b"\x1a\x09\x0a\x01j\x12\x01v\x0a\x01k", reads(ENTRY)),
        case("an entry with two values",        TRAILER, b"\x1a\x09\x12\x01u\x0a\x01k\x12\x01v", reads(ENTRY)),
        case("two entries of one key",          TRAILER, b"\x1a\x06\x0a\x01k\x12\x01u\x1a\x06\x0a\x01k\x12\x01v", reads(ENTRY)),
        case("two entries with another field between", TRAILER, b"\x1a\x06\x0a\x01j\x12\x01u\x0a\x01i\x1a\x06\x0a\x01k\x12\x01v", reads(b"\x0a\x01i\x1a\x06\x0a\x01j\x12\x01u\x1a\x06\x0a\x01k\x12\x01v")),
        case("an entry with empty halves",      TRAILER, b"\x1a\x04\x0a\x00\x12\x00", reads(b"\x1a\x04\x0a\x00\x12\x00")),

        case("an entry without value",          TRAILER, b"\x1a\x03\x0a\x01k", sends(b"\x1a\x03\x0a\x01k")),
        case("an entry without key",            TRAILER, b"\x1a\x03\x12\x01v", sends(b"\x1a\x03\x12\x01v")),
        case("an entry without either",         TRAILER, b"\x1a\x00", sends(b"\x1a\x00")),
        case("an entry without value for a key that is there", TRAILER, [ENTRY, b"\x1a\x03\x0a\x01k"].concat(), reads(b"\x1a\x05\x0a\x01k\x12\x00")),
        case("an entry without key for an empty one that is there", TRAILER, b"\x1a\x05\x0a\x00\x12\x01u\x1a\x03\x12\x01v", reads(b"\x1a\x03\x12\x01v")),
    ]
}

#[rustfmt::skip]
fn messages() -> Vec<Case> {
    vec![
        case("a value that is a message",       HANDLES, b"\x0a\x07\x08\x05\x12\x03\x0a\x01i", sends(b"\x0a\x07\x08\x05\x12\x03\x0a\x01i")),
        case("a value that is a message, absent", HANDLES, b"\x0a\x02\x08\x05", reads(b"\x0a\x04\x08\x05\x12\x00")),
        case("a value that is a message, empty", HANDLES, b"\x0a\x04\x08\x05\x12\x00", reads(b"\x0a\x02\x08\x05")),
        case("a value that is a message, in front of its key", HANDLES, b"\x0a\x07\x12\x03\x0a\x01i\x08\x05", reads(b"\x0a\x07\x08\x05\x12\x03\x0a\x01i")),
        case("a value that is a message, in two parts", HANDLES, b"\x0a\x0c\x12\x03\x0a\x01i\x08\x05\x12\x03\x12\x01s", reads(b"\x0a\x0a\x08\x05\x12\x06\x0a\x01i\x12\x01s")),
        case("a value that is a message, in two parts with a key that is one too", HANDLES, b"\x0a\x0e\x12\x03\x0a\x01i\x08\x04\x08\x05\x12\x03\x12\x01s", reads(b"\x0a\x0a\x08\x05\x12\x06\x0a\x01i\x12\x01s")),
        case("a value that is a message, cut short", HANDLES, b"\x0a\x05\x08\x05\x12\x03\x0a", malformed(Truncated, 4)),
        case("a value that is a message, cut short inside", HANDLES, b"\x0a\x06\x08\x05\x12\x02\x0a\x01", malformed(Truncated, 6)),
        case("a value that is a message, cut short inside its second part", HANDLES, b"\x0a\x08\x08\x05\x12\x00\x12\x02\x0a\x01", malformed(Truncated, 8)),
        case("a message for a key that has one", HANDLES, b"\x0a\x07\x08\x05\x12\x03\x0a\x01i\x0a\x07\x08\x05\x12\x03\x12\x01s", reads(b"\x0a\x07\x08\x05\x12\x03\x12\x01s")),
        case("a wrong message for a key that gets another", HANDLES, b"\x0a\x05\x08\x05\x12\x01\x0a\x0a\x04\x08\x05\x12\x00", malformed(Truncated, 6)),
        case("a key of 32 bits with more",      HANDLES, b"\x0a\x06\x08\x85\x80\x80\x80\x10", reads(b"\x0a\x02\x08\x05")),
        case("a key of 32 bits with more that is there", HANDLES, b"\x0a\x07\x08\x05\x12\x03\x0a\x01i\x0a\x06\x08\x85\x80\x80\x80\x10", reads(b"\x0a\x02\x08\x05")),
    ]
}
