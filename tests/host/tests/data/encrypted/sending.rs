//! What is sent, opened by RustCrypto and prost.

use livekit_micro::data::{
    Data, Event, MAX_CHUNK_BYTES, PerformRpc, RpcError, RpcV2, SendError, StreamOptions,
};
use livekit_micro::e2ee::{OpenError, Policy};
use livekit_protocol::data_stream;

use super::*;

#[test]
fn a_packet_is_encrypted_and_the_rest_is_not() {
    let mut device = device();
    let mut buf = [0; 256];
    for (n, to) in [(0, &[][..]), (1, &["bob"]), (2, &["bob", "carol"])] {
        let data = Data { payload: b"21.5", topic: "unit", to };
        let frame = device.publish_data(&data, &mut buf).expect("it fits");
        assert!(!frame.windows(4).any(|it| it == b"21.5" || it == b"unit"));
        let (around, encrypted, value) = opened(frame);
        let expected = theirs::DataPacket {
            sequence: n + 1,
            destination_identities: to.iter().map(|&it| it.to_owned()).collect(),
            ..Default::default()
        };
        assert_eq!((around, value), (expected, user(b"21.5")));
        assert_eq!((encrypted.encryption_type, encrypted.key_index), (1, 0));
        assert_eq!(encrypted.iv, [&b"12345678"[..], &n.to_be_bytes()].concat());
    }
    let data = Data { payload: b"21.5", topic: "unit", to: &[] };
    let (around, encrypted, value) =
        opened(device.publish_lossy_data(&data, &mut buf).expect("it fits"));
    assert_eq!((around.sequence, value), (0, user(b"21.5")));
    assert_eq!(encrypted.iv, b"12345678\0\0\0\x03");
}

