//! Texts that are not UTF-8, wherever a text can stand.

use livekit_micro::Malformed::Utf8;

use crate::case::{Case, case, field, malformed, reads};

/// What no UTF-8 is.
const BAD: [(&str, &[u8]); 14] = [
    ("a lone continuation byte", b"\x80"),
    ("a byte that UTF-8 never has", b"\xff"),
    ("a letter of two bytes cut after one", b"\xc3"),
    ("a letter of three bytes cut after two", b"\xe2\x82"),
    ("a letter of four bytes cut after three", b"\xf0\x9f\x98"),
    ("a cut letter before a whole one", b"\xe2\x82a"),
    ("NUL, overlong in two bytes", b"\xc0\x80"),
    ("a slash, overlong in two bytes", b"\xc0\xaf"),
    ("a slash, overlong in three bytes", b"\xe0\x80\xaf"),
    ("a slash, overlong in four bytes", b"\xf0\x80\x80\xaf"),
    ("the first surrogate", b"\xed\xa0\x80"),
    ("the last surrogate", b"\xed\xbf\xbf"),
    ("a pair of surrogates", b"\xed\xa0\xbd\xed\xb8\x80"),
    ("a letter beyond U+10FFFF", b"\xf4\x90\x80\x80"),
];

/// The edges of what is.
const GOOD: [(&str, &str); 5] = [
    ("NUL", "\0"),
    ("the last letter before the surrogates", "\u{d7ff}"),
    ("the first letter behind the surrogates", "\u{e000}"),
    ("no letter, but a code point", "\u{ffff}"),
    ("the last code point", "\u{10ffff}"),
];

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, text) in BAD {
        // RpcAck.request_id = 1. The error is at the first byte that is in no whole letter.
        let alone = field(0x0a, text);
        cases.push(case(name, "livekit.RpcAck", alone, malformed(Utf8, 2)));
        let behind = field(0x0a, &["aé".as_bytes(), text, b"b"].concat());
        let name = format!("{name} behind whole letters");
        cases.push(case(name, "livekit.RpcAck", behind, malformed(Utf8, 5)));
    }
    for (name, text) in GOOD {
        let frame = field(0x0a, text.as_bytes());
        cases.push(case(name, "livekit.RpcAck", &frame, reads(&frame)));
    }
    cases.extend(places());
    cases
}

#[rustfmt::skip]
fn places() -> [Case; 17] {
    let refused = |name, message, frame: &[u8], offset| case(name, message, frame, malformed(Utf8, offset));
    [
        refused("bad text in an optional field",  "livekit.UserPacket", b"\x22\x01\xff\x48\x05", 2), // topic = 4
        refused("bad text in a list",             "livekit.DataPacket", b"\x2a\x01a\x2a\x01\xff", 5), // destination_identities = 5
        refused("bad text in a oneof",            "livekit.RpcResponse", b"\x12\x01\xff", 2), // payload = 2
        refused("bad text that another member replaces", "livekit.RpcResponse", b"\x12\x01\xff\x22\x00", 2),
        refused("bad text that a good one replaces", "livekit.RpcAck", b"\x0a\x01\xff\x0a\x01a", 2),
        refused("bad text in a submessage",       "livekit.DataPacket", b"\x12\x03\x22\x01\xff", 4), // user = 2
        refused("bad text in a message of a list", "livekit.ParticipantInfo", b"\x22\x00\x22\x03\x0a\x01\xff", 6), // tracks = 4
        refused("bad text in a map's key",        "livekit.DataStream.Trailer", b"\x1a\x06\x0a\x01\xff\x12\x01v", 4),
        refused("bad text in a map's value",      "livekit.DataStream.Trailer", b"\x1a\x06\x0a\x01k\x12\x01\xff", 7),
        refused("bad text in a map's value that is a message", "livekit.DataTrackSubscriberHandles", b"\x0a\x07\x08\x05\x12\x03\x0a\x01\xff", 8),
        refused("bad text in a Struct's key",     "google.protobuf.Struct", b"\x0a\x03\x0a\x01\xff", 4),
        refused("bad text in a Struct's value",   "google.protobuf.Struct", b"\x0a\x05\x12\x03\x1a\x01\xff", 6),
        refused("bad text in a Value",            "google.protobuf.Value", b"\x1a\x01\xff", 2),
        refused("bad text in a Struct in a message", "livekit.agent.DebugMessage", b"\x0a\x07\x0a\x05\x12\x03\x1a\x01\xff", 8), // payload = 1
        refused("bad text behind an unknown group", "livekit.RpcAck", b"\x13\x14\x0a\x01\xff", 4),
        case("bad text in bytes",                 "livekit.UserPacket", b"\x12\x01\xff", reads(b"\x12\x01\xff")), // payload = 2
        case("bad text in an unknown field",      "livekit.RpcAck", b"\x12\x01\xff\x0a\x01a", reads(b"\x0a\x01a")),
    ]
}
