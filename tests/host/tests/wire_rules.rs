//! Rules of protobuf for frames that today's encoders do not write but a peer may send.

#![cfg(feature = "messages")]

use livekit_micro::owned::google::protobuf::Timestamp;
use livekit_micro::owned::{TrackSource, data_packet, room_composite_egress_request as egress};
use livekit_micro::{Decode, DecodeError, borrowed, encoded_len, from_bytes, owned};

// DataPacket
const KIND_NEGATIVE: &[u8] = b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"; // kind = 1: -1
const KIND_NEGATIVE_SHORT: &[u8] = b"\x08\xff\xff\xff\xff\x0f"; // the same in 32 bits
const KIND_BEYOND_32_BITS: &[u8] = b"\x08\x81\x80\x80\x80\x10"; // 2^32 + 1
const USER_PAYLOAD_TOPIC: &[u8] = b"\x12\x06\x12\x01p\x22\x01t"; // user = 2: payload "p", topic "t"
const USER_PAYLOAD: &[u8] = b"\x12\x03\x12\x01q"; // user = 2: payload "q"
const DTMF: &[u8] = b"\x32\x02\x18\x05"; // sip_dtmf = 6: code 5
const DTMF_AS_VARINT: &[u8] = b"\x30\x05";

// RpcAck.request_id = 1
const ID_A: &[u8] = b"\x0a\x01a";
const ID_B: &[u8] = b"\x0a\x01b";
const ID_A_LONG_KEY: &[u8] = b"\x8a\x80\x00\x01a";
const ID_A_LONG_LENGTH: &[u8] = b"\x0a\x81\x00a";

// fields that RpcAck does not have
const UNKNOWN_VARINT: &[u8] = b"\x10\x05";
const UNKNOWN_BYTES: &[u8] = b"\x12\x02zz";
const UNKNOWN_FIXED64: &[u8] = b"\x11\0\0\0\0\0\0\0\0";
const UNKNOWN_FIXED32: &[u8] = b"\x15\0\0\0\0";
const UNKNOWN_HIGHEST: &[u8] = b"\xf8\xff\xff\xff\x0f\x00"; // field 2^29 - 1
const UNKNOWN_GROUP: &[u8] = b"\x13\x0a\x01b\x1b\x1c\x14"; // with a field 1 in it

// its own as other wire types
const ID_AS_VARINT: &[u8] = b"\x08\x05";
const ID_AS_FIXED64: &[u8] = b"\x09\0\0\0\0\0\0\0\0";
const ID_AS_FIXED32: &[u8] = b"\x0d\0\0\0\0";
const ID_AS_GROUP: &[u8] = b"\x0b\x0c";

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
/// As prost writes `"k": ""`.
const ENTRY_WITHOUT_VALUE: &[u8] = b"\x1a\x03\x0a\x01k";
/// The same with an empty key, which prost leaves out too.
const ENTRY_WITHOUT_KEY: &[u8] = b"\x1a\x03\x12\x01v";
const ENTRY_WITHOUT_BOTH: &[u8] = b"\x1a\x00";

/// ChatMessage.deleted = 5, true as varints of which no bit is among the lowest 32.
const TRUE_AS_2_TO_32: &[u8] = b"\x28\x80\x80\x80\x80\x10";
const TRUE_AS_2_TO_35: &[u8] = b"\x28\x80\x80\x80\x80\x80\x01";
const TRUE_AS_2_TO_63: &[u8] = b"\x28\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";

/// A frame as both families read it: the owned message, and what the borrowed one becomes.
macro_rules! both {
    ($($message:ident)::+, $frame:expr) => {
        both::<owned::$($message)::+, borrowed::$($message)::+>($frame)
    };
}

fn both<'a, O, B>(frame: &'a [u8]) -> [O; 2]
where
    O: Decode<'a> + TryFrom<B, Error = DecodeError>,
    B: Decode<'a>,
{
    let borrowed: B = from_bytes(frame).expect("the borrowed message reads it");
    [
        from_bytes(frame).expect("the owned message reads it"),
        borrowed.try_into().expect("it is in order and small"),
    ]
}

#[test]
fn of_a_field_sent_twice_the_last_one_counts() {
    for ack in both!(RpcAck, &[ID_A, ID_B].concat()) {
        assert_eq!(ack.request_id, "b");
    }
}

