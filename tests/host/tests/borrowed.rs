//! What people do with borrowed messages: building, reading, keeping, and the errors on the way.

#![cfg(feature = "messages")]

use livekit_micro::DecodeError::{self, Malformed as Bad};
use livekit_micro::borrowed::data_packet::Value;
use livekit_micro::borrowed::{
    DataPacket, DataTrackSubscriberHandles, MetricSample, ParticipantInfo, RpcRequest,
    SignalResponse, Transcription, TranscriptionSegment, UserPacket, signal_response,
};
use livekit_micro::{
    CapacityKind, EncodeError, Malformed, RepeatedMessages, Submessage, encoded_len, from_bytes,
    owned, to_slice, validate,
};

// DataPacket.user = 2: payload = 2, topic = 4, destination_identities = 6
const PAYLOAD: &[u8] = b"\x12\x03\x12\x01p";
const TOPIC: &[u8] = b"\x12\x03\x22\x01t";
const SEQUENCE: &[u8] = b"\x80\x01\x07";
const TO_A: &[u8] = b"\x12\x03\x32\x01a";
const TO_B: &[u8] = b"\x12\x03\x32\x01b";

fn user<'a>(packet: &DataPacket<'a>) -> Submessage<'a, UserPacket<'a>> {
    match packet.value {
        Some(Value::User(user)) => user,
        ref other => panic!("not a user packet: {other:?}"),
    }
}

#[test]
fn a_message_of_static_parts_stands_for_one_of_shorter_ones() {
    fn shorter<'s>(packet: DataPacket<'static>, _: &'s str) -> DataPacket<'s> {
        packet
    }
    static USER: UserPacket = UserPacket {
        payload: b"ping",
        destination_identities: livekit_micro::Repeated::new(&["robot"]),
        ..UserPacket::new()
    };
    let packet =
        DataPacket { value: Some(Value::User(Submessage::new(&USER))), ..Default::default() };
    let local = String::from("local");
    assert_eq!(encoded_len(&shorter(packet, &local)), 15);
}

#[test]
fn messages_cross_threads() {
    fn check<T: Send + Sync>() {}
    check::<DataPacket>();
    check::<SignalResponse>();
    check::<livekit_micro::borrowed::google::protobuf::Value>();
}

#[test]
fn a_buffer_that_is_too_small_says_what_is_needed_at_every_length() {
    let said = [TranscriptionSegment { text: "stop", ..Default::default() }; 3];
    let all = Transcription { segments: RepeatedMessages::new(&said), ..Default::default() };
    let packet =
        DataPacket { value: Some(Value::Transcription((&all).into())), ..Default::default() };
    let needed = encoded_len(&packet);
    for available in 0..needed {
        let too_small = EncodeError::BufferTooSmall { needed, available };
        assert_eq!(to_slice(&packet, &mut vec![0; available]), Err(too_small));
    }
    assert_eq!(to_slice(&packet, &mut vec![0; needed + 9]).unwrap().len(), needed);
}

#[test]
fn a_submessage_in_two_parts_of_one_message_is_merged() {
    let frame = [PAYLOAD, SEQUENCE, TOPIC].concat();
    let packet: DataPacket = from_bytes(&frame).unwrap();
    let user = user(&packet).read().unwrap();
    assert_eq!((user.payload, user.topic, packet.sequence), (&b"p"[..], Some("t"), 7));
    // And sent on as it came.
    let mut buf = [0; 32];
    let again = to_slice(&packet, &mut buf).unwrap();
    assert_eq!(again, [PAYLOAD, TOPIC, SEQUENCE].concat());
}

#[test]
fn a_list_in_both_parts_of_a_submessage_is_refused_by_borrowed_and_merged_by_owned() {
    let frame = [TO_A, SEQUENCE, TO_B].concat();
    let packet: DataPacket = from_bytes(&frame).unwrap();
    let split = Bad { kind: Malformed::SplitSubmessage, offset: TO_A.len() + SEQUENCE.len() + 2 };
    assert_eq!(user(&packet).read(), Err(split));
    assert_eq!(validate(&packet), Err(split));

    let merged: owned::DataPacket = from_bytes(&frame).unwrap();
    let Some(owned::data_packet::Value::User(user)) = &merged.value else { panic!("no user") };
    assert_eq!(user.destination_identities.as_slice(), ["a", "b"]);
    // What is received is merged on the way to owned as well.
    assert_eq!(owned::DataPacket::try_from(packet).unwrap(), merged);
}

