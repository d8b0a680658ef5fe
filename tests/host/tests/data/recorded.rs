//! What was recorded from the real server and SDKs, through a session.

use std::collections::HashMap;

use livekit_micro::data::{Channel, Closed, Event, Incoming, PerformRpc, Rpc, Session, Topics};
use livekit_protocol::data_packet::Value;
use livekit_protocol::{self as theirs, rpc_response};
use prost_reflect::prost::Message as _;
use testkit::corpus::{self, Recorded};

use crate::frames::{Seen, seen};
use crate::track::read;

/// The topics of all recorded streams.
struct Recordings;

impl Topics for Recordings {
    const TOPICS: &'static [&'static str] = &[
        "chat",
        "file",
        "lk.chat",
        "lk.rpc_request",
        "lk.rpc_response",
        "lk.transcription",
        "log",
    ];
}

/// What became of the packets of all scenarios.
#[derive(Debug, Default, PartialEq)]
struct Count {
    user: u32,
    calls: u32,
    answers: u32,
    complete: u32,
    aborted: u32,
    compressed: u32,
    other: u32,
}

/// A device in the place of everybody who received something in a scenario.
#[derive(Default)]
struct Player {
    session: Session<Incoming<Recordings, 2>, Rpc<1>>,
    /// What each open stream has had so far: by prost's reading, by ours.
    streams: HashMap<String, (Vec<u8>, Option<u64>)>,
    open: HashMap<usize, (String, Vec<u8>)>,
    count: Count,
}

impl Player {
    fn receive(&mut self, recorded: &Recorded, packet: theirs::DataPacket) {
        let channel = if recorded.channel == Channel::Lossy.label() {
            Channel::Lossy
        } else {
            assert_eq!(recorded.channel, Channel::Reliable.label());
            Channel::Reliable
        };
        let mut out = [0; 512];
        let result = self.session.receive(channel, &recorded.bytes, 0, &mut out);
        let (event, replies) = result.unwrap_or_else(|error| panic!("{}: {error}", recorded.name));
        let replies: Vec<_> = replies.map(<[u8]>::to_vec).collect();
        let identity = packet.participant_identity;
        match (packet.value, event) {
            (Some(Value::User(user)), event) => {
                let (topic, payload) = (user.topic.unwrap_or_default(), user.payload);
                assert_eq!(seen(event), Seen::Data { from: identity, topic, payload });
                self.count.user += 1;
            }
            (Some(Value::RpcRequest(request)), Some(Event::Call(call))) => {
                assert_eq!((call.method, call.payload), (&*request.method, &*request.payload));
                let ack = Value::RpcAck(theirs::RpcAck { request_id: request.id.clone() });
                assert_eq!(replies.iter().map(|it| sent(it, &identity)).collect::<Vec<_>>(), [ack]);
                let response =
                    self.session.respond(&call.caller, Ok("on"), &mut out).expect("it fits");
                let Value::RpcResponse(response) = sent(response, &identity) else {
                    panic!("{}", recorded.name)
                };
                assert_eq!(response.request_id, request.id);
                self.count.calls += 1;
                return;
            }
            (Some(Value::RpcResponse(response)), event) => {
                let expected = match response.value.expect("a value") {
                    rpc_response::Value::Payload(payload) => Ok(payload),
                    rpc_response::Value::Error(it) => Err((it.code, it.message, it.data)),
                    other => panic!("{other:?}"),
                };
                assert_eq!(seen(event), Seen::Answer(expected), "{}", recorded.name);
                self.count.answers += 1;
            }
            (Some(Value::RpcAck(_)), event) => assert_eq!(seen(event), Seen::Nothing),
            (Some(Value::StreamHeader(header)), Some(Event::Stream(part))) => {
                let info = part.opened.expect("a header");
                assert_eq!(info.from, identity);
                assert_eq!(info.attributes().iter().count(), header.attributes.len());
                for (key, value) in &header.attributes {
                    assert_eq!(info.attributes().get(key), Some(value.as_str()));
                }
                let id = header.stream_id;
                if header.compression != 0 {
                    assert!(matches!(part.closed, Some(Closed::Failed(_))), "{}", recorded.name);
                    self.count.compressed += 1;
                } else if let Some(content) = header.inline_content {
                    assert_eq!(header.total_length, Some(content.len() as u64));
                    assert_eq!(part.content, content);
                    assert!(matches!(part.closed, Some(Closed::Complete { .. })));
                    self.count.complete += 1;
                } else {
                    self.streams.insert(id.clone(), (Vec::new(), header.total_length));
                    self.open.insert(part.stream, (id, Vec::new()));
                }
            }
            (Some(Value::StreamChunk(chunk)), Some(Event::Stream(part))) => {
                self.streams.get_mut(&chunk.stream_id).expect("it is open").0.extend(chunk.content);
                let (id, content) = self.open.get_mut(&part.stream).expect("it is open");
                assert_eq!((&*id, part.offset as usize), (&chunk.stream_id, content.len()));
                content.extend(part.content);
            }
            (Some(Value::StreamTrailer(trailer)), Some(Event::Stream(part))) => {
                let (id, content) = self.open.remove(&part.stream).expect("it is open");
                let (theirs, total) = self.streams.remove(&id).expect("it is open");
                assert!(id == trailer.stream_id && content == theirs, "{}", recorded.name);
                let attributes = match part.closed {
                    Some(Closed::Complete { attributes }) => {
                        assert!(total.is_none_or(|total| total == content.len() as u64));
                        self.count.complete += 1;
                        attributes
                    }
                    Some(Closed::Aborted { reason, attributes }) => {
                        assert_eq!(reason, trailer.reason);
                        self.count.aborted += 1;
                        attributes
                    }
                    other => panic!("{}: {other:?}", recorded.name),
                };
                assert_eq!(attributes.iter().count(), trailer.attributes.len());
            }
            (_, Some(Event::Other(frame))) => {
                assert_eq!(frame, recorded.bytes);
                self.count.other += 1;
            }
            (_, event) => panic!("{}: {event:?}", recorded.name),
        }
        assert_eq!(replies, [[0; 0]; 0], "{}", recorded.name);
    }

