//! RPC in both roles.

use livekit_micro::RpcCode;
use livekit_micro::data::{CallId, Caller, Channel, PerformRpc, RpcError, SendError, Session};
use livekit_protocol::data_packet::Value;
use livekit_protocol::{self as theirs, rpc_response};
use prost_reflect::prost::Message as _;

use crate::frames::*;

const ALICE: &str = "PA_alice0000000";
const BOB: &str = "PA_bob000000000";

fn request(id: &str, version: u32) -> Value {
    Value::RpcRequest(theirs::RpcRequest {
        id: id.into(),
        method: "read".into(),
        payload: "now".into(),
        response_timeout_ms: 8_000,
        version,
        ..Default::default()
    })
}

fn ack(id: &str) -> Value {
    Value::RpcAck(theirs::RpcAck { request_id: id.into() })
}

fn response(id: &str, value: Option<rpc_response::Value>) -> Value {
    Value::RpcResponse(theirs::RpcResponse { request_id: id.into(), value })
}

fn call(id: &str) -> Seen {
    Seen::Call {
        from: ALICE.to_lowercase(),
        id: id.into(),
        method: "read".into(),
        payload: "now".into(),
        timeout: 8_000,
    }
}

/// What a packet says, which goes to Alice alone.
fn to_alice(packet: &theirs::DataPacket) -> Value {
    assert_eq!(packet.destination_identities, [ALICE.to_lowercase()]);
    assert_ne!(packet.sequence, 0);
    packet.value.clone().expect("it has content")
}

#[test]
fn a_request_is_acknowledged_and_told() {
    let mut device = Device::new();
    for (sequence, id) in [(1, "9c1c5ee1-e9c2-4bc5-9d4c-c7b0b4a8e4a1"), (2, "x"), (3, "")] {
        let (seen, replies) = receive(&mut device, &packet(ALICE, sequence, request(id, 1)), 0);
        assert_eq!(seen, call(id));
        assert_eq!(replies.iter().map(to_alice).collect::<Vec<_>>(), [ack(id)]);
    }
}

#[test]
fn a_request_that_is_no_text_is_an_error_and_takes_no_number() {
    let mut device = Device::new();
    let mut frame = packet(ALICE, 1, request("id", 1));
    let at = frame.windows(4).position(|it| it == b"read").expect("the method");
    frame[at] = 0xff;
    let mut out = [0; 660];
    assert!(device.receive(Channel::Reliable, &frame, 0, &mut out).is_err());
    assert_eq!(device.local.last_sequence(), 0);
    assert_eq!(receive(&mut device, &packet(ALICE, 2, request("id", 1)), 0).0, call("id"));
}

#[test]
fn a_request_without_space_for_its_acknowledgement_runs_when_it_comes_again() {
    let mut device = Device::new();
    let frame = packet(ALICE, 0, request("id", 1));
    let mut out = [0; 20];
    let (event, replies) =
        device.receive(Channel::Reliable, &frame, 0, &mut out).expect("a packet");
    assert!(event.is_none() && replies.count() == 0);
    assert_eq!(receive(&mut device, &frame, 0).0, call("id"));
}

#[test]
fn replies_to_the_longest_identity_fit_660_bytes() {
    let mut device = Device::new();
    let mut packet = theirs::DataPacket::decode(&packet(ALICE, 1, request(&"i".repeat(36), 9))[..])
        .expect("a packet");
    packet.participant_identity = "a".repeat(256);
    let mut out = [0; 660];
    let frame = packet.encode_to_vec();
    let (_, replies) = device.receive(Channel::Reliable, &frame, 0, &mut out).expect("a packet");
    assert_eq!(replies.count(), 2);
}

#[test]
fn another_version_is_acknowledged_and_refused() {
    for version in [0, 2, 99] {
        let mut device = Device::new();
        let (seen, replies) = receive(&mut device, &packet(ALICE, 1, request("id", version)), 0);
        assert_eq!(seen, Seen::Nothing);
        let error = theirs::RpcError {
            code: 1404,
            message: "Unsupported RPC version".into(),
            data: String::new(),
        };
        let refusal = response("id", Some(rpc_response::Value::Error(error)));
        assert_eq!(replies.iter().map(to_alice).collect::<Vec<_>>(), [ack("id"), refusal]);
    }
}

