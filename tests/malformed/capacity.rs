//! Every kind of container exactly full, and with one too many.

use livekit_micro::limits::fields::{
    data_packet, data_stream, participant_info, participant_permission, rpc_response, user_packet,
};
use livekit_micro::limits::{ATTRIBUTES, STRUCT_BYTES};
use support::documented::Difference::Capacity;

use crate::case::{Case, capacity, case, field, reads};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    // One byte or item too many is found where the frame ends, unless said otherwise.
    let mut pair = |name: &str, message, of: &dyn Fn(usize) -> Vec<u8>, most: usize, before_end| {
        let (full, over) = (of(most), of(most + 1));
        let offset = over.len() - before_end;
        cases.push(case(format!("{name}, full"), message, &full, reads(&full)));
        let over = case(format!("{name}, one over"), message, over, capacity(offset));
        cases.push(over.differs(Capacity));
    };

    // Of text and bytes no more than the length is read: what is before the end is their content.
    let most = user_packet::TOPIC_BYTES;
    let text = |n: usize| field(0x22, &vec![b't'; n]); // UserPacket.topic = 4
    pair("text", "livekit.UserPacket", &text, most, most + 1);
    let most = user_packet::PAYLOAD_BYTES;
    let bytes = |n: usize| field(0x12, &vec![0xff; n]); // UserPacket.payload = 2
    pair("bytes", "livekit.UserPacket", &bytes, most, most + 1);
    let most = rpc_response::PAYLOAD_BYTES;
    let member = |n: usize| field(0x12, &vec![b'p'; n]); // RpcResponse.payload = 2
    pair("text in a oneof", "livekit.RpcResponse", &member, most, most + 1);
    let most = user_packet::TOPIC_BYTES;
    let inside = |n: usize| field(0x12, &text(n)); // DataPacket.user = 2
    pair("text in a submessage", "livekit.DataPacket", &inside, most, most + 1);

    let most = data_packet::DESTINATION_IDENTITIES_ITEMS;
    let texts = |n: usize| b"\x2a\x01i".repeat(n); // DataPacket.destination_identities = 5
    pair("texts of a list", "livekit.DataPacket", &texts, most, 0);
    let most = data_packet::DESTINATION_IDENTITIES_BYTES;
    let text = |n: usize| [field(0x2a, b"i"), field(0x2a, &vec![b'i'; n])].concat();
    pair("a text of a list", "livekit.DataPacket", &text, most, most + 1);
    let most = participant_info::TRACKS_ITEMS;
    let messages = |n: usize| b"\x22\x00".repeat(n); // ParticipantInfo.tracks = 4
    pair("messages of a list", "livekit.ParticipantInfo", &messages, most, 0);
    let most = participant_permission::CAN_PUBLISH_SOURCES_ITEMS;
    let packed = |n: usize| field(0x4a, &vec![1; n]); // can_publish_sources = 9
    pair("numbers of a packed list", "livekit.ParticipantPermission", &packed, most, 0);
    let unpacked = |n: usize| b"\x48\x01".repeat(n);
    pair("numbers one by one", "livekit.ParticipantPermission", &unpacked, most, 0);
    let both = |n: usize| [&field(0x4a, &vec![1; n - 1])[..], b"\x48\x01"].concat();
    pair("numbers packed and one by one", "livekit.ParticipantPermission", &both, most, 0);

    // Trailer.attributes = 3
    const TRAILER: &str = "livekit.DataStream.Trailer";
    let entries = |n: usize| {
        let entry = |key: usize| field(0x1a, &[b'\x0a', 1, b'A' + key as u8, b'\x12', 1, b'v']);
        (0..n).flat_map(entry).collect()
    };
    let most = data_stream::trailer::ATTRIBUTES_ITEMS;
    pair("entries of a map", TRAILER, &entries, most, 0);
    let most = data_stream::trailer::ATTRIBUTES_KEY_BYTES;
    let key = |n: usize| field(0x1a, &[field(0x12, b"v"), field(0x0a, &vec![b'k'; n])].concat());
    pair("a key of a map", TRAILER, &key, most, most + 1);
    let most = data_stream::trailer::ATTRIBUTES_VALUE_BYTES;
    let value = |n: usize| field(0x1a, &[field(0x0a, b"k"), field(0x12, &vec![b'v'; n])].concat());
    pair("a value of a map", TRAILER, &value, most, most + 1);

    // Struct.fields = 1: an entry with a text, of n bytes in all. All of it is read first.
    let object = |n: usize| {
        let of = |text: usize| {
            let text = vec![b'x'; text];
            field(0x0a, &[field(0x0a, b"k"), field(0x12, &field(0x1a, &text))].concat())
        };
        let text = (0..n).rev().find(|&text| of(text).len() == n);
        of(text.expect("there is a text for every length this long"))
    };
    pair("bytes of a Struct", "google.protobuf.Struct", &object, STRUCT_BYTES, 0);
    let parts = |n: usize| [object(STRUCT_BYTES / 2), object(n - STRUCT_BYTES / 2)].concat();
    pair("bytes of a Struct in parts", "google.protobuf.Struct", &parts, STRUCT_BYTES, 0);
    let lists = |n: usize| field(0x0a, &object(n)); // DebugMessage.payload = 1
    pair("bytes of a Struct in a message", "livekit.agent.DebugMessage", &lists, STRUCT_BYTES, 0);

    cases.extend(more(&entries(ATTRIBUTES)));
    cases
}

/// `full` is a full map of Trailer.attributes.
#[rustfmt::skip]
fn more(full: &[u8]) -> [Case; 4] {
    let nulls = b"\x0a\x02\x08\x00".repeat(STRUCT_BYTES);
    let long = field(0x22, &[b't'; user_packet::TOPIC_BYTES + 1]);
    [
        case("an entry of a full map again", "livekit.DataStream.Trailer", [full, b"\x1a\x06\x0a\x01A\x12\x01w", b"\x1a\x06\x0a\x01A\x12\x01v"].concat(), reads(full)),
        // Each value is stored before the next one is read.
        case("a text over capacity and then one that fits", "livekit.UserPacket", [&long[..], b"\x22\x01t"].concat(), capacity(2)).differs(Capacity),
        // The 129th null has no room for its tag.
        case("a list of 512 nulls", "google.protobuf.ListValue", nulls, capacity(STRUCT_BYTES + 1)).differs(Capacity),
        case("a text of a megabyte in a Struct", "google.protobuf.Struct", field(0x0a, &field(0x12, &field(0x1a, &vec![b'x'; 1 << 20]))), capacity(4)).differs(Capacity),
    ]
}
