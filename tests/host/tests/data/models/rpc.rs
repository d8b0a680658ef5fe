//! Calls in both roles.

use std::collections::VecDeque;

use livekit_micro::data::{CallId, Channel, Event, PerformRpc, SendError};
use livekit_protocol::data_packet::Value;
use livekit_protocol::{self as theirs, rpc_response};
use proptest::prelude::*;
use prost_reflect::prost::Message as _;

use super::{START_MS, check};
use crate::frames::{Device, Seen, packet, receive};

/// How many calls of a [`Device`] may wait, and how many requests it remembers.
const CALLS: usize = 2;
const REMEMBERED: usize = 8;
const ROUND_TRIP_MS: u64 = 7_000;

/// The identity of a participant is its sid in lower case.
fn sid(participant: usize) -> String {
    format!("PA_{participant:012}")
}

#[derive(Debug, Clone)]
enum Step {
    Call {
        callee: usize,
        timeout_ms: u32,
    },
    /// An acknowledgement of a call, which may be over.
    Ack {
        call: prop::sample::Index,
        from: usize,
    },
    Respond {
        call: prop::sample::Index,
        from: usize,
    },
    Pause(u64),
    /// Until there may be something to say.
    Wait,
    Left(usize),
    Reset,
}

fn step() -> impl Strategy<Value = Step> {
    let timeout = prop_oneof![Just(15_000), Just(7_000), 0..20_000u32, Just(u32::MAX)];
    let pause = prop_oneof![0..1_000u64, 1_000..8_000u64, Just(ROUND_TRIP_MS), Just(15_000)];
    let call = || any::<prop::sample::Index>();
    prop_oneof![
        4 => (0..2usize, timeout).prop_map(|(callee, timeout_ms)| Step::Call { callee, timeout_ms }),
        4 => (call(), 0..2usize).prop_map(|(call, from)| Step::Ack { call, from }),
        3 => (call(), 0..2usize).prop_map(|(call, from)| Step::Respond { call, from }),
        4 => pause.prop_map(Step::Pause),
        1 => (0..2usize).prop_map(Step::Left),
        1 => Just(Step::Reset),
    ]
}

/// A call that was made.
struct Made {
    call: CallId,
    id: String,
    callee: usize,
    at_ms: u64,
    timeout_ms: u64,
    is_acknowledged: bool,
    is_over: bool,
}

impl Made {
    /// When it fails, and with which code.
    fn end(&self) -> (u64, u32) {
        match self.is_acknowledged || self.timeout_ms < ROUND_TRIP_MS {
            true => (self.at_ms + self.timeout_ms, 1502),
            false => (self.at_ms + ROUND_TRIP_MS, 1501),
        }
    }
}

/// Ends the calls of which this is true: their answers.
fn end(
    made: &mut [Made],
    code: impl Fn(&Made) -> Option<u32>,
) -> Vec<(CallId, Result<String, u32>)> {
    let mut answers = Vec::new();
    for it in made.iter_mut().filter(|it| !it.is_over) {
        if let Some(code) = code(it) {
            it.is_over = true;
            answers.push((it.call, Err(code)));
        }
    }
    answers
}

fn answer(event: Option<Event<'_>>) -> Option<(CallId, Result<String, u32>)> {
    match event {
        None => None,
        Some(Event::Answer(it)) => {
            Some((it.call, it.result.map(str::to_owned).map_err(|it| it.code.0)))
        }
        Some(other) => panic!("{other:?}"),
    }
}

/// All that `next` says, in the order of the model: by which call.
fn all(
    made: &[Made],
    next: impl FnMut() -> Option<(CallId, Result<String, u32>)>,
) -> Vec<(CallId, Result<String, u32>)> {
    let mut answers: Vec<_> = std::iter::from_fn(next).collect();
    answers.sort_by_key(|(call, _)| made.iter().rposition(|it| it.call == *call));
    answers
}

