//! What is taken, and which key opens it.

use livekit_micro::e2ee::{OpenError, ParticipantKeys, Policy};
use livekit_protocol::{ChatMessage, RpcAck, RpcRequest, RpcResponse};

use super::*;

fn kinds() -> [Value; 8] {
    [
        user(b"21.5"),
        Value::ChatMessage(ChatMessage::default()),
        Value::RpcRequest(RpcRequest { version: 1, ..Default::default() }),
        Value::RpcAck(RpcAck::default()),
        Value::RpcResponse(RpcResponse::default()),
        Value::StreamHeader(header("a")),
        chunk("a", 0, b"x"),
        trailer("a", ""),
    ]
}

#[test]
fn what_can_be_encrypted_is_refused_if_it_is_not() {
    for value in kinds() {
        let mut device = device();
        let (seen, replies) = received(&mut device, packet(ALICE, 1, value));
        assert_eq!((seen, replies), (refused(OpenError::Unencrypted), vec![]));
        assert!(!device.was_encrypted());
    }
    // Of a server, which cannot encrypt: SendData and PerformRpc over HTTP.
    let mut frame = theirs::DataPacket { value: Some(user(b"x")), ..Default::default() };
    frame.sequence = 0;
    let (seen, _) = received(&mut device(), frame.encode_to_vec());
    assert_eq!(seen, Seen::Refused { from: String::new(), error: OpenError::Unencrypted });
}

#[test]
fn what_cannot_be_encrypted_is_taken_as_it_is() {
    for value in [
        Value::Metrics(Default::default()),
        Value::SipDtmf(Default::default()),
        Value::Transcription(Default::default()),
        #[allow(deprecated)]
        Value::Speaker(Default::default()),
    ] {
        assert_eq!(received(&mut device(), packet(ALICE, 1, value)).0, Seen::Other);
    }
}

#[test]
fn policies_differ_in_what_is_not_encrypted() {
    for (policy, plain, encrypted, is_sent_encrypted) in [
        (Policy::Require, refused(OpenError::Unencrypted), data(b"in"), true),
        (Policy::Accept, data(b"in"), data(b"in"), true),
        (Policy::Off, data(b"in"), Seen::Other, false),
    ] {
        let mut device = device();
        device.e2ee().policy = policy;
        assert_eq!(received(&mut device, packet(ALICE, 1, user(b"in"))).0, plain, "{policy:?}");
        assert!(!device.was_encrypted());
        assert_eq!(received(&mut device, sealed(2, user(b"in"))).0, encrypted, "{policy:?}");
        assert_eq!(device.was_encrypted(), policy != Policy::Off);
        let (mut buf, data) = ([0; 128], Default::default());
        let frame = device.publish_data(&data, &mut buf).expect("it fits");
        let packet = theirs::DataPacket::decode(frame).expect("a packet");
        let is_encrypted = matches!(packet.value, Some(Value::EncryptedPacket(_)));
        assert_eq!(is_encrypted, is_sent_encrypted, "{policy:?}");
    }
}

#[test]
fn a_device_without_a_key_neither_sends_nor_takes() {
    use livekit_micro::data::SendError;
    use livekit_micro::e2ee::SealError;

    let mut device = Encrypted::with_encryption(E2ee::new(KeyRing::<2>::new()));
    let mut buf = [0; 128];
    let mut publish = |device: &mut Encrypted| {
        let error = device.publish_data(&Default::default(), &mut buf).map(drop);
        assert_eq!(device.publish_lossy_data(&Default::default(), &mut buf).map(drop), error);
        assert_eq!(device.local.last_sequence(), 0);
        error
    };
    assert_eq!(publish(&mut device), Err(SendError::Encryption(SealError::NoKey)));
    let error = OpenError::NoKey { key_index: 0 };
    assert_eq!(received(&mut device, sealed(1, user(b"x"))).0, refused(error));
    device.e2ee().keys.set(0, Key::new(KEY)).expect("an index below 16");
    assert_eq!(publish(&mut device), Err(SendError::Encryption(SealError::OutOfNonces)));
    assert_eq!(received(&mut device, sealed(2, user(b"x"))).0, data(b"x"));
    device.e2ee().seed([0; 8]);
    assert!(device.publish_data(&Default::default(), &mut buf).is_ok());
}

