//! RPC of version 2: requests and responses as text streams.

use livekit_micro::data::{
    CallId, Caller, Event, Incoming, PerformRpc, RpcError, RpcV2, Session, StreamInfo, Topics,
};
use livekit_micro::{data::Channel, topics};
use livekit_protocol::data_packet::Value;
use livekit_protocol::data_stream::{CompressionType, Header};
use livekit_protocol::{self as theirs, rpc_response};
use prost_reflect::prost::Message as _;

use crate::frames::*;

const ALICE: &str = "PA_alice0000000";
const ID: &str = "9c1c5ee1-e9c2-4bc5-9d4c-c7b0b4a8e4a1";

/// A device for short payloads, and one for payloads of any length.
type Short = Session<(), RpcV2<2>>;
type Long = Session<Incoming<Rpcs, 2>, RpcV2<2>>;

struct Rpcs;

impl Topics for Rpcs {
    const TOPICS: &'static [&'static str] = &[topics::RPC_REQUEST, topics::RPC_RESPONSE];
}

/// A request, as LiveKit's SDKs write it.
fn request() -> Header {
    let attributes = [
        ("lk.rpc_request_id", ID),
        ("lk.rpc_request_method", "read"),
        ("lk.rpc_request_response_timeout_ms", "8000"),
        ("lk.rpc_request_version", "2"),
        ("other", "is usual"),
    ];
    Header {
        topic: "lk.rpc_request".into(),
        attributes: attributes.map(|(key, value)| (key.into(), value.into())).into(),
        ..header("stream")
    }
}

fn response(id: &str) -> Header {
    let attributes = [("lk.rpc_request_id".into(), id.into())].into();
    Header { topic: "lk.rpc_response".into(), attributes, ..header("stream") }
}

fn inline(payload: &str, header: Header) -> Value {
    let (content, total) = (payload.as_bytes().to_vec(), payload.len() as u64);
    let header = Header { inline_content: Some(content), total_length: Some(total), ..header };
    Value::StreamHeader(header)
}

fn call(payload: &str) -> Seen {
    Seen::Call {
        from: ALICE.to_lowercase(),
        id: ID.into(),
        method: "read".into(),
        payload: payload.into(),
        timeout: 8_000,
    }
}

fn ack() -> Value {
    Value::RpcAck(theirs::RpcAck { request_id: ID.into() })
}

fn refusal(error: RpcError<'_>) -> Value {
    let error = theirs::RpcError {
        code: error.code.0,
        message: error.message.into(),
        data: error.data.into(),
    };
    let value = Some(rpc_response::Value::Error(error));
    Value::RpcResponse(theirs::RpcResponse { request_id: ID.into(), value })
}

/// What is sent to Alice for a request.
fn replies(packets: &[theirs::DataPacket]) -> Vec<Value> {
    let to_alice = |packet: &theirs::DataPacket| {
        assert_eq!(packet.destination_identities, [ALICE.to_lowercase()]);
        packet.value.clone().expect("it has content")
    };
    packets.iter().map(to_alice).collect()
}

#[test]
fn a_request_in_one_frame_is_acknowledged_and_told() {
    for payload in ["", "now", &"é".repeat(7_000)] {
        let frame = packet(ALICE, 1, inline(payload, request()));
        let (seen, sent) = receive(&mut Short::new(), &frame, 0);
        assert_eq!((seen, replies(&sent)), (call(payload), vec![ack()]));
    }
}

#[test]
fn an_empty_request_needs_no_chunk() {
    let header = Header { total_length: Some(0), ..request() };
    let mut device = Long::new();
    let (seen, sent) = receive(&mut device, &packet(ALICE, 1, Value::StreamHeader(header)), 0);
    assert_eq!((seen, replies(&sent)), (call(""), vec![ack()]));
    let end = packet(ALICE, 2, trailer("stream", ""));
    assert_eq!(receive(&mut device, &end, 0), (Seen::Nothing, vec![]));
}

#[test]
fn a_repeated_request_is_acknowledged_and_not_run_again() {
    let mut device = Short::new();
    for (sequence, expected) in [(1, call("now")), (2, Seen::Nothing)] {
        let frame = packet(ALICE, sequence, inline("now", request()));
        let (seen, sent) = receive(&mut device, &frame, 0);
        assert_eq!((seen, replies(&sent)), (expected, vec![ack()]));
    }
}

