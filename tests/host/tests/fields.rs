//! Fields of received messages between which others stand, and messages that are built, beside prost.

#![cfg(feature = "messages")]

use livekit_micro::DecodeError::{self, Malformed as Bad};
use livekit_micro::borrowed::google::protobuf::{ListValue, Value, value::Kind};
use livekit_micro::borrowed::{
    DataPacket, ParticipantInfo, ParticipantPermission, TrackInfo, UserPacket, data_packet,
};
use livekit_micro::{
    Encode, Malformed, Writer, encoded_len, from_bytes, owned, to_slice, to_slice_with, validate,
};
use livekit_protocol as theirs;
use prost_reflect::prost::Message as _;

fn encode(message: &impl Encode) -> Vec<u8> {
    let mut buf = vec![0; encoded_len(message)];
    to_slice(message, &mut buf).expect("the buffer has that length").to_vec()
}

#[test]
fn what_is_built_is_written_as_prost_writes_it() {
    let permission = ParticipantPermission { can_publish: true, ..Default::default() };
    let tracks = [TrackInfo { sid: "TR_a", type_: 1.into(), ..Default::default() }];
    let (details, attributes) = ([1.into(), 2.into()], [("a", "1"), ("empty", "")]);
    let info = ParticipantInfo {
        sid: "PA_a",
        state: 2.into(),
        tracks: (&tracks).into(),
        permission: Some((&permission).into()),
        kind_details: (&details).into(),
        attributes: (&attributes[..1]).into(),
        ..Default::default()
    };
    let expected = theirs::ParticipantInfo {
        sid: "PA_a".into(),
        state: 2,
        tracks: vec![theirs::TrackInfo { sid: "TR_a".into(), r#type: 1, ..Default::default() }],
        permission: Some(theirs::ParticipantPermission { can_publish: true, ..Default::default() }),
        kind_details: vec![1, 2],
        attributes: [("a".into(), "1".into())].into(),
        ..Default::default()
    };
    let encoded = encode(&info);
    assert_eq!(encoded, expected.encode_to_vec());
    // And sent on as it came.
    let received: ParticipantInfo = from_bytes(&encoded).unwrap();
    assert_eq!(encode(&received), encoded);
    assert_eq!(encode(&from_bytes::<owned::ParticipantInfo>(&encoded).unwrap()), encoded);

    // A oneof's message of more than 127 bytes, with an optional text that is empty.
    let payload = [7; 200];
    let user = UserPacket { payload: &payload, topic: Some(""), ..Default::default() };
    let packet =
        DataPacket { value: Some(data_packet::Value::User((&user).into())), ..Default::default() };
    let expected = theirs::DataPacket {
        value: Some(theirs::data_packet::Value::User(theirs::UserPacket {
            payload: payload.into(),
            topic: Some(String::new()),
            ..Default::default()
        })),
        ..Default::default()
    };
    assert_eq!(encode(&packet), expected.encode_to_vec());
}

#[test]
fn a_oneof_of_values_and_messages_is_written_whatever_it_holds() {
    let null = Value { kind: Some(Kind::NullValue(0.into())) };
    let (no, yes) = (null, Value { kind: Some(Kind::BoolValue(true)) });
    let values = [no, yes];
    let list = ListValue { values: (&values).into() };
    let all = Value { kind: Some(Kind::ListValue((&list).into())) };
    for (value, expected) in [
        (no, &b"\x08\x00"[..]),
        (yes, b"\x20\x01"),
        (all, b"\x32\x08\x0a\x02\x08\x00\x0a\x02\x20\x01"),
    ] {
        assert_eq!(encode(&value), expected);
        assert_eq!(encode(&from_bytes::<Value<'_>>(expected).unwrap()), expected);
    }
}

#[test]
fn the_writer_has_texts_with_and_without_presence_and_bytes_that_are_in_place() {
    let mut buf = [0; 16];
    let written = to_slice_with(&mut buf, |w: &mut Writer<'_>| {
        w.put_str(0x1a, "");
        w.put_str(0x12, "ab");
        w.str(0x0a, "");
        w.str(0x0a, "c");
    });
    assert_eq!(written, Ok(&b"\x0a\x01c\x12\x02ab\x1a\x00"[..]));
    let mut buf = *b"............text";
    let written = to_slice_with(&mut buf, |w| w.bytes_in_place(0x12, 4));
    assert_eq!(written, Ok(&b"\x12\x04text"[..]));
}

// ParticipantInfo: sid = 1, tracks = 4, name = 9, permission = 11, kind_details = 18
const SUBSCRIBE: &[u8] = b"\x5a\x02\x08\x01";
const PUBLISH: &[u8] = b"\x5a\x02\x10\x01";
const SID: &[u8] = b"\x0a\x02\x18\x01";

#[test]
fn other_fields_between_the_parts_of_a_submessage_are_none_of_it() {
    let encoded = [SUBSCRIBE, SID, PUBLISH].concat();
    let info: ParticipantInfo = from_bytes(&encoded).unwrap();
    let permission = info.permission.unwrap();
    let read = permission.read().unwrap();
    let expected =
        ParticipantPermission { can_subscribe: true, can_publish: true, ..Default::default() };
    assert_eq!(read, expected);
    // Its length is that of both parts without the tag and the length of the first.
    assert_eq!(format!("{permission:?}"), "<6 bytes>");
    // Its length has a byte without one of the lower bits: an unknown field of 126 bytes.
    let encoded = [&b"\x5a\x80\x01\x7a\x7e"[..], &[0; 126]].concat();
    let info: ParticipantInfo = from_bytes(&encoded).unwrap();
    assert_eq!(format!("{:?}", info.permission.unwrap()), "<128 bytes>");
}

#[test]
fn lists_are_equal_whatever_follows_them() {
    let track = b"\x22\x06\x0a\x04TR_a";
    let [one, other] = [&b"\x4a\x01x"[..], b"\x4a\x01y"].map(|name| [&track[..], name].concat());
    let [one, other] = [&one, &other].map(|it| from_bytes::<ParticipantInfo<'_>>(it).unwrap());
    assert!(one.tracks == other.tracks && one != other);
    let none = from_bytes::<ParticipantInfo<'_>>(b"\x4a\x01x").unwrap();
    assert!(one.tracks != none.tracks);
}

#[test]
fn an_item_of_another_wire_type_is_no_item() {
    // kind_details: packed 1 and 2; a fixed32; 3 by itself.
    let encoded = b"\x92\x01\x02\x01\x02\x95\x01\x07\x00\x00\x00\x90\x01\x03";
    let info: ParticipantInfo = from_bytes(encoded).unwrap();
    assert_eq!(info.kind_details, (&[1.into(), 2.into(), 3.into()]).into());
    let info: owned::ParticipantInfo = from_bytes(encoded).unwrap();
    assert_eq!(info.kind_details.as_slice(), [1.into(), 2.into(), 3.into()]);
}

#[test]
fn a_wire_type_that_does_not_exist_is_found_inside_a_group_too() {
    for wire in [6, 7] {
        // Group 100 with a field 1.
        let encoded = [0xa3, 0x06, 0x08 | wire, 0x01, 0xa4, 0x06];
        let error = Bad { kind: Malformed::WireType, offset: 2 };
        assert_eq!(from_bytes::<DataPacket<'_>>(&encoded), Err(error));
        assert_eq!(from_bytes::<owned::DataPacket>(&encoded), Err(error));
    }
}

fn field(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    prost_reflect::prost::encoding::encode_varint(content.len() as u64, &mut out);
    out.extend(content);
    out
}

/// A `Struct` in so many others, each the value of a key; the value of the innermost key is `last`.
fn nested(depth: usize, last: &[u8]) -> Vec<u8> {
    let mut fields = field(0x0a, &[b"\x0a\x01k", last].concat());
    for _ in 0..depth {
        let value = field(0x12, &field(0x2a, &fields));
        fields = field(0x0a, &[b"\x0a\x01k", &value[..]].concat());
    }
    fields
}

#[test]
fn a_value_that_is_left_out_is_not_nested() {
    let check = |depth, last: &[u8]| -> Result<(), DecodeError> {
        validate(&from_bytes::<Value<'_>>(&field(0x2a, &nested(depth, last)))?)
    };
    // The first depth at which an empty value is too deep.
    let deepest =
        (1..60).find(|depth| check(*depth, b"\x12\x00").is_err()).expect("50 are allowed");
    assert!(matches!(check(deepest, b"\x12\x00"), Err(Bad { kind: Malformed::Nesting, .. })));
    assert_eq!(check(deepest, b""), Ok(()));
    assert!(check(deepest + 1, b"").is_err());
}