#[test]
fn an_error_deep_inside_counts_from_the_start_of_the_frame() {
    // SignalResponse.join = 1: participant = 2: identity = 2, not UTF-8 at its second byte
    let frame = b"\x0a\x08\x12\x06\x12\x04ab\xffd";
    let response: SignalResponse = from_bytes(frame).unwrap();
    let bad = Bad { kind: Malformed::Utf8, offset: 8 };
    assert_eq!(validate(&response), Err(bad));
    let Some(signal_response::Message::Join(join)) = response.message else { panic!("no join") };
    let participant = join.read().unwrap().participant.unwrap();
    assert_eq!(participant.read(), Err(bad));
    assert_eq!(from_bytes::<owned::SignalResponse>(frame), Err(bad));
}

#[test]
fn an_error_in_a_list_counts_from_the_start_of_the_frame() {
    // DataPacket.transcription = 7: segments = 4: one in order, and one that is cut
    let frame = b"\x3a\x09\x22\x03\x12\x01a\x22\x02\x12\x05";
    let packet: DataPacket = from_bytes(frame).unwrap();
    let Some(Value::Transcription(said)) = packet.value else { panic!("no transcription") };
    let segments = said.read().unwrap().segments;
    assert_eq!(segments.len(), 2);
    assert_eq!(segments.get(0).unwrap().read().unwrap().text, "a");
    let cut = Bad { kind: Malformed::Truncated, offset: 9 };
    assert_eq!(segments.get(1).unwrap().read(), Err(cut));
    assert_eq!(validate(&packet), Err(cut));
}

#[test]
fn what_does_not_fit_names_the_field_how_much_came_and_how_much_fits() {
    let to = ["a", "b", "c"];
    let long = UserPacket { destination_identities: (&to).into(), ..Default::default() };
    let packet = DataPacket { value: Some(Value::User((&long).into())), ..Default::default() };
    let refused = owned::DataPacket::try_from(packet).unwrap_err();
    let DecodeError::Capacity(over) = refused else { panic!("{refused}") };
    assert_eq!(over.field(), "livekit.UserPacket.destination_identities");
    assert_eq!((over.kind(), over.actual(), over.capacity()), (CapacityKind::Items, 3, 2));
    // The same, decoded.
    let mut buf = [0; 64];
    let frame = to_slice(&packet, &mut buf).unwrap();
    assert_eq!(from_bytes::<owned::DataPacket>(frame), Err(refused));
    assert_eq!(
        refused.to_string(),
        "livekit.UserPacket.destination_identities: 3 items received, capacity is 2; raise its limit"
    );
}

#[test]
fn a_value_of_a_map_that_is_a_message_is_read_on_demand() {
    // sub_handles = 1: 5 to a message in two parts, 6 to nothing, 5 again
    let frame = b"\x0a\x0c\x12\x03\x0a\x01i\x08\x05\x12\x03\x12\x01s\x0a\x02\x08\x06";
    let handles: DataTrackSubscriberHandles = from_bytes(frame).unwrap();
    assert_eq!(handles.sub_handles.len(), 2);
    let read = |key: u32| handles.sub_handles.get(key).unwrap().read().unwrap();
    assert_eq!((read(5).publisher_identity, read(5).publisher_sid), ("i", "s"));
    assert_eq!(read(6), Default::default());
    assert!(handles.sub_handles.get(7u32).is_none());
}

#[test]
fn of_a_key_that_came_twice_the_last_entry_counts() {
    let frame = b"\x7a\x06\x0a\x01k\x12\x01v\x7a\x06\x0a\x01k\x12\x01w"; // attributes = 15
    let participant: ParticipantInfo = from_bytes(frame).unwrap();
    assert_eq!(participant.attributes.get("k"), Some("w"));
    assert_eq!(participant.attributes.len(), 2);
    let kept = owned::ParticipantInfo::try_from(participant).unwrap();
    assert_eq!(kept.attributes.len(), 1);
}

#[test]
fn received_and_built_messages_are_equal_if_they_hold_the_same() {
    let user = UserPacket { payload: b"p", topic: Some("t"), ..Default::default() };
    let built = DataPacket { value: Some(Value::User((&user).into())), ..Default::default() };
    let mut buf = [0; 32];
    let frame = to_slice(&built, &mut buf).unwrap();
    let received: DataPacket = from_bytes(frame).unwrap();
    assert_eq!(received, built);
    assert_eq!(received, received);
    let other = UserPacket { payload: b"q", ..user };
    let other = DataPacket { value: Some(Value::User((&other).into())), ..Default::default() };
    assert_ne!(received, other);
    assert_ne!(built, other);
}

/// As Google's encoders; prost takes it for the default.
#[test]
fn minus_zero_is_sent_by_both_families() {
    let sent = b"\x1d\0\0\0\x80"; // MetricSample.value = 3
    let sample = MetricSample { value: -0.0, ..Default::default() };
    let mut buf = [0; 8];
    assert_eq!(to_slice(&sample, &mut buf).unwrap(), sent);
    let kept = owned::MetricSample::try_from(sample).unwrap();
    assert_eq!(to_slice(&kept, &mut buf).unwrap(), sent);
    assert!(from_bytes::<MetricSample>(sent).unwrap().value.is_sign_negative());
}