#[test]
fn each_call_has_one_answer_at_its_time() {
    check(prop::collection::vec(step(), 1..60), |steps| {
        let (mut device, mut made, mut now_ms) = (Device::new(), Vec::<Made>::new(), START_MS);
        for step in steps.into_iter().chain([Step::Wait, Step::Wait]) {
            let name = format!("{step:?}");
            match step {
                Step::Call { callee, timeout_ms } => {
                    let identity = sid(callee).to_lowercase();
                    let call = PerformRpc {
                        destination_identity: &identity,
                        response_timeout_ms: timeout_ms,
                        ..PerformRpc::default()
                    };
                    let (random, mut buf) = ([made.len() as u8; 16], [0; 256]);
                    let waiting = made.iter().filter(|it| !it.is_over).count();
                    match device.perform_rpc(&call, random, now_ms, &mut buf) {
                        Ok((call, frame)) => {
                            assert!(waiting < CALLS);
                            let packet = theirs::DataPacket::decode(frame).expect("a packet");
                            let Some(Value::RpcRequest(request)) = packet.value else { panic!() };
                            made.push(Made {
                                call,
                                id: request.id,
                                callee,
                                at_ms: now_ms,
                                timeout_ms: timeout_ms.into(),
                                is_acknowledged: false,
                                is_over: false,
                            });
                        }
                        Err(error) => {
                            assert_eq!(error, SendError::TooManyCalls { max: CALLS });
                            assert_eq!(waiting, CALLS);
                        }
                    }
                }
                Step::Ack { call, from } if !made.is_empty() => {
                    let it = call.get_mut(&mut made);
                    let ack = theirs::RpcAck { request_id: it.id.clone() };
                    let frame = packet(&sid(from), 0, Value::RpcAck(ack));
                    assert_eq!(receive(&mut device, &frame, now_ms).0, Seen::Nothing);
                    it.is_acknowledged |= from == it.callee;
                }
                Step::Respond { call, from } if !made.is_empty() => {
                    let it = call.get_mut(&mut made);
                    let value = Some(rpc_response::Value::Payload("21.5".into()));
                    let response = theirs::RpcResponse { request_id: it.id.clone(), value };
                    let frame = packet(&sid(from), 0, Value::RpcResponse(response));
                    let mut expected = None;
                    if from == it.callee && !it.is_over {
                        it.is_over = true;
                        expected = Some((it.call, Ok("21.5".into())));
                    }
                    let (event, replies) = device
                        .receive(Channel::Reliable, &frame, now_ms, &mut [])
                        .expect("a packet");
                    assert_eq!((answer(event), replies.count()), (expected, 0), "{name}");
                }
                Step::Ack { .. } | Step::Respond { .. } => {}
                Step::Pause(ms) => now_ms += ms,
                Step::Wait => now_ms += u64::from(device.poll_in(now_ms).unwrap_or_default()),
                Step::Left(who) => {
                    let (sid, identity) = (sid(who), sid(who).to_lowercase());
                    let expected = end(&mut made, |it| (it.callee == who).then_some(1503));
                    let left = all(&made, || answer(device.participant_left(&identity, &sid)));
                    assert_eq!(left, expected);
                }
                Step::Reset => {
                    let expected = end(&mut made, |_| Some(1503));
                    assert_eq!(all(&made, || answer(device.reset())), expected);
                }
            }
            let over = |it: &Made| (it.end().0 <= now_ms).then_some(it.end().1);
            let expected = end(&mut made, over);
            assert_eq!(all(&made, || answer(device.poll(now_ms))), expected, "{name}");
            let next = made.iter().filter(|it| !it.is_over).map(|it| it.end().0 - now_ms).min();
            assert_eq!(device.poll_in(now_ms).map(u64::from), next, "{name}");
        }
        assert!(made.iter().all(|it| it.is_over));
    });
}

#[test]
fn each_request_runs_once_and_is_acknowledged_each_time() {
    let request = (0..2usize, 0..12usize, prop_oneof![6 => Just(1u32), 1 => 0..4u32]);
    check(prop::collection::vec(request, 1..60), |requests| {
        let (mut device, mut remembered) = (Device::new(), VecDeque::new());
        for (from, id, version) in requests {
            let (key, id) = ((from, id), format!("request {id}"));
            let (method, payload) = ("read".to_owned(), "now".to_owned());
            let request = theirs::RpcRequest {
                id: id.clone(),
                method: method.clone(),
                payload: payload.clone(),
                response_timeout_ms: 8_000,
                version,
                ..Default::default()
            };
            let frame = packet(&sid(from), 0, Value::RpcRequest(request));
            let (seen, replies) = receive(&mut device, &frame, 0);
            let from = sid(from).to_lowercase();
            assert!(replies.iter().all(|it| it.destination_identities == [from.as_str()]));
            let mut replies = replies.into_iter().map(|it| it.value.expect("it has content"));
            let ack = theirs::RpcAck { request_id: id.clone() };
            assert_eq!(replies.next(), Some(Value::RpcAck(ack)));
            let is_new = !remembered.contains(&key);
            if is_new {
                remembered.push_back(key);
                if remembered.len() > REMEMBERED {
                    remembered.pop_front();
                }
            }
            let refusal = match replies.next() {
                None => None,
                Some(Value::RpcResponse(it)) if it.request_id == id => match it.value {
                    Some(rpc_response::Value::Error(error)) => Some(error.code),
                    other => panic!("{other:?}"),
                },
                other => panic!("{other:?}"),
            };
            assert_eq!(refusal, (is_new && version != 1).then_some(1404));
            let call = Seen::Call { from, id, method, payload, timeout: 8_000 };
            assert_eq!(seen, if is_new && version == 1 { call } else { Seen::Nothing });
            assert_eq!(replies.next(), None);
        }
    });
}