    /// Makes the call that has this id.
    fn call(&mut self, destination_identity: &str, id: &str) {
        let bits = u128::from_str_radix(&id.replace('-', ""), 16).expect("a UUID");
        let (call, mut buf) =
            (PerformRpc { destination_identity, ..PerformRpc::default() }, [0; 256]);
        let (_, frame) =
            self.session.perform_rpc(&call, bits.to_be_bytes(), 0, &mut buf).expect("it fits");
        let Value::RpcRequest(request) = sent(frame, destination_identity) else { panic!() };
        assert_eq!(request.id, id);
    }
}

/// The data packets that the server passed on.
pub fn received() -> Vec<(&'static Recorded, theirs::DataPacket)> {
    let received = corpus::messages()
        .filter(|it| (it.message.as_str(), it.direction.as_str()) == ("livekit.DataPacket", "s2c"));
    let decoded = |it: &Recorded| theirs::DataPacket::decode(&*it.bytes).expect("a packet");
    received.map(|it| (it, decoded(it))).collect()
}

/// What a frame says that goes to this participant alone.
fn sent(frame: &[u8], to: &str) -> Value {
    let packet = theirs::DataPacket::decode(frame).expect("a packet");
    assert_eq!(packet.destination_identities, [to]);
    packet.value.expect("it has content")
}

#[test]
fn each_recorded_stream_is_complete_and_each_call_answered() {
    let received = corpus::messages()
        .filter(|it| (it.message.as_str(), it.direction.as_str()) == ("livekit.DataPacket", "s2c"));
    let decoded = |it: &Recorded| theirs::DataPacket::decode(&*it.bytes).expect("a packet");
    let packets: Vec<_> = received.map(|it| (it, decoded(it))).collect();
    let mut count = Count::default();
    for packets in packets.chunk_by(|(one, _), (other, _)| one.scenario == other.scenario) {
        let mut player = Player { count, ..Player::default() };
        for (recorded, packet) in packets {
            // Our call of this id, just before its acknowledgement, if it is answered by a packet.
            if let Some(Value::RpcAck(ack)) = &packet.value
                && packets.iter().any(|(_, it)| {
                    matches!(&it.value,
                    Some(Value::RpcResponse(it)) if it.request_id == ack.request_id)
                })
            {
                player.call(&packet.participant_identity, &ack.request_id);
            }
            player.receive(recorded, packet.clone());
        }
        assert!(player.open.is_empty() && player.session.poll_in(0).is_none());
        count = player.count;
    }
    let expected = Count {
        user: 18,
        calls: 9,
        answers: 9,
        complete: 24,
        aborted: 2,
        compressed: 4,
        other: 16,
    };
    assert_eq!(count, expected);
}

#[test]
fn recorded_packets_are_read_and_written_again() {
    let is_track = |recorded: &&Recorded| recorded.name.contains("DataTrackPacket");
    let mut count = 0;
    for recorded in corpus::all().iter().filter(is_track) {
        let (packet, json) = (read(&recorded.bytes), &recorded.json);
        let number = |name: &str| json[name].as_u64().expect("a number");
        assert_eq!(u64::from(packet.handle.get()), number("handle"), "{}", recorded.name);
        assert_eq!(u64::from(packet.sequence), number("sequence"));
        assert_eq!(u64::from(packet.frame), number("frame"));
        assert_eq!(u64::from(packet.info.timestamp), number("timestamp"));
        assert_eq!(packet.payload.len() as u64, number("payload_length"));
        let extensions = json["extensions"].as_array().expect("a list");
        let has = |id| extensions.iter().any(|extension| extension["id"].as_u64() == Some(id));
        assert_eq!(packet.info.encryption.is_some(), has(1));
        assert_eq!(packet.info.user_timestamp.is_some(), has(2));
        let mut buf = vec![0; recorded.bytes.len()];
        assert_eq!(packet.write(&mut buf), Ok(&recorded.bytes[..]), "{}", recorded.name);
        count += 1;
    }
    assert_eq!(count, 8);
}