#[test]
fn a_field_of_another_wire_type_is_an_unknown_one_in_both_families() {
    let frame = b"\x08\x05\x20\x07"; // RpcRequest.id = 1 as a number, response_timeout_ms = 4
    let request: RpcRequest = from_bytes(frame).unwrap();
    assert_eq!((request.id, request.response_timeout_ms), ("", 7));
    let request: owned::RpcRequest = from_bytes(frame).unwrap();
    assert_eq!((request.id.as_str(), request.response_timeout_ms), ("", 7));
}

/// What a list or map says of itself.
macro_rules! says {
    ($list:expr) => {{
        let list = $list;
        let copy = list.clone();
        assert!(copy == list);
        assert_eq!((list.is_empty(), list.len()), (list.iter().count() == 0, list.iter().count()));
        list.len()
    }};
}

#[test]
fn lists_and_maps_say_how_many_items_they_have_whether_built_or_received() {
    use livekit_micro::borrowed::{AudioTrackFeature, TrackInfo};
    let features = [AudioTrackFeature::TfStereo, AudioTrackFeature::TfNoDtx];
    let said = [TranscriptionSegment { text: "stop", ..Default::default() }; 3];
    for len in 0..3 {
        let identities = ["a", "b", "c"];
        let user = UserPacket {
            destination_identities: livekit_micro::Repeated::new(&identities[..len]),
            ..Default::default()
        };
        let track = TrackInfo {
            audio_features: livekit_micro::Repeated::new(&features[..len.min(2)]),
            ..Default::default()
        };
        let all =
            Transcription { segments: RepeatedMessages::new(&said[..len]), ..Default::default() };
        let pairs = [("k", "v"), ("", ""), ("l", "w")];
        let participant = ParticipantInfo {
            attributes: livekit_micro::MapView::new(&pairs[..len]),
            ..Default::default()
        };
        let mut buf = [0; 256];
        let encoded = to_slice(&user, &mut buf).expect("it fits");
        let received: UserPacket = from_bytes(encoded).expect("a message");
        assert_eq!(
            (says!(user.destination_identities), len),
            (len, says!(received.destination_identities))
        );
        for (at, identity) in identities.iter().enumerate() {
            let expected = (at < len).then_some(*identity);
            assert_eq!(user.destination_identities.get(at), expected);
            assert_eq!(received.destination_identities.get(at), expected);
        }
        let encoded = to_slice(&track, &mut buf).expect("it fits");
        let received: TrackInfo = from_bytes(encoded).expect("a message");
        assert_eq!(says!(track.audio_features), says!(received.audio_features));
        assert_eq!(received.audio_features.get(0), features[..len.min(2)].first().copied());
        let encoded = to_slice(&all, &mut buf).expect("it fits");
        let received: Transcription = from_bytes(encoded).expect("a message");
        assert_eq!((says!(all.segments), len), (len, says!(received.segments)));
        let encoded = to_slice(&participant, &mut buf).expect("it fits");
        let received: ParticipantInfo = from_bytes(encoded).expect("a message");
        assert_eq!((says!(participant.attributes), len), (len, says!(received.attributes)));
    }
}

#[test]
fn an_error_of_a_capacity_says_what_it_counts() {
    use livekit_micro::limits;
    let long = "x".repeat(5_000);
    let many = vec!["a"; 500];
    let keys = [(long.as_str(), "v")];
    let values = [("k", long.as_str())];
    let kind = |participant: ParticipantInfo<'_>| {
        let error = owned::ParticipantInfo::try_from(participant).expect_err("too long");
        let DecodeError::Capacity(error) = error else { panic!("{error}") };
        let text = format!("{error:?} {error}");
        assert!(text.contains(error.field()) && text.contains("5000"), "{text}");
        error.kind()
    };
    let empty = ParticipantInfo::new();
    assert_eq!(kind(ParticipantInfo { name: &long, ..empty }), CapacityKind::Bytes);
    let attributes = livekit_micro::MapView::new(&keys);
    assert_eq!(kind(ParticipantInfo { attributes, ..empty }), CapacityKind::KeyBytes);
    let attributes = livekit_micro::MapView::new(&values);
    assert_eq!(kind(ParticipantInfo { attributes, ..empty }), CapacityKind::ValueBytes);
    let user = UserPacket {
        destination_identities: livekit_micro::Repeated::new(&many),
        ..Default::default()
    };
    let error = owned::UserPacket::try_from(user).expect_err("too many");
    let DecodeError::Capacity(error) = error else { panic!("{error}") };
    assert_eq!((error.kind(), error.actual()), (CapacityKind::Items, 500));
    assert!(!limits::knobs_of(error.field()).is_empty());
}