#[test]
fn of_an_optional_field_sent_twice_the_last_one_counts_though_it_is_empty() {
    let frame = [TOPIC, START, TOPIC_EMPTY, START_ZERO].concat();
    for packet in both!(UserPacket, &frame) {
        assert_eq!(packet.topic.as_deref(), Some(""));
        assert_eq!(packet.start_time, Some(0));
    }
}

/// UserPacket.payload = 2 twice, DataPacket.sequence = 16 and kind = 1 twice, ChatMessage.deleted =
/// 5 twice, MetricSample.value = 3 twice: each time the second is the default.
#[test]
fn the_last_value_of_a_field_counts_even_if_it_is_the_default() {
    for user in both!(UserPacket, b"\x12\x02ab\x12\x00") {
        assert_eq!(user.payload.as_slice(), b"");
    }
    let frame = b"\x80\x01\x05\x08\x01\x80\x01\x00\x08\x00";
    for packet in both!(DataPacket, frame) {
        assert_eq!((packet.sequence, packet.kind), (0, data_packet::Kind::Reliable));
    }
    for chat in both!(ChatMessage, b"\x28\x01\x28\x00") {
        assert!(!chat.deleted);
    }
    for sample in both!(MetricSample, b"\x1d\0\0\x80\x3f\x1d\0\0\0\0") {
        assert_eq!(sample.value, 0.0);
    }
    for ack in both!(RpcAck, b"\x0a\x02ab\x0a\x00") {
        assert_eq!(ack.request_id.as_str(), "");
    }
}

#[test]
fn a_submessage_sent_twice_is_merged() {
    for sample in both!(MetricSample, &[SECONDS, NANOS].concat()) {
        assert_eq!(sample.normalized_timestamp, Some(Timestamp { seconds: 5, nanos: 6 }));
    }
}

#[test]
fn a_oneof_member_sent_twice_is_merged_unless_another_stands_between() {
    let users = |frame: &[&[u8]]| {
        both!(DataPacket, &frame.concat()).map(|packet| match packet.value {
            Some(data_packet::Value::User(user)) => user,
            other => panic!("not a user packet: {other:?}"),
        })
    };
    for merged in users(&[USER_PAYLOAD_TOPIC, USER_PAYLOAD]) {
        assert_eq!((&*merged.payload, merged.topic.as_deref()), (&b"q"[..], Some("t")));
    }
    for replaced in users(&[USER_PAYLOAD_TOPIC, DTMF, USER_PAYLOAD]) {
        assert_eq!((&*replaced.payload, replaced.topic.as_deref()), (&b"q"[..], None));
    }
    // What is no member replaces none.
    for merged in users(&[USER_PAYLOAD_TOPIC, DTMF_AS_VARINT, USER_PAYLOAD]) {
        assert_eq!((&*merged.payload, merged.topic.as_deref()), (&b"q"[..], Some("t")));
    }
}

#[test]
fn of_two_members_of_a_oneof_the_last_one_counts() {
    for packet in both!(DataPacket, &[USER_PAYLOAD, DTMF].concat()) {
        assert!(matches!(packet.value, Some(data_packet::Value::SipDtmf(dtmf)) if dtmf.code == 5));
    }
}

/// RoomCompositeEgressRequest.file = 6, stream = 7; preset = 8, advanced = 9: width = 1.
#[test]
#[allow(deprecated)]
fn two_oneofs_of_one_message_do_not_disturb_each_other() {
    let frame = b"\x32\x00\x40\x01\x3a\x00\x4a\x02\x08\x05";
    for request in both!(RoomCompositeEgressRequest, frame) {
        assert!(matches!(request.output, Some(egress::Output::Stream(_))));
        assert!(matches!(request.options, Some(egress::Options::Advanced(o)) if o.width == 5));
    }
}

#[test]
fn unknown_fields_of_every_wire_type_are_skipped() {
    for unknown in [
        UNKNOWN_VARINT,
        UNKNOWN_BYTES,
        UNKNOWN_FIXED64,
        UNKNOWN_FIXED32,
        UNKNOWN_HIGHEST,
        UNKNOWN_GROUP,
    ] {
        for ack in both!(RpcAck, &[unknown, ID_A, unknown].concat()) {
            assert_eq!(ack.request_id, "a", "{unknown:02x?}");
            assert_eq!(encoded_len(&ack), ID_A.len());
        }
    }
}

#[test]
fn a_field_of_another_wire_type_is_an_unknown_one() {
    for unknown in [ID_AS_VARINT, ID_AS_FIXED64, ID_AS_FIXED32, ID_AS_GROUP] {
        for ack in both!(RpcAck, &[unknown, ID_A, unknown].concat()) {
            assert_eq!(ack.request_id, "a", "{unknown:02x?}");
        }
    }
}

