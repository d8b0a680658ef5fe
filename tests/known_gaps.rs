//! The two gaps of micropb's decoder. Each test wants the wrong outcome of today: when one fails,
//! its gap is gone, and the right outcome, which stands beside it, takes its place in
//! tests/wire_rules.rs.

use livekit_micro::from_bytes;
use livekit_micro::owned::{ChatMessage, data_stream::Trailer};

/// Trailer.attributes = 3, an entry of key "k" without a value, as prost writes `"k": ""`.
const ENTRY_WITHOUT_VALUE: &[u8] = b"\x1a\x03\x0a\x01k";
/// The same with an empty key, which prost leaves out too.
const ENTRY_WITHOUT_KEY: &[u8] = b"\x1a\x03\x12\x01v";
const ENTRY_WITHOUT_BOTH: &[u8] = b"\x1a\x00";
/// A whole entry for the same key, sent before.
const ENTRY: &[u8] = b"\x1a\x06\x0a\x01k\x12\x01v";

/// ChatMessage.deleted = 5, true as varints of which no bit is among the lowest 32.
const TRUE_AS_2_TO_32: &[u8] = b"\x28\x80\x80\x80\x80\x10";
const TRUE_AS_2_TO_35: &[u8] = b"\x28\x80\x80\x80\x80\x80\x01";
const TRUE_AS_2_TO_63: &[u8] = b"\x28\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";

/// Protobuf reads the half that is left out as its default: the entry is there. In LiveKit an
/// attribute with an empty value means "delete it".
#[test]
fn a_map_entry_without_key_or_value_is_dropped() {
    for entry in [ENTRY_WITHOUT_VALUE, ENTRY_WITHOUT_KEY, ENTRY_WITHOUT_BOTH] {
        let trailer: Trailer = from_bytes(entry).unwrap();
        assert_eq!(trailer.attributes.len(), 0); // right: 1
    }
    let trailer: Trailer = from_bytes(&[ENTRY, ENTRY_WITHOUT_VALUE].concat()).unwrap();
    let value = trailer.attributes.get("k").unwrap();
    assert_eq!(value, "v"); // right: "", the last one counts
}

/// Protobuf reads every number but 0 as true; micropb looks at the lowest 32 bits only. No encoder
/// writes a true other than 1.
#[test]
fn a_bool_beyond_32_bits_is_misread() {
    for bytes in [TRUE_AS_2_TO_32, TRUE_AS_2_TO_35, TRUE_AS_2_TO_63] {
        let chat: ChatMessage = from_bytes(bytes).unwrap();
        assert!(!chat.deleted, "{bytes:02x?}"); // right: true
    }
}
