//! What a participant that is in the room sends and receives.

use livekit_micro::data::{Channel, Data, PerformRpc, StreamError, StreamOptions};
use livekit_micro::participant::SendError;
use livekit_protocol as theirs;
use theirs::data_packet::Value;
use theirs::data_stream::header::ContentHeader;
use theirs::data_stream::{ByteHeader, Chunk, Header, Trailer};

use crate::device::{RECEIVE, Told, config};
use crate::server::{ALICE, payload};
use crate::world::World;

/// 32 bits of the clock wrap while the device joins, while it sends, and later.
const STARTS: [u64; 4] = [0, (1 << 32) - 30, (1 << 32) - 200, (1 << 32) - 2_000];

#[test]
fn packets_go_both_ways_on_both_channels() {
    for (seed, start) in (1..).zip(STARTS) {
        let mut world = World::connected(seed, start);
        assert_eq!((world.device.participant.sid(), world.server.joins), ("PA_device1", 1));
        let now_ms = world.now_ms;
        world.device.publish(b"reading", now_ms).expect("it is connected");
        let data = Data { payload: b"fast", topic: "motion", to: &[ALICE] };
        world.device.participant.publish_lossy_data(&data, now_ms).expect("it is connected");
        world.server.send_user(b"command");
        world.server.send_lossy(b"state");
        world.until(1_000, |world| world.device.told.len() == 2 && !world.server.lossy.is_empty());
        world.until(1_000, |world| world.server.payloads() == [b"reading"]);
        assert_eq!(world.server.sequences, [1]);
        let lossy = &world.server.lossy[0];
        assert_eq!((payload(lossy), lossy.sequence), (Some(&b"fast"[..]), 0));
        assert_eq!(lossy.destination_identities, [ALICE]);
        let mut payloads = world.device.payloads();
        payloads.sort();
        assert_eq!(payloads, [b"command".to_vec(), b"state".to_vec()]);
        world.until(1_000, |world| world.device.participant.unacknowledged() == 0);
    }
}