#[test]
fn a_request_that_cannot_be_run_is_acknowledged_and_refused() {
    let without = |key: &str| {
        let mut header = request();
        header.attributes.remove(key);
        header
    };
    let with = |key: &str, value: &str| {
        let mut header = request();
        header.attributes.insert(key.into(), value.into());
        header
    };
    let version = RpcError::UNSUPPORTED_VERSION;
    let malformed =
        RpcError { message: "RPC data stream malformed", ..RpcError::APPLICATION_ERROR };
    let deflated = Header { compression: CompressionType::DeflateRaw.into(), ..request() };
    for (header, error) in [
        (with("lk.rpc_request_version", "1"), version),
        (with("lk.rpc_request_version", "20"), version),
        (without("lk.rpc_request_version"), version),
        (without("lk.rpc_request_method"), malformed),
        (deflated, malformed),
        (Header { content_header: None, ..request() }, malformed),
    ] {
        let frame = packet(ALICE, 1, inline("now", header));
        let (seen, sent) = receive(&mut Short::new(), &frame, 0);
        assert_eq!((seen, replies(&sent)), (Seen::Nothing, vec![ack(), refusal(error)]));
    }
    // More or less content than the header says.
    for total in [2, 4] {
        let Value::StreamHeader(mut header) = inline("now", request()) else { unreachable!() };
        header.total_length = Some(total);
        let frame = packet(ALICE, 1, Value::StreamHeader(header));
        assert_eq!(replies(&receive(&mut Short::new(), &frame, 0).1)[1], refusal(malformed));
    }
}

#[test]
fn a_timeout_that_is_no_number_is_the_sdks_default() {
    for timeout in ["", "soon", "-1", "99999999999"] {
        let mut header = request();
        header.attributes.insert("lk.rpc_request_response_timeout_ms".into(), timeout.into());
        let frame = packet(ALICE, 1, inline("now", header));
        let Seen::Call { timeout, .. } = receive(&mut Short::new(), &frame, 0).0 else {
            panic!("it is run")
        };
        assert_eq!(timeout, 15_000);
    }
}

#[test]
fn a_request_in_chunks_is_refused_by_a_device_for_short_ones() {
    let header = Header { total_length: Some(20_000), ..request() };
    let (seen, sent) =
        receive(&mut Short::new(), &packet(ALICE, 1, Value::StreamHeader(header)), 0);
    let error = refusal(RpcError::REQUEST_PAYLOAD_TOO_LARGE);
    assert_eq!((seen, replies(&sent)), (Seen::Nothing, vec![ack(), error]));
}

#[test]
fn a_request_in_chunks_is_a_stream_that_says_what_is_called() {
    let mut device = Long::new();
    let mut out = [0; 512];
    let header = Header { total_length: Some(20_000), ..request() };
    let frame = packet(ALICE, 1, Value::StreamHeader(header));
    let (event, mut sent) =
        device.receive(Channel::Reliable, &frame, 0, &mut out).expect("a packet");
    let Some(Event::Stream(part)) = event else { panic!("{event:?}") };
    let info: StreamInfo<'_> = part.opened.expect("its header");
    let invocation = info.invocation().expect("a call");
    assert_eq!((invocation.method, invocation.response_timeout_ms), ("read", 8_000));
    let kept = invocation.caller.keep::<32>().expect("it fits");
    assert_eq!(
        sent.next().map(|it| theirs::DataPacket::decode(it).unwrap().value),
        Some(Some(ack()))
    );
    let mut content = Vec::new();
    for index in 0..2 {
        let frame = packet(ALICE, 2 + index as u32, chunk("stream", index, &[b'x'; 10_000]));
        let (Seen::Stream(part), _) = receive(&mut device, &frame, 0) else { panic!("content") };
        content.extend(part.content);
    }
    assert_eq!(content, [b'x'; 20_000]);
    let (seen, _) = receive(&mut device, &packet(ALICE, 4, trailer("stream", "")), 0);
    let Seen::Stream(Part { closed: Some(End::Complete(_)), .. }) = seen else {
        panic!("{seen:?}")
    };
    // Its response is a packet, or a stream of any length.
    let mut buf = [0; 512];
    let frame = device.respond(&kept.caller(), Ok("done"), &mut buf).expect("it fits");
    let Some(Value::RpcResponse(it)) = theirs::DataPacket::decode(frame).unwrap().value else {
        panic!("a response")
    };
    assert_eq!(it.request_id, ID);
    let caller = kept.caller();
    let (mut writer, frame) =
        device.local.stream_response(&caller, Some(4), [7; 16], &mut buf).expect("it fits");
    let Some(Value::StreamHeader(header)) = theirs::DataPacket::decode(frame).unwrap().value else {
        panic!("a header")
    };
    assert_eq!((header.topic.as_str(), header.total_length), ("lk.rpc_response", Some(4)));
    assert_eq!(header.attributes["lk.rpc_request_id"], ID);
    let frame = writer.write(&mut device.local, &mut &b"done"[..], &mut buf).expect("it fits");
    let packet = theirs::DataPacket::decode(frame).unwrap();
    assert_eq!(packet.destination_identities, [ALICE.to_lowercase()]);
    writer.close(&mut device.local, "", &[], &mut buf).expect("all is written");
}