#[test]
fn a_repeated_request_is_acknowledged_and_not_run_again() {
    let mut device = Device::new();
    assert_eq!(receive(&mut device, &packet(ALICE, 1, request("id", 1)), 0).0, call("id"));
    let (seen, replies) = receive(&mut device, &packet(ALICE, 2, request("id", 1)), 0);
    assert_eq!((seen, replies.len()), (Seen::Nothing, 1));
    // The same id of somebody else is another request.
    assert_ne!(receive(&mut device, &packet(BOB, 1, request("id", 1)), 0).0, Seen::Nothing);
    // As many are remembered as there is space for.
    for n in 0..8 {
        let frame = packet(ALICE, 3 + n, request(&format!("other {n}"), 1));
        assert_ne!(receive(&mut device, &frame, 0).0, Seen::Nothing);
    }
    assert_eq!(receive(&mut device, &packet(ALICE, 11, request("id", 1)), 0).0, call("id"));
}

#[test]
fn responses_are_those_of_the_sdks() {
    let mut session: Device = Session::new();
    let mut buf = vec![0; 20_000];
    let caller = Caller::new("alice", "id");
    let mut respond = |result: Result<&str, RpcError<'_>>| {
        let frame = session.respond(&caller, result, &mut buf).expect("it fits");
        let packet = theirs::DataPacket::decode(frame).expect("a packet");
        match packet.value {
            Some(Value::RpcResponse(it)) if it.request_id == "id" => it.value.expect("a value"),
            other => panic!("{other:?}"),
        }
    };
    for payload in ["", "on", &"é".repeat(7_680)] {
        assert_eq!(respond(Ok(payload)), rpc_response::Value::Payload(payload.into()));
    }
    let code = |value| match value {
        rpc_response::Value::Error(error) => (error.code, error.message, error.data),
        other => panic!("{other:?}"),
    };
    let (number, message, _) = code(respond(Ok(&"x".repeat(15_361))));
    assert_eq!((number, message.as_str()), (1504, "Response payload too large"));
    // What is too long is cut between characters.
    let (text, data) = ("é".repeat(200), "€".repeat(6_000));
    let error = RpcError { code: RpcCode(2001), message: &text, data: &data };
    let (number, message, data) = code(respond(Err(error)));
    assert_eq!((number, message, data), (2001, "é".repeat(128), "€".repeat(5_120)));
}

/// A call, its id and the request that is sent.
fn perform(
    device: &mut Device,
    random: u8,
    timeout: u32,
    now: u64,
) -> (CallId, theirs::RpcRequest) {
    let mut buf = [0; 256];
    let call = PerformRpc {
        destination_identity: "bob",
        method: "reading",
        payload: "21.5",
        response_timeout_ms: timeout,
        ..PerformRpc::default()
    };
    let (id, frame) = device.perform_rpc(&call, [random; 16], now, &mut buf).expect("it fits");
    let packet = theirs::DataPacket::decode(frame).expect("a packet");
    assert_eq!(packet.destination_identities, ["bob"]);
    match packet.value {
        Some(Value::RpcRequest(request)) => (id, request),
        other => panic!("{other:?}"),
    }
}

/// A device that calls Bob.
struct Lab {
    device: Device,
    sequence: u32,
}

impl Lab {
    fn new() -> Self {
        Self { device: Session::new(), sequence: 0 }
    }

    fn of(&mut self, identity: &str, value: Value, now: u64) -> Seen {
        self.sequence += 1;
        let packet = theirs::DataPacket {
            participant_identity: identity.into(),
            participant_sid: BOB.into(),
            sequence: self.sequence,
            value: Some(value),
            ..Default::default()
        };
        receive(&mut self.device, &packet.encode_to_vec(), now).0
    }

    fn bob(&mut self, value: Value, now: u64) -> Seen {
        self.of("bob", value, now)
    }
}

fn payload(text: &str) -> Option<rpc_response::Value> {
    Some(rpc_response::Value::Payload(text.into()))
}

fn failed(error: RpcError<'_>) -> Seen {
    Seen::Answer(Err((error.code.0, error.message.into(), error.data.into())))
}

#[test]
fn a_call_is_answered_once() {
    let mut lab = Lab::new();
    let (_, request) = perform(&mut lab.device, 1, 15_000, 0);
    assert_eq!((request.method.as_str(), request.payload.as_str()), ("reading", "21.5"));
    assert_eq!((request.version, request.response_timeout_ms, request.id.len()), (1, 8_000, 36));
    assert_eq!(lab.bob(ack(&request.id), 100), Seen::Nothing);
    assert_eq!(lab.bob(response(&request.id, payload("ok")), 200), Seen::Answer(Ok("ok".into())));
    assert_eq!(lab.bob(response(&request.id, payload("again")), 300), Seen::Nothing);
    assert_eq!(lab.bob(ack(&request.id), 300), Seen::Nothing);
    assert_eq!((lab.device.poll_in(300), seen(lab.device.poll(100_000))), (None, Seen::Nothing));
}

#[test]
fn a_response_counts_without_an_acknowledgement() {
    let mut lab = Lab::new();
    let (_, request) = perform(&mut lab.device, 1, 15_000, 0);
    let id = request.id.to_uppercase(); // as Swift writes it
    assert_eq!(lab.bob(response(&id, payload("")), 0), Seen::Answer(Ok(String::new())));
}

