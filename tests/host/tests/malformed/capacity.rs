//! Every kind of container exactly full, and with one too many: a borrowed message takes that too.

use livekit_micro::limits::fields::{
    agent::session_created, data_packet, data_stream, participant_info, participant_permission,
    rpc_response, user_packet,
};
use livekit_micro::limits::{ATTRIBUTES, STRUCT_BYTES};
use livekit_micro::{CapacityKind, Malformed};
use testkit::documented::Difference::{Capacity, Split, WireType};

use crate::case::{Case, capacity, case, field, malformed, reads};

/// What is filled: the case's name, the message, the field that is too small, what is counted, and
/// the capacity.
struct Room(&'static str, &'static str, &'static str, CapacityKind, usize);

const PACKET: &str = "livekit.DataPacket";
const USER: &str = "livekit.UserPacket";
const PERMISSION: &str = "livekit.ParticipantPermission";
const TRAILER: &str = "livekit.DataStream.Trailer";
const THRESHOLDS: &str = "livekit.agent.SessionCreated";
const STRUCT: &str = "google.protobuf.Struct";

const TOPIC: &str = "livekit.UserPacket.topic";
const TO: &str = "livekit.DataPacket.destination_identities";
const SOURCES: &str = "livekit.ParticipantPermission.can_publish_sources";
const ATTRIBUTES_OF: &str = "livekit.DataStream.Trailer.attributes";

pub fn cases() -> Vec<Case> {
    [texts(), lists(), maps(), objects()].concat()
}

/// The room full, and with one more.
fn pair(room: Room, of: impl Fn(usize) -> Vec<u8>) -> [Case; 2] {
    let Room(name, message, _, _, fits) = room;
    let full = of(fits);
    [case(format!("{name}, full"), message, &full, reads(&full)), over(room, 1, of)]
}

/// With `more` than its capacity.
fn over(room: Room, more: usize, of: impl Fn(usize) -> Vec<u8>) -> Case {
    let Room(name, message, field, bound, fits) = room;
    let frame = of(fits + more);
    let refused = capacity(field, bound, fits + more, fits);
    let case = case(format!("{name}, {more} over"), message, &frame, refused);
    case.differs(Capacity).borrowed(reads(frame), None)
}

#[rustfmt::skip]
fn texts() -> Vec<Case> {
    use CapacityKind::Bytes;
    let text = |n: usize| field(0x22, &vec![b't'; n]); // UserPacket.topic = 4
    let bytes = |n: usize| field(0x12, &vec![0xff; n]); // UserPacket.payload = 2
    let member = |n: usize| field(0x12, &vec![b'p'; n]); // RpcResponse.payload = 2
    let inside = |n: usize| field(0x12, &text(n)); // DataPacket.user = 2
    let item = |n: usize| [field(0x2a, b"i"), field(0x2a, &vec![b'i'; n])].concat(); // destination_identities = 5
    let long = text(user_packet::TOPIC_BYTES + 1);
    let too_long = capacity(TOPIC, Bytes, user_packet::TOPIC_BYTES + 1, user_packet::TOPIC_BYTES);
    let mut cases = [
        pair(Room("text", USER, TOPIC, Bytes, user_packet::TOPIC_BYTES), text),
        pair(Room("bytes", USER, "livekit.UserPacket.payload", Bytes, user_packet::PAYLOAD_BYTES), bytes),
        pair(Room("text in a oneof", "livekit.RpcResponse", "livekit.RpcResponse.payload", Bytes, rpc_response::PAYLOAD_BYTES), member),
        pair(Room("text in a submessage", PACKET, TOPIC, Bytes, user_packet::TOPIC_BYTES), inside),
        pair(Room("a text of a list", PACKET, TO, Bytes, data_packet::DESTINATION_IDENTITIES_BYTES), item),
    ]
    .concat();
    // Each value is stored before the next one is read.
    let again = case("a text over capacity and then one that fits", USER, [&long[..], b"\x22\x01t"].concat(), too_long.clone());
    cases.push(again.differs(Capacity).borrowed(reads(b"\x22\x01t"), None));
    let replaced = case("a member over capacity that another replaces", PACKET, [field(0x12, &long), b"\x32\x00".to_vec()].concat(), too_long);
    cases.push(replaced.differs(Capacity).borrowed(reads(b"\x32\x00"), None));
    cases
}

#[rustfmt::skip]
fn lists() -> Vec<Case> {
    use CapacityKind::Items;
    let texts = |n: usize| b"\x2a\x01i".repeat(n);
    let texts_apart = |n: usize| b"\x2a\x01i\x08\x01".repeat(n);
    let messages = |n: usize| b"\x22\x00".repeat(n); // ParticipantInfo.tracks = 4
    let packed = |n: usize| field(0x4a, &vec![1; n]); // can_publish_sources = 9
    let unpacked = |n: usize| b"\x48\x01".repeat(n);
    let both = |n: usize| [&field(0x4a, &vec![1; n - 1])[..], b"\x48\x01"].concat();
    // ParticipantInfo.permission = 11, in two parts
    let parts = |n: usize| [field(0x5a, &packed(1)), field(0x5a, b"\x08\x01"), field(0x5a, &packed(n - 1))].concat();
    let to = data_packet::DESTINATION_IDENTITIES_ITEMS;
    let sources = participant_permission::CAN_PUBLISH_SOURCES_ITEMS;
    let mut cases = [
        pair(Room("texts of a list", PACKET, TO, Items, to), texts),
        pair(Room("messages of a list", "livekit.ParticipantInfo", "livekit.ParticipantInfo.tracks", Items, participant_info::TRACKS_ITEMS), messages),
        pair(Room("numbers of a packed list", PERMISSION, SOURCES, Items, sources), packed),
        pair(Room("numbers one by one", PERMISSION, SOURCES, Items, sources), unpacked),
        pair(Room("numbers packed and one by one", PERMISSION, SOURCES, Items, sources), both),
    ]
    .concat();
    // All that follow are counted, for the one who raises the limit.
    cases.push(over(Room("texts of a list among other fields", PACKET, TO, Items, to), 3, texts_apart));
    let (full, one_over) = (texts(to), [texts(to + 1), b"\x28\x01".to_vec()].concat());
    let unknown = case("texts of a list, 1 over, and an unknown field of its number", PACKET, &one_over, capacity(TO, Items, to + 1, to));
    cases.push(unknown.borrowed(reads(texts(to + 1)), Some(WireType)));
    let unknown = case("texts of a list, full, and an unknown field of its number", PACKET, [&full[..], b"\x28\x01"].concat(), reads(full));
    cases.push(unknown.differs(WireType));
    cases.push(over(Room("numbers of a packed list", PERMISSION, SOURCES, Items, sources), 5, packed));
    // The borrowed list would be in two places.
    let parts = over(Room("numbers in two parts of a submessage", "livekit.ParticipantInfo", SOURCES, Items, sources), 1, parts);
    cases.push(parts.borrowed(malformed(Malformed::SplitSubmessage, 5 + 4 + 2), Some(Split)));
    cases
}

#[rustfmt::skip]
fn maps() -> Vec<Case> {
    use CapacityKind::{Items, KeyBytes, ValueBytes};
    use data_stream::trailer;
    let entries = |n: usize| { // Trailer.attributes = 3
        let entry = |key: usize| field(0x1a, &[b'\x0a', 1, b'A' + key as u8, b'\x12', 1, b'v']);
        (0..n).flat_map(entry).collect()
    };
    let numbers = |n: usize| { // SessionCreated.default_thresholds = 1
        let entry = |key: usize| field(0x0a, &[b'\x0a', 1, b'A' + key as u8, b'\x15', 0, 0, 0x80, 0x3f]);
        (0..n).flat_map(entry).collect()
    };
    let key = |n: usize| field(0x1a, &[field(0x12, b"v"), field(0x0a, &vec![b'k'; n])].concat());
    let value = |n: usize| field(0x1a, &[field(0x0a, b"k"), field(0x12, &vec![b'v'; n])].concat());
    let mut cases = [
        pair(Room("entries of a map", TRAILER, ATTRIBUTES_OF, Items, trailer::ATTRIBUTES_ITEMS), entries),
        pair(Room("entries of a map of numbers", THRESHOLDS, "livekit.agent.SessionCreated.default_thresholds", Items, session_created::DEFAULT_THRESHOLDS_ITEMS), numbers),
        pair(Room("a key of a map", TRAILER, ATTRIBUTES_OF, KeyBytes, trailer::ATTRIBUTES_KEY_BYTES), key),
        pair(Room("a value of a map", TRAILER, ATTRIBUTES_OF, ValueBytes, trailer::ATTRIBUTES_VALUE_BYTES), value),
    ]
    .concat();
    cases.push(over(Room("entries of a map", TRAILER, ATTRIBUTES_OF, Items, trailer::ATTRIBUTES_ITEMS), 4, entries));
    let full: Vec<u8> = entries(ATTRIBUTES);
    let again = [&full[..], b"\x1a\x06\x0a\x01A\x12\x01w", b"\x1a\x06\x0a\x01A\x12\x01v"].concat();
    cases.push(case("an entry of a full map again", TRAILER, again, reads(&full)));
    cases
}

/// One bound for all bytes of a Struct, unknown fields and all.
#[rustfmt::skip]
fn objects() -> Vec<Case> {
    // Struct.fields = 1: an entry with a text, of n bytes in all.
    let object = |n: usize| {
        let of = |text: usize| field(0x0a, &[field(0x0a, b"k"), field(0x12, &field(0x1a, &vec![b'x'; text]))].concat());
        let text = (0..n).rev().find(|&text| of(text).len() == n);
        of(text.expect("there is a text for every length this long"))
    };
    let parts = |n: usize| [object(STRUCT_BYTES / 2), object(n - STRUCT_BYTES / 2)].concat();
    let unknown = |n: usize| [object(n - 2), b"\x10\x01".to_vec()].concat();
    let inside = |n: usize| field(0x0a, &object(n)); // DebugMessage.payload = 1
    let room = |name, message| Room(name, message, STRUCT, CapacityKind::Bytes, STRUCT_BYTES);
    let mut cases = [
        pair(room("bytes of a Struct", STRUCT), object),
        pair(room("bytes of a Struct in parts", STRUCT), parts),
        pair(room("bytes of a Struct with an unknown field", STRUCT), unknown),
        pair(room("bytes of a Struct in a message", "livekit.agent.DebugMessage"), inside),
    ]
    .concat();
    cases.push(over(room("bytes of a Struct", STRUCT), 1 << 20, object));
    let nulls = b"\x0a\x02\x08\x00".repeat(STRUCT_BYTES);
    let refused = capacity("google.protobuf.ListValue", CapacityKind::Bytes, nulls.len(), STRUCT_BYTES);
    let nulls = case("a list of 512 nulls", "google.protobuf.ListValue", &nulls, refused);
    cases.push(nulls.differs(Capacity).borrowed(reads(b"\x0a\x02\x08\x00".repeat(STRUCT_BYTES)), None));
    cases
}

/// What the other cases expect comes from `limits`, which the generator writes: here it is by hand, and
/// by heapless.
#[test]
fn capacities_are_those_of_the_containers() {
    use livekit_micro::owned::{DataPacket, UserPacket};
    let user = UserPacket::new();
    assert_eq!(user.payload.capacity(), user_packet::PAYLOAD_BYTES);
    assert_eq!(user.topic.unwrap_or_default().capacity(), user_packet::TOPIC_BYTES);
    let packet = DataPacket::new();
    assert_eq!(packet.destination_identities.capacity(), data_packet::DESTINATION_IDENTITIES_ITEMS);
    if livekit_micro::limits::PAYLOAD_BYTES == 1024 {
        let literals = [user_packet::PAYLOAD_BYTES, user_packet::TOPIC_BYTES, ATTRIBUTES];
        assert_eq!(literals, [1024, 32, 4]);
    }
}