#[test]
fn a_new_key_encrypts_at_once() {
    let mut device = device();
    let mut buf = [0; 128];
    device.e2ee().keys.set(15, Key::new([9; 16])).expect("an index below 16");
    let frame = device.publish_data(&Default::default(), &mut buf).expect("it fits");
    match theirs::DataPacket::decode(frame).expect("a packet").value {
        Some(Value::EncryptedPacket(it)) => {
            assert_eq!(it.key_index, 15);
            assert!(matches!(decrypt(&[9; 16], &it), Value::User(_)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn rpc_is_encrypted_in_both_roles() {
    let (mut caller, mut callee) = (device(), device());
    let (mut buf, mut out) = ([0; 512], [0; 512]);
    let call =
        PerformRpc { destination_identity: "bob", method: "lamp", payload: "on", ..<_>::default() };
    let (id, frame) = caller.perform_rpc(&call, [1; 16], 0, &mut buf).expect("it fits");
    let mut frame =
        packet("PA_alice", 1, theirs::DataPacket::decode(frame).unwrap().value.unwrap());
    let (event, replies) =
        callee.receive(Channel::Reliable, &mut frame, 0, &mut out).expect("a packet");
    let Some(Event::Call(invocation)) = event else { panic!("{event:?}") };
    assert_eq!((invocation.method, invocation.payload), ("lamp", "on"));
    let mut replies: Vec<_> = replies.map(<[u8]>::to_vec).collect();
    assert_eq!(replies.len(), 1);
    let error = Err(RpcError::UNSUPPORTED_METHOD);
    replies.push(callee.respond(&invocation.caller, error, &mut buf).expect("it fits").to_vec());
    let mut answer = Seen::Nothing;
    for reply in replies {
        let (around, encrypted, _) = opened(&reply);
        assert_eq!(around.destination_identities, ["pa_alice"]);
        let value = Value::EncryptedPacket(encrypted);
        let reply = theirs::DataPacket {
            participant_identity: "bob".into(),
            value: Some(value),
            ..Default::default()
        };
        answer = received(&mut caller, reply.encode_to_vec()).0;
    }
    let error = (1400, "Method not supported at destination".into(), String::new());
    assert_eq!(answer, Seen::Answer(Err(error)));
    assert!(caller.was_encrypted());
    let _ = id;
}

#[test]
fn a_stream_goes_from_device_to_device() {
    let text = "Zoë 温度 🌡 ".repeat(5_000);
    let (mut alice, mut bob) = (device(), device());
    let mut buf = vec![0; 1_000];
    let options = StreamOptions { topic: "chat", to: &["bob"], ..Default::default() };
    let (mut writer, frame) =
        alice.local.stream_text(&options, [1; 16], &mut buf).expect("it fits");
    let mut frames = vec![forwarded(frame)];
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let frame = writer.write(&mut alice.local, &mut rest, &mut buf).expect("it fits");
        assert!(frame.len() > 960 || rest.is_empty(), "the buffer is used: {}", frame.len());
        frames.push(forwarded(frame));
    }
    frames.push(forwarded(writer.close(&mut alice.local, "", &[], &mut buf).expect("it fits")));
    let (mut content, mut end) = (Vec::new(), None);
    for frame in frames {
        let Seen::Stream(part) = received(&mut bob, frame).0 else { panic!("a part of it") };
        content.extend(part.content);
        end = part.closed;
    }
    assert_eq!(end, Some(End::Complete(Vec::new())));
    assert!(content == text.as_bytes());
}

#[test]
fn content_is_put_where_it_is_encrypted_and_sent_from() {
    let mut device = device();
    let options = StreamOptions { to: &["bob"], ..StreamOptions::default() };
    let mut buf = vec![0; 20_000];
    let (mut writer, _) = device.local.stream_bytes(&options, [1; 16], &mut buf).expect("it fits");
    for (index, (capacity, len)) in
        [(20_000, 15_000), (200, 40), (20_000, 1), (20_000, 0)].into_iter().enumerate()
    {
        let fill = |space: &mut [u8]| {
            assert_eq!(space.len() == MAX_CHUNK_BYTES, capacity == 20_000);
            space[..len].fill(b'a' + index as u8);
            len
        };
        let frame = writer.write_in_place(&mut device.local, &mut buf[..capacity], fill);
        let Value::StreamChunk(chunk) = opened(frame.expect("it fits")).2 else { panic!() };
        assert_eq!(chunk.chunk_index, index as u64);
        assert_eq!(chunk.content, vec![b'a' + index as u8; len]);
    }
}

#[test]
fn content_is_sent_from_where_it_is_put_without_encryption_too() {
    let mut device = device();
    device.e2ee().policy = Policy::Off;
    let mut buf = [0; 256];
    let (mut writer, _) =
        device.local.stream_bytes(&StreamOptions::default(), [1; 16], &mut buf).expect("it fits");
    let fill = |space: &mut [u8]| {
        space[..4].copy_from_slice(b"21.5");
        4
    };
    let frame = writer.write_in_place(&mut device.local, &mut buf, fill).expect("it fits");
    match theirs::DataPacket::decode(frame).expect("a packet").value {
        Some(Value::StreamChunk(chunk)) => assert_eq!(chunk.content, b"21.5"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rpc_of_version_2_is_encrypted() {
    let mut session: Session<(), RpcV2<1>, (), E2ee<KeyRing>> =
        Session::with_encryption(E2ee::new(KeyRing::new()));
    session.e2ee().keys.set(0, Key::new(KEY)).expect("an index below 16");
    session.e2ee().seed([1; 8]);
    let attributes = [
        ("lk.rpc_request_id", "an id"),
        ("lk.rpc_request_method", "lamp"),
        ("lk.rpc_request_response_timeout_ms", "8000"),
        ("lk.rpc_request_version", "2"),
    ];
    let request = data_stream::Header {
        topic: "lk.rpc_request".into(),
        attributes: attributes.map(|(key, value)| (key.into(), value.into())).into(),
        inline_content: Some(b"on".to_vec()),
        total_length: Some(2),
        ..header("a")
    };
    let (mut out, mut buf) = ([0; 512], [0; 512]);
    let mut frame = sealed(1, Value::StreamHeader(request.clone()));
    let (event, replies) =
        session.receive(Channel::Reliable, &mut frame, 0, &mut out).expect("a packet");
    let Some(Event::Call(call)) = event else { panic!("{event:?}") };
    assert_eq!((call.method, call.payload), ("lamp", "on"));
    for reply in replies {
        assert!(matches!(opened(reply).2, Value::RpcAck(it) if it.request_id == "an id"));
    }
    let response = session.respond(&call.caller, Ok("done"), &mut buf).expect("it fits");
    let Value::StreamHeader(response) = opened(response).2 else { panic!("a stream") };
    assert_eq!(response.inline_content.as_deref(), Some(&b"done"[..]));
    // Unencrypted it is refused, and not acknowledged.
    let mut frame = packet(ALICE, 2, Value::StreamHeader(request));
    let (event, mut replies) =
        session.receive(Channel::Reliable, &mut frame, 0, &mut out).expect("a packet");
    assert_eq!(seen(event), refused(OpenError::Unencrypted));
    assert!(replies.next().is_none());
}

/// The budget of a header is counted before encryption, as by the SDKs.
#[test]
fn limits_are_those_before_encryption() {
    let mut device = device();
    let mut buf = vec![0; 20_000];
    let mut header = |device: &mut Encrypted, len: usize| {
        let long = "x".repeat(len);
        let (to, attributes) = (["bob", "carol"], [("long", long.as_str())]);
        let options = StreamOptions { to: &to, attributes: &attributes, ..Default::default() };
        let frame =
            device.local.stream_bytes(&options, [1; 16], &mut buf).map(|(_, it)| it.to_vec());
        frame.map(|frame| {
            let (mut packet, _, value) = opened(&frame);
            packet.value = Some(value);
            packet.encoded_len()
        })
    };
    let first = header(&mut device, 14_000).expect("it fits");
    let last = 14_000 + MAX_CHUNK_BYTES - first;
    assert_eq!(header(&mut device, last), Ok(MAX_CHUNK_BYTES));
    let error = SendError::TooLong { field: "header", len: 15_001, max: 15_000 };
    assert_eq!(header(&mut device, last + 1), Err(error));
    // The limit of a frame counts all of it.
    let identity = "i".repeat(998);
    let to = vec![identity.as_str(); 63];
    let mut buf = vec![0; 70_000];
    let mut lens = Vec::new();
    for len in 700..1_100 {
        let payload = vec![0; len];
        let data = Data { payload: &payload, topic: "", to: &to };
        match device.publish_data(&data, &mut buf) {
            Ok(frame) => lens.push(frame.len()),
            Err(error) => {
                let len = lens.last().map_or(0, |last| last + 1);
                assert_eq!(error, SendError::TooLong { field: "frame", len, max: 64_000 });
                break;
            }
        }
    }
    assert_eq!(lens.last(), Some(&64_000));
}

#[test]
fn a_buffer_too_small_is_an_error_with_what_is_needed() {
    let mut device = device();
    let data = Data { payload: &[7; 200], topic: "unit", to: &["bob"] };
    let needed = device.publish_data(&data, &mut [0; 300]).expect("it fits").len();
    assert!(needed < 200 + 75, "{needed}");
    for available in 0..needed {
        let error = SendError::BufferTooSmall { needed, available };
        let mut small = vec![0; available];
        assert_eq!(device.publish_data(&data, &mut small).map(drop), Err(error));
    }
    assert_eq!(device.local.last_sequence(), 1);
    let frame = device.publish_data(&data, &mut [0; 300][..needed]).expect("it fits").to_vec();
    let (around, encrypted, value) = opened(&frame);
    assert_eq!((around.sequence, encrypted.iv), (2, b"12345678\0\0\0\x01".to_vec()));
    assert_eq!(value, user(&[7; 200]));
}

#[test]
fn every_size_is_encrypted_within_its_space() {
    let mut device = device();
    for len in (0..300).chain([16_000]) {
        let content = vec![b'c'; len];
        let options = StreamOptions { to: &["b", "carol"], ..Default::default() };
        let mut buf = vec![0; 256.max(len + 200)];
        let (mut writer, _) =
            device.local.stream_bytes(&options, [1; 16], &mut buf).expect("it fits");
        let (mut rest, mut sent) = (&content[..], Vec::new());
        while !rest.is_empty() {
            let frame = writer.write(&mut device.local, &mut rest, &mut buf).expect("it fits");
            let Value::StreamChunk(data_stream::Chunk { content, .. }) = opened(frame).2 else {
                panic!("a chunk")
            };
            sent.extend(content);
        }
        assert!(sent == content, "{len}");
    }
}

#[test]
fn what_is_sent_again_is_the_same_ciphertext() {
    let mut device = device();
    let mut buf = [0; 128];
    let mut sent = Vec::new();
    for n in 0..3 {
        let data = Data { payload: &[n; 20], ..Data::default() };
        sent.push(device.publish_data(&data, &mut buf).expect("it fits").to_vec());
    }
    let again = device.resume(1);
    assert_eq!((again.lost(), again.collect::<Vec<_>>()), (0, vec![&sent[1][..], &sent[2]]));
    // A new connection counts packets from 1, keeps none of the other's, and goes on with keys and vectors.
    assert!(device.reset().is_none());
    let frame = device.publish_data(&Default::default(), &mut buf).expect("it fits").to_vec();
    let (around, encrypted, _) = opened(&frame);
    assert_eq!((around.sequence, encrypted.iv), (1, b"12345678\0\0\0\x03".to_vec()));
    assert_eq!(device.resume(0).collect::<Vec<_>>(), [&frame[..]]);
}

#[test]
fn replies_to_the_longest_identity_fit_740_bytes() {
    let (identity, id) = ("a".repeat(256), "i".repeat(36));
    let request = theirs::RpcRequest { id, version: 9, ..Default::default() };
    for key_index in [0, 15] {
        let mut device = device();
        device.e2ee().keys.set(key_index, Key::new(KEY)).expect("an index below 16");
        let value = encrypt(&KEY, key_index.into(), Value::RpcRequest(request.clone()));
        let frame = packet(ALICE, 1, Value::EncryptedPacket(value));
        let mut packet = theirs::DataPacket::decode(&frame[..]).expect("a packet");
        packet.participant_identity = identity.clone();
        let (mut frame, mut out) = (packet.encode_to_vec(), [0; 740]);
        let (_, replies) =
            device.receive(Channel::Reliable, &mut frame, 0, &mut out).expect("a packet");
        assert_eq!(replies.count(), 2);
    }
}