#[test]
fn an_error_is_told_with_its_data() {
    let mut lab = Lab::new();
    let (_, request) = perform(&mut lab.device, 1, 15_000, 0);
    let error = theirs::RpcError { code: 2001, message: "m".into(), data: "d".into() };
    let error = response(&request.id, Some(rpc_response::Value::Error(error)));
    assert_eq!(lab.bob(error, 0), Seen::Answer(Err((2001, "m".into(), "d".into()))));
    let (_, request) = perform(&mut lab.device, 2, 15_000, 0);
    let Seen::Answer(Err((1500, message, _))) = lab.bob(response(&request.id, None), 0) else {
        panic!("a response without a value")
    };
    assert_eq!(message, "RPC response carried no value");
}

#[test]
fn nobody_else_answers() {
    let mut lab = Lab::new();
    let (_, request) = perform(&mut lab.device, 1, 15_000, 0);
    assert_eq!(lab.of("mallory", response(&request.id, payload("x")), 0), Seen::Nothing);
    assert_eq!(lab.of("mallory", ack(&request.id), 0), Seen::Nothing);
    assert_eq!(seen(lab.device.poll(7_000)), failed(RpcError::CONNECTION_TIMEOUT));
}

#[test]
fn timeouts_count_from_the_call() {
    // (timeout, acknowledged, when it fails, why)
    for (timeout, acknowledged, at, error) in [
        (15_000, false, 7_000, RpcError::CONNECTION_TIMEOUT),
        (15_000, true, 15_000, RpcError::RESPONSE_TIMEOUT),
        (3_000, false, 3_000, RpcError::RESPONSE_TIMEOUT),
        (3_000, true, 3_000, RpcError::RESPONSE_TIMEOUT),
        (7_000, false, 7_000, RpcError::CONNECTION_TIMEOUT),
    ] {
        // Also where the clock wraps.
        for start in [0, u64::from(u32::MAX) - 100] {
            let mut lab = Lab::new();
            let (_, request) = perform(&mut lab.device, 1, timeout, start);
            if acknowledged {
                assert_eq!(lab.bob(ack(&request.id), start + 50), Seen::Nothing);
            }
            assert_eq!(lab.device.poll_in(start + 1_000), Some(at - 1_000), "{timeout}");
            assert_eq!(seen(lab.device.poll(start + u64::from(at) - 1)), Seen::Nothing);
            assert_eq!(seen(lab.device.poll(start + u64::from(at))), failed(error), "{timeout}");
            assert_eq!(seen(lab.device.poll(start + 100_000)), Seen::Nothing);
        }
    }
}

#[test]
fn several_calls_wait_at_a_time() {
    let mut lab = Lab::new();
    let (one, first) = perform(&mut lab.device, 1, 15_000, 0);
    let (two, second) = perform(&mut lab.device, 2, 15_000, 1_000);
    assert_ne!(one, two);
    let mut buf = [0; 256];
    let call = PerformRpc { destination_identity: "bob", ..PerformRpc::default() };
    let third = lab.device.perform_rpc(&call, [3; 16], 0, &mut buf);
    assert_eq!(third.map(drop), Err(SendError::TooManyCalls { max: 2 }));
    assert_eq!(lab.bob(response(&second.id, payload("2")), 0), Seen::Answer(Ok("2".into())));
    // The slot is free, and the next call in it is another one.
    let (three, _) = perform(&mut lab.device, 3, 15_000, 2_000);
    assert!(three != two && three != one);
    assert_eq!(lab.bob(response(&first.id, payload("1")), 0), Seen::Answer(Ok("1".into())));
}

#[test]
fn a_callee_that_leaves_ends_its_calls() {
    let mut lab = Lab::new();
    perform(&mut lab.device, 1, 15_000, 0);
    assert_eq!(seen(lab.device.participant_left("carol", "PA_carol")), Seen::Nothing);
    let error = failed(RpcError::RECIPIENT_DISCONNECTED);
    assert_eq!(seen(lab.device.participant_left("bob", BOB)), error);
    perform(&mut lab.device, 2, 15_000, 0);
    assert_eq!(seen(lab.device.reset()), error);
    assert_eq!(seen(lab.device.reset()), Seen::Nothing);
}

#[test]
fn a_caller_can_be_kept() {
    let caller = Caller::new("alice", "id");
    let kept = caller.keep::<5>().expect("it fits");
    assert_eq!(kept.caller(), caller);
    assert!(caller.keep::<4>().is_none());
    let long = "i".repeat(37);
    assert!(Caller { request_id: &long, ..caller }.keep::<5>().is_none());
}