#[test]
fn calls_go_both_ways() {
    let mut world = World::connected(1, 0);
    for (id, payload) in [("one", "hello"), ("two", "fail")] {
        let request = theirs::RpcRequest {
            id: id.into(),
            method: "read".into(),
            payload: payload.into(),
            response_timeout_ms: 8_000,
            version: 1,
            ..Default::default()
        };
        world.server.send(Value::RpcRequest(request));
        let call = Told::Call { method: "read".into(), payload: payload.into() };
        world.until_told(1_000, |told| *told == call);
        let is_response =
            |value: &Value| matches!(value, Value::RpcResponse(it) if it.request_id == id);
        let is_there = |world: &mut World| {
            world.server.packets.iter().any(|it| it.value.as_ref().is_some_and(is_response))
        };
        world.until(1_000, is_there);
        let [ack, response] =
            [2, 1].map(|back| &world.server.packets[world.server.packets.len() - back]);
        assert!(matches!(&ack.value, Some(Value::RpcAck(ack)) if ack.request_id == id));
        assert_eq!(response.destination_identities, [ALICE]);
        let Some(Value::RpcResponse(response)) = &response.value else { panic!("{response:?}") };
        let code = match response.value.as_ref().expect("it has one") {
            theirs::rpc_response::Value::Error(error) => error.code,
            theirs::rpc_response::Value::Payload(back) => {
                assert_eq!(back, payload);
                0
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(code, if payload == "fail" { 1_400 } else { 0 });
    }
    let call = PerformRpc {
        destination_identity: ALICE,
        method: "ask",
        payload: "?",
        ..Default::default()
    };
    let now_ms = world.now_ms;
    let id = world.device.participant.perform_rpc(&call, now_ms).expect("it is connected");
    world.until(1_000, |world| matches!(last(world), Some(Value::RpcRequest(_))));
    let Some(Value::RpcRequest(request)) = last(&mut world) else { panic!("a request") };
    assert_eq!((request.method.as_str(), request.payload.as_str()), ("ask", "?"));
    let request_id = request.id;
    world.server.send(Value::RpcAck(theirs::RpcAck { request_id: request_id.clone() }));
    let value = Some(theirs::rpc_response::Value::Payload("42".into()));
    world.server.send(Value::RpcResponse(theirs::RpcResponse { request_id, value }));
    world.until_told(1_000, |told| *told == Told::Answer(id, Ok("42".into())));
    // Nobody answers: an error, by time.
    let now_ms = world.now_ms;
    let id = world.device.participant.perform_rpc(&call, now_ms).expect("it is connected");
    let told = world.until_told(20_000, |told| matches!(told, Told::Answer(..)));
    assert_eq!(told, Told::Answer(id, Err(1_501)));
}

fn last(world: &mut World) -> Option<Value> {
    world.server.packets.last().and_then(|it| it.value.clone())
}

#[test]
fn what_is_refused_for_want_of_space_uses_no_number_and_is_told_when_there_is_space() {
    let mut world = World::connected(2, 0);
    let mut sent: Vec<Vec<u8>> = vec![];
    let mut refused = 0;
    while sent.len() < 300 {
        let number = sent.len();
        let message = vec![number as u8; 1 + number * 7 % 900];
        match world.device.publish(&message, world.now_ms) {
            Ok(()) => sent.push(message),
            Err(error) => {
                assert_eq!(error, SendError::Full);
                refused += 1;
                world.until_told(5_000, |told| *told == Told::Writable);
            }
        }
    }
    world.until(5_000, |world| world.server.packets.len() == 300);
    assert!(refused > 5, "{refused}");
    assert!(world.server.payloads() == sent);
    assert!(world.server.sequences.iter().copied().eq(1..=300));
    assert_eq!(world.device.told, [], "there is space once for each refusal");
}

#[test]
fn a_packet_that_never_fits_is_refused_by_its_length() {
    let mut world = World::connected(3, 0);
    let now_ms = world.now_ms;
    let error = world.device.publish(&[7; 3_000], now_ms);
    assert!(matches!(error, Err(SendError::TooLong { needed: 3_000.., max: 2_000 })), "{error:?}");
    world.device.publish(b"short", now_ms).expect("nothing is in its way");
    world.until(1_000, |world| world.server.payloads() == [b"short"]);
    assert_eq!(world.server.sequences, [1]);
}

#[test]
fn a_stream_of_a_device_arrives_in_chunks() {
    let mut world = World::connected(4, 0);
    let (options, now_ms) =
        (StreamOptions { topic: "log", ..StreamOptions::default() }, world.now_ms);
    let content: Vec<u8> = (0..20_000u32).map(|at| at as u8).collect();
    let mut stream = world
        .device
        .participant
        .send(Channel::Reliable, now_ms, |session, buf| {
            session.local.stream_bytes(&options, [9; 16], buf)
        })
        .expect("it is connected");
    let mut rest = &content[..];
    while !rest.is_empty() {
        let now_ms = world.now_ms;
        let sent = world.device.participant.send(Channel::Reliable, now_ms, |session, buf| {
            Ok(((), stream.write(&mut session.local, &mut rest, buf)?))
        });
        if sent == Err(SendError::Full) {
            world.until_told(5_000, |told| *told == Told::Writable);
        }
    }
    let arrived = |world: &mut World| -> Vec<u8> {
        let chunks = world.server.packets.iter().filter_map(|it| match &it.value {
            Some(Value::StreamChunk(chunk)) => Some(&chunk.content[..]),
            _ => None,
        });
        chunks.collect::<Vec<_>>().concat()
    };
    world.until(5_000, |world| arrived(world).len() == content.len());
    assert!(arrived(&mut world) == content);
}

/// A stream of a device that takes longer messages than fit its memory.
fn stream(world: &mut World, id: &str, content: &[u8]) {
    let header = Header {
        stream_id: id.into(),
        topic: "log".into(),
        total_length: Some(content.len() as u64),
        content_header: Some(ContentHeader::ByteHeader(ByteHeader::default())),
        ..Default::default()
    };
    world.server.send(Value::StreamHeader(header));
    for (chunk_index, content) in (0..).zip(content.chunks(15_000)) {
        let (stream_id, content) = (id.into(), content.to_vec());
        let chunk = Chunk { stream_id, chunk_index, content, ..Default::default() };
        world.server.send(Value::StreamChunk(chunk));
    }
    world.server.send(Value::StreamTrailer(Trailer { stream_id: id.into(), ..Default::default() }));
}

#[test]
fn a_chunk_that_does_not_fit_is_read_in_parts_and_a_packet_that_does_not_is_told() {
    let mut config = config();
    config.longest_packet = 16_000;
    let mut world = World::connected_with(5, 0, config);
    world.server.send_user(b"before");
    world.server.send_user(&[7; 10_000]);
    let content: Vec<u8> = (0..40_000u32).map(|at| (at / 7) as u8).collect();
    stream(&mut world, "long", &content);
    world.server.send_user(&[8; 5_000]);
    world.server.send_user(b"after");
    world.until(20_000, |world| world.device.told.contains(&Told::Data(b"after".to_vec())));
    let (mut arrived, mut lengths, mut ends) = (vec![], vec![], 0);
    for told in &world.device.told {
        match told {
            Told::Stream { content, is_open, error: None } => {
                arrived.extend_from_slice(content);
                ends += usize::from(!is_open);
            }
            Told::TooLong(Channel::Reliable, len) => lengths.push(*len),
            Told::Data(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(arrived == content);
    assert_eq!(ends, 1);
    assert!(matches!(lengths[..], [10_000..10_100, 5_000..5_100]), "{lengths:?}");
    assert!(lengths.iter().all(|len| *len > RECEIVE));
    assert_eq!(world.device.payloads(), [b"before".to_vec(), b"after".to_vec()]);
}

#[test]
fn what_is_no_packet_disturbs_nothing() {
    let mut world = World::connected(6, 0);
    world.server.transport().send(crate::transport::RELIABLE, &[0xff; 40]);
    world.server.transport().send(crate::transport::LOSSY, b"\x0b");
    world.server.send_user(b"a packet");
    world.until(2_000, |world| world.device.told.contains(&Told::Data(b"a packet".to_vec())));
    assert_eq!(world.device.told.iter().filter(|told| **told == Told::Malformed).count(), 2);
}

#[test]
fn streams_and_calls_end_with_errors_when_a_device_joins_anew() {
    let mut world = World::connected(7, 0);
    let header = Header {
        stream_id: "open".into(),
        topic: "log".into(),
        content_header: Some(ContentHeader::ByteHeader(ByteHeader::default())),
        ..Default::default()
    };
    world.server.send(Value::StreamHeader(header));
    world.until_told(1_000, |told| matches!(told, Told::Stream { .. }));
    let call = PerformRpc { destination_identity: ALICE, ..Default::default() };
    let now_ms = world.now_ms;
    let id = world.device.participant.perform_rpc(&call, now_ms).expect("it is connected");
    world.device.publish(b"1", now_ms).expect("it is connected");
    world.until(1_000, |world| world.server.packets.len() == 2);
    world
        .server
        .leave(theirs::DisconnectReason::StateMismatch, theirs::leave_request::Action::Reconnect);
    world.until(5_000, |world| matches!(world.device.told.back(), Some(Told::Reconnected { .. })));
    let expected = [
        Told::Stream { content: vec![], is_open: false, error: Some(StreamError::Disconnected) },
        Told::Answer(id, Err(1_503)),
        Told::Reconnected { is_resumed: false, lost: 0 },
    ];
    let mut told: Vec<_> = world.device.told.drain(..).collect();
    assert!(matches!(told.remove(0), Told::Reconnecting(_)));
    assert!(expected.iter().all(|it| told.contains(it)) && told.len() == 3, "{told:?}");
    assert_eq!((world.device.participant.sid(), world.server.joins), ("PA_device2", 2));
    let now_ms = world.now_ms;
    world.device.publish(b"first", now_ms).expect("it is connected");
    world.until(1_000, |world| world.server.packets.len() == 1);
    assert_eq!(world.server.sequences, [1]);
    world.server.send_user(b"a new room");
    world.until(1_000, |world| world.device.told.contains(&Told::Data(b"a new room".to_vec())));
}
