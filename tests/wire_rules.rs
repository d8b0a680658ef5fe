//! Rules of protobuf for frames that today's encoders do not write but a peer may send.

use livekit_micro::owned::google::protobuf::Timestamp;
use livekit_micro::owned::{
    ChatMessage, DataPacket, MetricSample, RpcAck, UserPacket, data_packet, data_stream,
};
use livekit_micro::{encoded_len, from_bytes};

// DataPacket
const KIND_NEGATIVE: &[u8] = b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"; // kind = 1: -1
const KIND_NEGATIVE_SHORT: &[u8] = b"\x08\xff\xff\xff\xff\x0f"; // the same in 32 bits
const KIND_BEYOND_32_BITS: &[u8] = b"\x08\x81\x80\x80\x80\x10"; // 2^32 + 1
const USER_PAYLOAD_TOPIC: &[u8] = b"\x12\x06\x12\x01p\x22\x01t"; // user = 2: payload "p", topic "t"
const USER_PAYLOAD: &[u8] = b"\x12\x03\x12\x01q"; // user = 2: payload "q"
const DTMF: &[u8] = b"\x32\x02\x18\x05"; // sip_dtmf = 6: code 5

// RpcAck.request_id = 1
const ID_A: &[u8] = b"\x0a\x01a";
const ID_B: &[u8] = b"\x0a\x01b";
const ID_A_LONG_TAG: &[u8] = b"\x8a\x80\x00\x01a";
const ID_A_LONG_LENGTH: &[u8] = b"\x0a\x81\x00a";

// fields that RpcAck does not have
const UNKNOWN_VARINT: &[u8] = b"\x10\x05";
const UNKNOWN_BYTES: &[u8] = b"\x12\x02zz";
const UNKNOWN_FIXED64: &[u8] = b"\x11\0\0\0\0\0\0\0\0";
const UNKNOWN_FIXED32: &[u8] = b"\x15\0\0\0\0";
const UNKNOWN_HIGHEST: &[u8] = b"\xf8\xff\xff\xff\x0f\x00"; // field 2^29 - 1

// UserPacket
const TOPIC: &[u8] = b"\x22\x01t"; // topic = 4, optional
const TOPIC_EMPTY: &[u8] = b"\x22\x00";
const START: &[u8] = b"\x48\x05"; // start_time = 9, optional
const START_ZERO: &[u8] = b"\x48\x00";

// MetricSample.normalized_timestamp = 2
const SECONDS: &[u8] = b"\x12\x02\x08\x05";
const NANOS: &[u8] = b"\x12\x02\x10\x06";

// Trailer.attributes = 3
const ENTRY: &[u8] = b"\x1a\x06\x0a\x01k\x12\x01v";
const ENTRY_BACKWARDS: &[u8] = b"\x1a\x06\x12\x01v\x0a\x01k";
const ENTRY_AND_UNKNOWN: &[u8] = b"\x1a\x08\x0a\x01k\x12\x01v\x18\x01";
const ENTRY_EMPTY_VALUE: &[u8] = b"\x1a\x05\x0a\x01k\x12\x00";

#[test]
fn of_a_field_sent_twice_the_last_one_counts() {
    let ack: RpcAck = from_bytes(&[ID_A, ID_B].concat()).unwrap();
    assert_eq!(ack.request_id, "b");
}

#[test]
fn of_an_optional_field_sent_twice_the_last_one_counts_though_it_is_empty() {
    let packet: UserPacket = from_bytes(&[TOPIC, START, TOPIC_EMPTY, START_ZERO].concat()).unwrap();
    assert_eq!(packet.topic.as_deref(), Some(""));
    assert_eq!(packet.start_time, Some(0));
}

#[test]
fn a_submessage_sent_twice_is_merged() {
    let sample: MetricSample = from_bytes(&[SECONDS, NANOS].concat()).unwrap();
    assert_eq!(sample.normalized_timestamp, Some(Timestamp { seconds: 5, nanos: 6 }));
}