#[test]
fn a_request_without_space_for_its_stream_is_refused() {
    let mut device = Long::new();
    for n in 0..3 {
        let mut header = Header { total_length: Some(20_000), ..request() };
        header.stream_id = format!("stream {n}");
        header.attributes.insert("lk.rpc_request_id".into(), format!("{n}"));
        let (seen, sent) =
            receive(&mut device, &packet(ALICE, n + 1, Value::StreamHeader(header)), 0);
        let Seen::Stream(part) = seen else { panic!("{seen:?}") };
        assert_eq!((part.closed.is_some(), sent.len()), (n == 2, if n == 2 { 2 } else { 1 }));
    }
}

#[test]
fn an_ordinary_stream_is_no_call() {
    let mut device: Session<Incoming<Wanted, 2>, RpcV2> = Session::new();
    let frame = packet(ALICE, 1, Value::StreamHeader(header("a")));
    let (event, replies) = device.receive(Channel::Reliable, &frame, 0, &mut []).expect("a packet");
    assert_eq!(replies.count(), 0);
    let Some(Event::Stream(part)) = event else { panic!("{event:?}") };
    let info = part.opened.expect("its header");
    assert!(info.invocation().is_none() && info.response_to.is_none());
}

#[test]
fn the_response_to_a_request_in_one_frame_is_one() {
    let mut device = Short::new();
    let mut buf = vec![0; 20_000];
    let caller = Caller { reads_inline: true, ..Caller::new("alice", ID) };
    assert_eq!(caller.keep::<8>().expect("it fits").caller(), caller);
    for payload in ["", "done", &"é".repeat(7_000)] {
        let frame = device.respond(&caller, Ok(payload), &mut buf).expect("it fits");
        let packet = theirs::DataPacket::decode(frame).expect("a packet");
        assert_eq!(packet.destination_identities, ["alice"]);
        let Some(Value::StreamHeader(header)) = packet.value else { panic!("a header") };
        assert_eq!(header.topic, "lk.rpc_response");
        assert_eq!(
            header.attributes.into_iter().collect::<Vec<_>>(),
            [("lk.rpc_request_id".to_owned(), ID.to_owned())]
        );
        assert_eq!(header.inline_content.as_deref(), Some(payload.as_bytes()));
        assert_eq!(header.total_length, Some(payload.len() as u64));
    }
    // What does not fit a header is a packet, as far as that has space; and so are errors.
    for (len, expected) in [(15_000, None), (15_360, None), (15_361, Some(1504))] {
        let frame = device.respond(&caller, Ok(&"x".repeat(len)), &mut buf).expect("it fits");
        let Some(Value::RpcResponse(it)) = theirs::DataPacket::decode(frame).unwrap().value else {
            panic!("a response")
        };
        match it.value {
            Some(rpc_response::Value::Payload(it)) => assert_eq!((it.len(), None), (len, expected)),
            Some(rpc_response::Value::Error(it)) => assert_eq!(Some(it.code), expected),
            other => panic!("{other:?}"),
        }
    }
    let frame = device.respond(&caller, Err(RpcError::UNSUPPORTED_METHOD), &mut buf).unwrap();
    let packet = theirs::DataPacket::decode(frame).unwrap();
    assert_eq!(packet.value, Some(refusal(RpcError::UNSUPPORTED_METHOD)));
}

/// A call to Bob, and the packet that is sent.
fn perform(device: &mut Short, client_protocol: i32, payload: &str) -> (CallId, Value) {
    let mut buf = vec![0; 20_000];
    let call = PerformRpc {
        destination_identity: "bob",
        method: "reading",
        payload,
        client_protocol,
        ..PerformRpc::default()
    };
    let (id, frame) = device.perform_rpc(&call, [1; 16], 0, &mut buf).expect("it fits");
    let packet = theirs::DataPacket::decode(frame).expect("a packet");
    assert_eq!(packet.destination_identities, ["bob"]);
    (id, packet.value.expect("it has content"))
}

