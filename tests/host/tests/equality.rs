//! When two messages are equal, and that comparing them takes a bounded time.

#![cfg(feature = "messages")]

use livekit_micro::borrowed::data_packet::Value;
use livekit_micro::borrowed::data_stream::Trailer;
use livekit_micro::borrowed::{
    DataPacket, ParticipantInfo, ParticipantPermission, Transcription, TranscriptionSegment,
    UserPacket,
};
use livekit_micro::owned::google::protobuf::{Json, Struct};
use livekit_micro::{Decode, Encode, encoded_len, from_bytes, owned, to_slice};

/// Entries up to which the order does not count.
const UNORDERED: usize = 32;

fn encode(message: &impl Encode) -> Vec<u8> {
    let mut buf = vec![0; encoded_len(message)];
    to_slice(message, &mut buf).expect("the buffer has that length").to_vec()
}

/// Whether two encodings are equal as messages, which does not depend on the side they are on.
fn are_equal<'a, M: Decode<'a> + PartialEq + std::fmt::Debug>(
    one: &'a [u8],
    two: &'a [u8],
) -> bool {
    let [one, two] = [one, two].map(|encoded| from_bytes::<M>(encoded).expect("it is valid"));
    let (forwards, backwards) = (one == two, two == one);
    assert_eq!(forwards, backwards);
    one == two
}

/// A trailer with these attributes, encoded.
fn trailer(attributes: &[(&str, &str)]) -> Vec<u8> {
    encode(&Trailer { attributes: attributes.into(), ..Default::default() })
}

/// The attributes `0` to `count`, each with its number as value.
fn numbered(count: usize) -> Vec<(&'static str, &'static str)> {
    let text = |number: usize| &*number.to_string().leak();
    (0..count).map(|number| (text(number), text(number))).collect()
}

fn reversed<'e>(entries: &[(&'e str, &'e str)]) -> Vec<(&'e str, &'e str)> {
    entries.iter().rev().copied().collect()
}

#[test]
fn many_entries_are_compared_in_order_with_whatever_is_on_the_other_side() {
    let few = numbered(UNORDERED);
    // The same map: its first entry is there twice.
    let many = [&few[..1], &few].concat();
    assert!(!are_equal::<Trailer>(&trailer(&many), &trailer(&few)));
    assert!(are_equal::<Trailer>(&trailer(&many[1..]), &trailer(&reversed(&few))));
}

#[test]
fn maps_are_equal_if_every_key_has_the_same_value() {
    let ab = trailer(&[("a", "1"), ("b", "2")]);
    for (others, expected) in [
        ([("b", "2"), ("a", "1")], true),
        ([("a", "1"), ("b", "3")], false),
        ([("a", "3"), ("b", "2")], false),
        ([("a", "1"), ("c", "2")], false),
        ([("a", "1"), ("a", "1")], false),
    ] {
        let other = trailer(&others);
        assert_eq!(are_equal::<Trailer>(&ab, &other), expected, "{others:?}");
        assert_eq!(are_equal::<owned::data_stream::Trailer>(&ab, &other), expected, "{others:?}");
    }
    assert!(!are_equal::<Trailer>(&ab, &trailer(&[("a", "1")])));
    assert!(!are_equal::<Trailer>(&ab, b""));
    assert!(!are_equal::<owned::data_stream::Trailer>(&ab, &trailer(&[("a", "1")])));
}

#[test]
fn the_last_entry_of_a_key_is_compared() {
    let twice = trailer(&[("a", "1"), ("a", "2")]);
    assert!(are_equal::<Trailer>(&twice, &trailer(&[("a", "2")])));
    assert!(!are_equal::<Trailer>(&twice, &trailer(&[("a", "1")])));
}

#[test]
fn the_order_of_more_than_32_entries_counts() {
    for (count, expected) in [(UNORDERED, true), (UNORDERED + 1, false)] {
        let entries = numbered(count);
        let (one, other) = (trailer(&entries), trailer(&reversed(&entries)));
        assert_eq!(are_equal::<Trailer>(&one, &other), expected, "{count} entries");
        assert!(are_equal::<Trailer>(&one, &one));
    }
    let (full, over) = (numbered(UNORDERED), numbered(UNORDERED + 1));
    assert!(!are_equal::<Trailer>(&trailer(&full), &trailer(&over)));
}

/// If comparing took the square of the entries, this would take 400 times what 4 000 entries take,
/// which was 1.4 s in a release build.
#[test]
fn maps_of_80_000_entries_are_compared_in_one_pass() {
    let mut entries = numbered(80_000);
    let encoded = trailer(&entries);
    assert!(are_equal::<Trailer>(&encoded, &encoded));
    entries[79_999].1 = "another";
    assert!(!are_equal::<Trailer>(&encoded, &trailer(&entries)));
    assert!(!are_equal::<Trailer>(&encoded, &trailer(&reversed(&entries))));
}