#[test]
fn a_oneof_member_sent_twice_is_merged_unless_another_stands_between() {
    let user = |frame: &[&[u8]]| match from_bytes::<DataPacket>(&frame.concat()).unwrap().value {
        Some(data_packet::Value::User(user)) => user,
        other => panic!("not a user packet: {other:?}"),
    };
    let merged = user(&[USER_PAYLOAD_TOPIC, USER_PAYLOAD]);
    assert_eq!((&*merged.payload, merged.topic.as_deref()), (&b"q"[..], Some("t")));
    let replaced = user(&[USER_PAYLOAD_TOPIC, DTMF, USER_PAYLOAD]);
    assert_eq!((&*replaced.payload, replaced.topic.as_deref()), (&b"q"[..], None));
}

#[test]
fn of_two_members_of_a_oneof_the_last_one_counts() {
    let packet: DataPacket = from_bytes(&[USER_PAYLOAD, DTMF].concat()).unwrap();
    assert!(matches!(packet.value, Some(data_packet::Value::SipDtmf(dtmf)) if dtmf.code == 5));
}

#[test]
fn unknown_fields_of_every_wire_type_are_skipped() {
    for unknown in
        [UNKNOWN_VARINT, UNKNOWN_BYTES, UNKNOWN_FIXED64, UNKNOWN_FIXED32, UNKNOWN_HIGHEST]
    {
        let ack: RpcAck = from_bytes(&[unknown, ID_A, unknown].concat()).unwrap();
        assert_eq!(ack.request_id, "a", "{unknown:02x?}");
        assert_eq!(encoded_len(&ack), ID_A.len());
    }
}

#[test]
fn tags_and_lengths_may_be_longer_than_they_need_to_be() {
    for frame in [ID_A_LONG_TAG, ID_A_LONG_LENGTH] {
        assert_eq!(from_bytes::<RpcAck>(frame).unwrap().request_id, "a", "{frame:02x?}");
    }
}

#[test]
fn enum_numbers_are_32_bits_of_what_comes() {
    for (frame, number) in
        [(KIND_NEGATIVE, -1), (KIND_NEGATIVE_SHORT, -1), (KIND_BEYOND_32_BITS, 1)]
    {
        let packet: DataPacket = from_bytes(frame).unwrap();
        assert_eq!(packet.kind, data_packet::Kind(number), "{frame:02x?}");
    }
}

#[test]
fn a_bool_may_be_any_number_but_0() {
    let deleted_2 = b"\x28\x02"; // ChatMessage.deleted = 5
    let deleted_128 = b"\x28\x80\x01";
    let deleted_1_in_5_bytes = b"\x28\x81\x80\x80\x80\x00";
    for frame in [deleted_2.as_slice(), deleted_128, deleted_1_in_5_bytes] {
        assert!(from_bytes::<ChatMessage>(frame).unwrap().deleted, "{frame:02x?}");
    }
}

#[test]
fn entries_of_a_map_may_have_any_order_and_unknown_fields() {
    for frame in [ENTRY, ENTRY_BACKWARDS, ENTRY_AND_UNKNOWN] {
        let trailer: data_stream::Trailer = from_bytes(frame).unwrap();
        assert_eq!(trailer.attributes.get("k").unwrap(), "v", "{frame:02x?}");
    }
}

#[test]
fn of_two_entries_with_one_key_the_last_one_counts() {
    let frame = [ENTRY, ENTRY_EMPTY_VALUE].concat();
    let trailer: data_stream::Trailer = from_bytes(&frame).unwrap();
    assert_eq!(trailer.attributes.len(), 1);
    assert_eq!(trailer.attributes.get("k").unwrap(), "");
}