#[test]
fn keys_and_lengths_may_be_longer_than_they_need_to_be() {
    for frame in [ID_A_LONG_KEY, ID_A_LONG_LENGTH] {
        for ack in both!(RpcAck, frame) {
            assert_eq!(ack.request_id, "a", "{frame:02x?}");
        }
    }
}

#[test]
fn enum_numbers_are_32_bits_of_what_comes() {
    for (frame, number) in
        [(KIND_NEGATIVE, -1), (KIND_NEGATIVE_SHORT, -1), (KIND_BEYOND_32_BITS, 1)]
    {
        for packet in both!(DataPacket, frame) {
            assert_eq!(packet.kind, data_packet::Kind(number), "{frame:02x?}");
        }
    }
}

#[test]
fn a_bool_may_be_any_number_but_0() {
    let deleted_2 = b"\x28\x02"; // ChatMessage.deleted = 5
    let deleted_128 = b"\x28\x80\x01";
    let deleted_1_in_5_bytes = b"\x28\x81\x80\x80\x80\x00";
    for frame in [
        deleted_2.as_slice(),
        deleted_128,
        deleted_1_in_5_bytes,
        TRUE_AS_2_TO_32,
        TRUE_AS_2_TO_35,
        TRUE_AS_2_TO_63,
    ] {
        for chat in both!(ChatMessage, frame) {
            assert!(chat.deleted, "{frame:02x?}");
        }
    }
}

#[test]
fn entries_of_a_map_may_have_any_order_and_unknown_fields() {
    for frame in [ENTRY, ENTRY_BACKWARDS, ENTRY_AND_UNKNOWN] {
        for trailer in both!(data_stream::Trailer, frame) {
            assert_eq!(trailer.attributes.get("k").unwrap(), "v", "{frame:02x?}");
        }
    }
}

/// In LiveKit an attribute with an empty value means "delete it", and prost leaves the value out.
#[test]
fn the_half_of_an_entry_that_is_left_out_is_its_default() {
    for (entry, key, value) in
        [(ENTRY_WITHOUT_VALUE, "k", ""), (ENTRY_WITHOUT_KEY, "", "v"), (ENTRY_WITHOUT_BOTH, "", "")]
    {
        for trailer in both!(data_stream::Trailer, entry) {
            let entries: Vec<_> = trailer.attributes.iter().map(|(k, v)| (&**k, &**v)).collect();
            assert_eq!(entries, [(key, value)]);
        }
    }
}

#[test]
fn of_two_entries_with_one_key_the_last_one_counts() {
    for last in [ENTRY_EMPTY_VALUE, ENTRY_WITHOUT_VALUE] {
        let frame = [ENTRY, last].concat();
        for trailer in both!(data_stream::Trailer, &frame) {
            assert_eq!(trailer.attributes.len(), 1);
            assert_eq!(trailer.attributes.get("k").unwrap(), "");
        }
        let trailer: borrowed::data_stream::Trailer = from_bytes(&frame).unwrap();
        assert_eq!(trailer.attributes.get("k"), Some(""));
    }
}

/// DataTrackSubscriberHandles.sub_handles = 1: publisher_identity = 1, publisher_sid = 2.
#[test]
fn the_value_of_an_entry_that_is_a_message_is_merged_too() {
    let frame = b"\x0a\x0c\x12\x03\x0a\x01i\x08\x05\x12\x03\x12\x01s";
    for handles in both!(DataTrackSubscriberHandles, frame) {
        let track = handles.sub_handles.get(&5).expect("the entry has the key 5");
        assert_eq!((&*track.publisher_identity, &*track.publisher_sid), ("i", "s"));
    }
}

/// No list of numbers travels on a data channel, so this one is of signalling.
#[test]
fn lists_of_numbers_may_be_packed_or_not_and_both_in_one_frame() {
    let not_packed = b"\x48\x01\x48\x02\x48\x03"; // can_publish_sources = 9
    let packed = b"\x4a\x03\x01\x02\x03";
    let mixed = b"\x48\x01\x4a\x01\x02\x4a\x00\x48\x03";
    for frame in [not_packed.as_slice(), packed, mixed] {
        for permission in both!(ParticipantPermission, frame) {
            assert_eq!(permission.can_publish_sources, [1, 2, 3].map(TrackSource), "{frame:02x?}");
        }
    }
}