#[test]
fn the_version_of_a_request_is_one_that_the_callee_reads() {
    let long = "x".repeat(15_000);
    for (protocol, payload, is_stream) in [
        (0, "21.5", false),
        (1, "21.5", false),
        (2, "21.5", true),
        (3, "", true),
        (2, long.as_str(), false),
    ] {
        match perform(&mut Short::new(), protocol, payload).1 {
            Value::RpcRequest(it) => assert_eq!((it.version, is_stream), (1, false)),
            Value::StreamHeader(it) => {
                assert!(is_stream);
                assert_eq!(it.topic, "lk.rpc_request");
                assert_eq!(it.inline_content.as_deref(), Some(payload.as_bytes()));
                assert_eq!(it.total_length, Some(payload.len() as u64));
                let mut attributes: Vec<_> = it.attributes.into_iter().collect();
                attributes.sort();
                let id = "01010101-0101-4101-8101-010101010101";
                let expected = [
                    ("lk.rpc_request_id", id),
                    ("lk.rpc_request_method", "reading"),
                    ("lk.rpc_request_response_timeout_ms", "8000"),
                    ("lk.rpc_request_version", "2"),
                ];
                assert_eq!(attributes, expected.map(|(k, v)| (k.into(), v.into())));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// What comes of a packet from Bob.
fn bob<S: livekit_micro::data::Streams>(
    device: &mut Session<S, RpcV2<2>>,
    sequence: u32,
    value: Value,
) -> Seen {
    receive(device, &packet("BOB", sequence, value), 0).0
}

#[test]
fn a_response_counts_in_either_form_whatever_was_asked() {
    let id = "01010101-0101-4101-8101-010101010101";
    let packet = |text: &str| {
        let value = Some(rpc_response::Value::Payload(text.into()));
        Value::RpcResponse(theirs::RpcResponse { request_id: id.into(), value })
    };
    for protocol in [0, 2] {
        for text in ["", "21.5"] {
            for answer in [packet(text), inline(text, response(id))] {
                let mut device = Short::new();
                perform(&mut device, protocol, "");
                let stranger = packet_of("MALLORY", answer.clone());
                assert_eq!(receive(&mut device, &stranger, 0).0, Seen::Nothing);
                let answered = Seen::Answer(Ok(text.to_owned()));
                assert_eq!(bob(&mut device, 1, answer.clone()), answered);
                assert_eq!(bob(&mut device, 2, answer), Seen::Nothing, "a second one");
            }
        }
    }
}

fn packet_of(sid: &str, value: Value) -> Vec<u8> {
    packet(sid, 1, value)
}

#[test]
fn a_response_in_chunks_needs_a_device_for_long_ones() {
    let id = "01010101-0101-4101-8101-010101010101";
    let mut short = Short::new();
    perform(&mut short, 2, "");
    let header = || Value::StreamHeader(Header { total_length: Some(3), ..response(id) });
    let error = RpcError::RESPONSE_PAYLOAD_TOO_LARGE;
    let failed = Seen::Answer(Err((error.code.0, error.message.into(), String::new())));
    assert_eq!(bob(&mut short, 1, header()), failed);

    let mut long = Long::new();
    let call = PerformRpc { destination_identity: "bob", ..PerformRpc::default() };
    let mut buf = [0; 512];
    let (id, _) = long.perform_rpc(&call, [1; 16], 0, &mut buf).expect("it fits");
    let frame = packet("BOB", 1, header());
    let (event, _) = long.receive(Channel::Reliable, &frame, 0, &mut buf).expect("a packet");
    let Some(Event::Stream(part)) = event else { panic!("{event:?}") };
    assert_eq!(part.opened.and_then(|info| info.response_to), Some(id));
    // That is its answer: it is not given up any more.
    assert!(seen(long.poll(15_000)) == Seen::Nothing);
    let Seen::Stream(part) = bob(&mut long, 2, chunk("stream", 0, b"yes")) else {
        panic!("content")
    };
    assert_eq!(part.content, b"yes");
    let Seen::Stream(Part { closed: Some(End::Complete(_)), .. }) =
        bob(&mut long, 3, trailer("stream", ""))
    else {
        panic!("its end")
    };
}

#[test]
fn a_long_request_is_a_stream() {
    let mut device = Short::new();
    let call = PerformRpc {
        destination_identity: "bob",
        method: "store",
        client_protocol: 1,
        ..PerformRpc::default()
    };
    let mut buf = [0; 512];
    let (id, mut writer, frame) =
        device.stream_rpc(&call, Some(3), [[1; 16], [2; 16]], 0, &mut buf).expect("it fits");
    let Some(Value::StreamHeader(header)) = theirs::DataPacket::decode(frame).unwrap().value else {
        panic!("a header")
    };
    let stream = "02020202-0202-4202-8202-020202020202";
    assert_eq!((header.stream_id.as_str(), header.total_length), (stream, Some(3)));
    assert_eq!(header.attributes["lk.rpc_request_method"], "store");
    let frame = writer.write(&mut device.local, &mut &b"log"[..], &mut buf).expect("it fits");
    let packet = theirs::DataPacket::decode(frame).unwrap();
    assert_eq!(packet.destination_identities, ["bob"]);
    writer.close(&mut device.local, "", &[], &mut buf).expect("all is written");
    let answer = inline("kept", response(&header.attributes["lk.rpc_request_id"]));
    assert_eq!(bob(&mut device, 1, answer), Seen::Answer(Ok("kept".into())));
    // The next call has the same slot and is another one.
    assert_ne!(perform(&mut device, 0, "").0, id);
}

#[test]
fn a_device_of_version_1_takes_no_streams_for_calls() {
    let mut device = Device::new();
    let frame = packet(ALICE, 1, inline("now", request()));
    assert_eq!(receive(&mut device, &frame, 0), (Seen::Nothing, vec![]));
}

/// `RpcV2` with topics whose streams may be compressed.
struct Deflated;

impl Topics for Deflated {
    const TOPICS: &'static [&'static str] = Rpcs::TOPICS;
    const COMPRESSED: bool = true;
}

/// A payload that SDKs have compressed into one frame; it is not UTF-8.
fn deflated(header: Header) -> Value {
    let compression = CompressionType::DeflateRaw.into();
    let (inline_content, total_length) = (Some(vec![0xab, 0xaa, 0x82, 0, 0]), Some(500));
    Value::StreamHeader(Header { compression, inline_content, total_length, ..header })
}

#[test]
fn a_compressed_payload_in_one_frame_is_a_stream() {
    let mut device: Session<Incoming<Deflated, 2>, RpcV2<2>> = Session::new();
    let (seen, sent) = receive(&mut device, &packet(ALICE, 1, deflated(request())), 0);
    let Seen::Stream(part) = seen else { panic!("{seen:?}") };
    assert_eq!((part.content.len(), part.closed), (5, Some(End::Complete(vec![]))));
    assert_eq!(replies(&sent), [ack()]);

    let mut buf = [0; 512];
    let call = PerformRpc { destination_identity: "pa_bob0", method: "read", ..Default::default() };
    let (call, frame) = device.perform_rpc(&call, [7; 16], 0, &mut buf).expect("it fits");
    let Some(Value::RpcRequest(sent)) = theirs::DataPacket::decode(frame).unwrap().value else {
        panic!("a request")
    };
    let frame = packet("PA_bob0", 1, deflated(response(&sent.id)));
    let (event, _) = device.receive(Channel::Reliable, &frame, 0, &mut []).expect("a packet");
    let Some(Event::Stream(part)) = event else { panic!("{event:?}") };
    let info = part.opened.expect("its header");
    assert_eq!((info.response_to, info.is_compressed, part.content.len()), (Some(call), true, 5));
    assert_eq!(device.poll(20_000).map(|_| ()), None);
}

#[test]
fn a_compressed_response_that_nobody_asked_for_is_an_error_at_once() {
    let mut device = Short::new();
    let mut buf = [0; 512];
    let call = PerformRpc { destination_identity: "pa_bob0", method: "read", ..Default::default() };
    let (call, frame) = device.perform_rpc(&call, [7; 16], 0, &mut buf).expect("it fits");
    let Some(Value::RpcRequest(sent)) = theirs::DataPacket::decode(frame).unwrap().value else {
        panic!("a request")
    };
    let frame = packet("PA_bob0", 1, deflated(response(&sent.id)));
    let (event, _) = device.receive(Channel::Reliable, &frame, 0, &mut []).expect("a packet");
    let Some(Event::Answer(answer)) = event else { panic!("{event:?}") };
    let code = answer.result.expect_err("it cannot be read").code;
    assert_eq!((answer.call, code), (call, RpcError::APPLICATION_ERROR.code));
}