#[test]
fn every_kind_is_opened() {
    for value in kinds() {
        let (mut encrypted, mut plain) = (device(), Device::new());
        let mut open = |sequence, value: Value| {
            let (theirs, replies) = received(&mut encrypted, sealed(sequence, value.clone()));
            let (ours, acks) = receive(&mut plain, &packet(ALICE, sequence, value), 0);
            let replies: Vec<_> = replies.iter().map(|it| opened(it)).collect();
            let acks: Vec<_> = acks.into_iter().map(|it| it.value.expect("content")).collect();
            assert!(replies.iter().map(|(_, _, value)| value).eq(&acks), "{replies:?}, {acks:?}");
            (theirs, ours)
        };
        // A chunk or a trailer needs an open stream.
        if matches!(value, Value::StreamChunk(_) | Value::StreamTrailer(_)) {
            open(1, Value::StreamHeader(header("a")));
        }
        match open(2, value.clone()) {
            (Seen::Opened { from, payload }, Seen::Other) => {
                let Value::ChatMessage(chat) = value else { panic!("{value:?}") };
                let value = Some(encrypted_packet_payload::Value::ChatMessage(chat));
                let expected = EncryptedPacketPayload { value }.encode_to_vec();
                assert_eq!((from, payload), (ALICE.to_lowercase(), expected));
            }
            (theirs, ours) => assert_eq!(theirs, ours, "as without encryption"),
        }
    }
}

#[test]
fn another_key_and_an_unknown_index_are_told() {
    let mut device = device();
    let mut sequence = 0;
    let mut receive = |key: &[u8; 16], index| {
        sequence += 1;
        let value = Value::EncryptedPacket(encrypt(key, index, user(b"x")));
        received(&mut device, packet(ALICE, sequence, value)).0
    };
    assert_eq!(receive(b"somebody else's!", 0), refused(OpenError::WrongKey));
    for key_index in [1, 15, 16, 255, u32::MAX] {
        let error = OpenError::NoKey { key_index };
        assert_eq!(receive(&KEY, key_index), refused(error), "{key_index}");
    }
    assert_eq!(receive(&KEY, 0), data(b"x"));
}

#[test]
fn each_participant_has_a_key_of_its_own() {
    let mut device: Encrypted<ParticipantKeys<2>> =
        Session::with_encryption(E2ee::new(ParticipantKeys::new()));
    device.e2ee().seed([5; 8]);
    let keys = &mut device.e2ee().keys;
    keys.own.set(2, Key::new(KEY)).expect("an index below 16");
    keys.set("pa_alice0000000", 0, Key::new(*b"alice's 16 bytes")).expect("there is space");
    keys.set("pa_bob000000000", 0, Key::new(*b"bob's   16 bytes")).expect("there is space");
    let mut receive = |sid, key: &[u8; 16]| {
        let value = Value::EncryptedPacket(encrypt(key, 0, user(b"x")));
        received(&mut device, packet(sid, 0, value)).0
    };
    assert_eq!(receive(ALICE, b"alice's 16 bytes"), data(b"x"));
    assert_eq!(receive(ALICE, b"bob's   16 bytes"), refused(OpenError::WrongKey));
    assert_eq!(receive(ALICE, &KEY), refused(OpenError::WrongKey));
    assert!(matches!(receive(BOB, b"bob's   16 bytes"), Seen::Data { .. }));
    let carol = Seen::Refused { from: "pa_carol".into(), error: OpenError::NoKey { key_index: 0 } };
    assert_eq!(receive("PA_carol", &KEY), carol);
    // What is sent has this participant's own key and index.
    let mut buf = [0; 128];
    let (_, packet, _) =
        opened(device.publish_data(&Default::default(), &mut buf).expect("it fits"));
    assert_eq!(packet.key_index, 2);
}

#[test]
fn a_duplicate_is_not_opened_again() {
    let mut device = device();
    let frame = sealed(7, user(b"x"));
    assert_eq!(received(&mut device, frame.clone()).0, data(b"x"));
    let mut again = frame.clone();
    let (event, _) = device.receive(Channel::Reliable, &mut again, 0, &mut []).expect("a packet");
    assert_eq!((seen(event), again), (Seen::Nothing, frame.clone()));
    let mut lossy = frame;
    let (event, _) = device.receive(Channel::Lossy, &mut lossy, 0, &mut []).expect("a packet");
    assert_eq!(seen(event), data(b"x"));
}

#[test]
fn the_type_of_encryption_does_not_matter() {
    for encryption_type in [0, 1, 2, 99] {
        let packet_of = EncryptedPacket { encryption_type, ..encrypt(&KEY, 0, user(b"x")) };
        let frame = packet(ALICE, 1, Value::EncryptedPacket(packet_of));
        assert_eq!(received(&mut device(), frame).0, data(b"x"), "{encryption_type}");
    }
}

#[test]
fn logs_of_what_was_opened_show_no_content() {
    let mut device = device();
    let chat = Value::ChatMessage(ChatMessage { message: "secret".into(), ..Default::default() });
    let mut frame = sealed(1, chat);
    let (event, _) = device.receive(Channel::Reliable, &mut frame, 0, &mut []).expect("a packet");
    let text = format!("{event:?}");
    assert!(text.contains("pa_alice0000000") && !text.contains("secret"), "{text}");
}