#[test]
fn lists_that_differ_in_the_second_item_are_different() {
    let packet = |to: &[&str]| {
        encode(&DataPacket { destination_identities: to.into(), ..Default::default() })
    };
    let ab = packet(&["a", "b"]);
    assert!(are_equal::<DataPacket>(&ab, &packet(&["a", "b"])));
    for other in [&["a", "c"][..], &["a"], &["a", "b", "c"], &["b", "a"]] {
        assert!(!are_equal::<DataPacket>(&ab, &packet(other)), "{other:?}");
    }
    for other in [&["a", "c"][..], &["a"], &["b", "a"]] {
        assert!(!are_equal::<owned::DataPacket>(&ab, &packet(other)), "{other:?}");
    }

    let said = |texts: &[&'static str]| {
        let segments: Vec<_> =
            texts.iter().map(|&text| TranscriptionSegment { text, ..Default::default() }).collect();
        encode(&Transcription { segments: segments[..].into(), ..Default::default() })
    };
    let ab = said(&["a", "b"]);
    assert!(are_equal::<Transcription>(&ab, &said(&["a", "b"])));
    for other in [&["a", "c"][..], &["a"], &["a", "b", "c"]] {
        assert!(!are_equal::<Transcription>(&ab, &said(other)), "{other:?}");
    }
}

#[test]
fn submessages_that_differ_in_their_second_part_are_different() {
    // DataPacket.user = 2, in two parts: payload = 2, topic = 4
    let parts = |topic: &[u8; 1]| [b"\x12\x03\x12\x01p\x12\x03\x22\x01", &topic[..]].concat();
    assert!(are_equal::<DataPacket>(&parts(b"t"), &parts(b"t")));
    assert!(!are_equal::<DataPacket>(&parts(b"t"), &parts(b"u")));
}

#[test]
fn a_submessage_read_into_another_leaves_nothing_of_it() {
    let full = UserPacket { payload: b"p", topic: Some("t"), ..Default::default() };
    let value = |user| DataPacket { value: Some(Value::User(user)), ..Default::default() };
    let (full_packet, empty) = (encode(&value((&full).into())), UserPacket::default());
    let empty_packet = encode(&value((&empty).into()));
    let mut message = UserPacket::default();
    for (encoded, expected) in [(&full_packet, full), (&empty_packet, empty)] {
        let packet: DataPacket = from_bytes(encoded).unwrap();
        let Some(Value::User(user)) = packet.value else { panic!("it is a user packet") };
        assert_eq!(*user.read_into(&mut message).unwrap(), expected);
    }

    let full = TranscriptionSegment { text: "stop", ..Default::default() };
    let segments = [full, TranscriptionSegment::default()];
    let all = encode(&Transcription { segments: (&segments).into(), ..Default::default() });
    let received: Transcription = from_bytes(&all).unwrap();
    let mut message = TranscriptionSegment::default();
    for (item, expected) in received.segments.iter().zip(segments) {
        assert_eq!(*item.read_into(&mut message).unwrap(), expected);
    }
}

#[test]
fn objects_of_more_than_32_entries_are_compared_in_order() {
    let object = |entries: &[(&str, &str)]| {
        let mut object = Struct::new();
        for (key, _) in entries {
            object.insert(key, Json::Bool(true)).expect("it has the capacity");
        }
        object
    };
    for (count, expected) in [(UNORDERED, true), (UNORDERED + 1, false)] {
        let entries = numbered(count);
        let (one, other) = (object(&entries), object(&reversed(&entries)));
        assert_eq!(one == other, expected, "{count} entries");
        assert_eq!(one, one);
    }
}

#[test]
fn submessages_are_equal_whether_they_were_received_or_not() {
    let [subscriber, publisher] = [false, true]
        .map(|can_publish| ParticipantPermission { can_publish, ..Default::default() });
    let with = |permission| ParticipantInfo { permission: Some(permission), ..Default::default() };
    let [one, other] = [&subscriber, &publisher].map(|it| with(it.into()));
    let encoded = [encode(&one), encode(&other)];
    let [received_one, received_other] =
        encoded.each_ref().map(|it| from_bytes::<ParticipantInfo<'_>>(it).expect("it is valid"));
    for (left, right, expected) in [
        (&one, &one, true),
        (&one, &other, false),
        (&one, &received_one, true),
        (&one, &received_other, false),
        (&received_one, &received_one, true),
        (&received_one, &received_other, false),
    ] {
        assert_eq!(left == right, expected, "{left:?}, {right:?}");
        assert_eq!(right == left, expected, "{right:?}, {left:?}");
    }
}