/// No list of numbers travels on a data channel, so this one is of signalling.
#[test]
fn lists_of_numbers_may_be_packed_or_not_and_both_in_one_frame() {
    use livekit_micro::owned::{ParticipantPermission, TrackSource};

    let not_packed = b"\x48\x01\x48\x02\x48\x03"; // can_publish_sources = 9
    let packed = b"\x4a\x03\x01\x02\x03";
    let both = b"\x48\x01\x4a\x01\x02\x48\x03";
    for frame in [not_packed.as_slice(), packed, both] {
        let permission: ParticipantPermission = from_bytes(frame).unwrap();
        assert_eq!(permission.can_publish_sources, [1, 2, 3].map(TrackSource), "{frame:02x?}");
    }
}

/// UserPacket.payload = 2 twice, DataPacket.sequence = 16 twice, DataPacket.kind = 1 twice,
/// ChatMessage.deleted = 5 twice, MetricSample.value = 3 twice: each time the second is the default.
#[test]
fn the_last_value_of_a_field_counts_even_if_it_is_the_default() {
    let user: UserPacket = from_bytes(b"\x12\x02ab\x12\x00").unwrap();
    assert_eq!(user.payload.as_slice(), b"");
    let packet: DataPacket = from_bytes(b"\x80\x01\x05\x80\x01\x00").unwrap();
    assert_eq!(packet.sequence, 0);
    let packet: DataPacket = from_bytes(b"\x08\x01\x08\x00").unwrap();
    assert_eq!(packet.kind, data_packet::Kind::Reliable);
    let chat: ChatMessage = from_bytes(b"\x28\x01\x28\x00").unwrap();
    assert!(!chat.deleted);
    let sample: MetricSample = from_bytes(b"\x1d\0\0\x80\x3f\x1d\0\0\0\0").unwrap();
    assert_eq!(sample.value, 0.0);
    let ack: RpcAck = from_bytes(b"\x0a\x02ab\x0a\x00").unwrap();
    assert_eq!(ack.request_id.as_str(), "");
}

/// Trailer.attributes = 3, an entry of key "k" without a value, as prost writes `"k": ""`.
const ENTRY_WITHOUT_VALUE: &[u8] = b"\x1a\x03\x0a\x01k";
/// The same with an empty key, which prost leaves out too.
const ENTRY_WITHOUT_KEY: &[u8] = b"\x1a\x03\x12\x01v";
const ENTRY_WITHOUT_BOTH: &[u8] = b"\x1a\x00";

/// ChatMessage.deleted = 5, true as varints of which no bit is among the lowest 32.
const TRUE_AS_2_TO_32: &[u8] = b"\x28\x80\x80\x80\x80\x10";
const TRUE_AS_2_TO_35: &[u8] = b"\x28\x80\x80\x80\x80\x80\x01";
const TRUE_AS_2_TO_63: &[u8] = b"\x28\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";

/// In LiveKit an attribute with an empty value means "delete it", and prost leaves the value out.
#[test]
fn the_half_of_an_entry_that_is_left_out_is_its_default() {
    for (entry, key, value) in
        [(ENTRY_WITHOUT_VALUE, "k", ""), (ENTRY_WITHOUT_KEY, "", "v"), (ENTRY_WITHOUT_BOTH, "", "")]
    {
        let trailer: data_stream::Trailer = from_bytes(entry).unwrap();
        let entries: Vec<_> = trailer.attributes.iter().map(|(k, v)| (&**k, &**v)).collect();
        assert_eq!(entries, [(key, value)]);
    }
    let trailer: data_stream::Trailer = from_bytes(&[ENTRY, ENTRY_WITHOUT_VALUE].concat()).unwrap();
    assert_eq!(trailer.attributes.iter().count(), 1);
    assert_eq!(trailer.attributes.get("k").unwrap(), "");
}

#[test]
fn a_bool_has_all_64_bits_of_its_varint() {
    for bytes in [TRUE_AS_2_TO_32, TRUE_AS_2_TO_35, TRUE_AS_2_TO_63] {
        let chat: ChatMessage = from_bytes(bytes).unwrap();
        assert!(chat.deleted, "{bytes:02x?}");
    }
}
