//! The session by hand on nanopb does what this crate's does: whatever both receive, they tell the same and send the
//! same, as this crate reads it.
#![no_std]
#![no_main]

use core::ffi::CStr;

use emulator::semihosting::exit;
use livekit_micro::borrowed::data_packet::Value;
use livekit_micro::borrowed::rpc_response;
use livekit_micro::borrowed::{DataPacket, RpcAck, RpcRequest, UserPacket};
use livekit_micro::data::{Caller, Channel, Data, Event, Rpc, RpcError, Session};
use livekit_micro::{RpcCode, from_bytes, to_slice};
use programs::codec::session::{self as nanopb, Text};

struct Both {
    ours: Session<(), Rpc>,
    nanopb: nanopb::Session,
}

/// What has come of a frame.
#[derive(Debug, PartialEq)]
enum Said {
    Error,
    Nothing,
    Data,
    Call,
    Other,
}

impl Both {
    /// Both receive a frame.
    fn receive(&mut self, channel: Channel, frame: &[u8], now: u32) -> Said {
        let (mut out, mut their_out) = ([0; 700], [0; 700]);
        let ours = self.ours.receive(channel, frame, now.into(), &mut out);
        let nanopb::Session { local, remote } = &mut self.nanopb;
        let is_reliable = channel == Channel::Reliable;
        let theirs = remote.receive(local, is_reliable, frame, now, &mut their_out);
        let Ok((event, replies)) = ours else {
            assert!(theirs.is_none());
            return Said::Error;
        };
        let theirs = theirs.expect("it is a packet");

        let mut rest = &their_out[..];
        let mut replies = replies;
        for len in theirs.replies() {
            let (frame, after) = rest.split_at(len);
            match replies.next() {
                Some(reply) => assert_same(reply, frame),
                None => assert_eq!(len, 0),
            }
            rest = after;
        }

        match event {
            Some(Event::Data(data)) => {
                let packet = theirs.data().expect("it is a user packet");
                assert_text(theirs.from, data.from);
                assert_text(packet.topic, data.topic);
                assert_eq!(packet.payload(), data.payload);
                Said::Data
            }
            Some(Event::Call(call)) => {
                let request = theirs.call().expect("it is a call");
                assert_text(theirs.from, call.caller.identity);
                assert_text(request.request_id, call.caller.request_id);
                assert_text(request.method, call.method);
                assert_text(request.payload, call.payload);
                assert_eq!(request.response_timeout_ms, call.response_timeout_ms);
                Said::Call
            }
            Some(_) => {
                assert!(theirs.is_other());
                Said::Other
            }
            None => {
                assert!(theirs.data().is_none() && theirs.call().is_none() && !theirs.is_other());
                Said::Nothing
            }
        }
    }

    /// Both receive all of a reliable packet, and all that it begins with.
    fn receive_parts(&mut self, packet: &DataPacket<'_>) {
        let mut buf = [0; 700];
        let frame = to_slice(packet, &mut buf).expect("it fits");
        for len in 0..=frame.len() {
            self.receive(Channel::Reliable, &frame[..len], 5);
        }
    }

    fn publish(&mut self, topic: &CStr, payload: &[u8]) {
        let (mut out, mut their_out) = ([0; 1200], [0; 1200]);
        let data = Data { payload, topic: utf8(topic), to: &[] };
        let frame = self.ours.publish_data(&data, &mut out).expect("it fits");
        let len = self.nanopb.local.publish(topic, payload, &mut their_out).expect("it fits");
        assert_same(frame, &their_out[..len]);
    }

    fn respond(&mut self, id: &CStr, result: Result<&CStr, (u32, &CStr, &CStr)>) {
        let (mut out, mut their_out) = ([0; 1200], [0; 1200]);
        let ours = match result {
            Ok(payload) => Ok(utf8(payload)),
            Err((code, message, data)) => {
                let (message, data) = (utf8(message), utf8(data));
                Err(RpcError { data, ..RpcError::new(RpcCode(code), message) })
            }
        };
        let caller = Caller::new("agent-7", utf8(id));
        let frame = self.ours.respond(&caller, ours, &mut out).expect("it fits");
        let error = result.err().map(|(code, message, data)| nanopb::Error {
            code,
            message: message.into(),
            data: data.into(),
        });
        let theirs = match &error {
            Some(error) => Err(error),
            None => Ok(result.unwrap_or_default()),
        };
        let local = &mut self.nanopb.local;
        let len = local.respond(c"agent-7".into(), id.into(), theirs, &mut their_out);
        assert_same(frame, &their_out[..len.expect("it fits")]);
    }
}

fn utf8(text: &CStr) -> &str {
    text.to_str().expect("it is UTF-8")
}

fn assert_text(theirs: Text<'_>, ours: &str) {
    assert_eq!(theirs.as_c_str().to_bytes(), ours.as_bytes());
}

/// Both frames have the same fields, in whatever order.
fn assert_same(ours: &[u8], theirs: &[u8]) {
    assert_eq!(ours.len(), theirs.len());
    let [one, other] =
        [ours, theirs].map(|frame| from_bytes::<DataPacket>(frame).expect("it is whole"));
    assert_eq!(one.sequence, other.sequence);
    assert!(one.destination_identities == other.destination_identities);
    match (one.value, other.value) {
        (Some(Value::User(one)), Some(Value::User(other))) => {
            assert!(one.read() == other.read());
        }
        (Some(Value::RpcAck(one)), Some(Value::RpcAck(other))) => {
            assert!(one.read() == other.read());
        }
        (Some(Value::RpcResponse(one)), Some(Value::RpcResponse(other))) => {
            let [one, other] = [one, other].map(|response| response.read().expect("it is whole"));
            assert_eq!(one.request_id, other.request_id);
            match (one.value, other.value) {
                (
                    Some(rpc_response::Value::Error(one)),
                    Some(rpc_response::Value::Error(other)),
                ) => {
                    assert!(one.read() == other.read());
                }
                (one, other) => assert!(one.is_some() && one == other),
            }
        }
        _ => panic!("neither makes anything else"),
    }
}

/// A packet of the sender of this number.
fn packet<'a>(sid: &'a str, sequence: u32, value: Value<'a>) -> DataPacket<'a> {
    DataPacket {
        participant_identity: "agent-7",
        participant_sid: sid,
        sequence,
        value: Some(value),
        ..DataPacket::new()
    }
}

const SIDS: [&str; 10] = [
    "",
    "PA_a",
    "PA_b",
    "PA_Rc3mVbQ4tZ9x",
    "PA_Rc3mVbQ4tZ9y",
    "PA_c",
    "PA_d",
    "PA_e",
    "PA_f",
    "PA_g",
];
const IDS: [&str; 12] = [
    "",
    "1",
    "2",
    "6d1a9b0e-7c63-4f0e-9a35-0d9b6f7c2e11",
    "0d9b",
    "5",
    "6",
    "7",
    "8",
    "9",
    "10",
    "11",
];

/// Packets at random: repeated, too old, of too many senders, of callers that repeat themselves.
fn receive_many(both: &mut Both) {
    let mut random = 1u32;
    let mut below = |end: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) % end
    };
    let (mut now, mut counts) = (u32::MAX - 100_000, [0; 4]);
    for _ in 0..5000 {
        now = now.wrapping_add([0, 1, 500, 9_999][below(4) as usize]);
        let (sid, sequence) = (SIDS[below(10) as usize], below(20));
        let user = UserPacket { payload: b"21.5", topic: Some("temperature"), ..UserPacket::new() };
        let request = RpcRequest {
            id: IDS[below(12) as usize],
            method: "led",
            payload: "on",
            version: below(3),
            response_timeout_ms: below(20_000),
            ..RpcRequest::new()
        };
        let ack = RpcAck { request_id: "1" };
        let value = match below(5) {
            0 | 1 => Value::User((&user).into()),
            2 | 3 => Value::RpcRequest((&request).into()),
            _ => Value::RpcAck((&ack).into()),
        };
        let channel = if below(4) > 0 { Channel::Reliable } else { Channel::Lossy };
        let mut buf = [0; 200];
        let frame = to_slice(&packet(sid, sequence, value), &mut buf).expect("it fits");
        let said = both.receive(channel, frame, now);
        counts[match said {
            Said::Nothing => 0,
            Said::Data => 1,
            Said::Call => 2,
            Said::Other => 3,
            Said::Error => panic!("it is a packet"),
        }] += 1;
    }
    assert!(counts.iter().all(|count| *count > 100));
}

fn receive_broken(both: &mut Both) {
    let user = UserPacket { payload: &[7; 100], topic: Some("tür"), ..UserPacket::new() };
    both.receive_parts(&packet("PA_a", 0, Value::User((&user).into())));
    let request =
        RpcRequest { id: "ä", method: "mäh", payload: "…", version: 1, ..RpcRequest::new() };
    both.receive_parts(&packet("PA_a", 0, Value::RpcRequest((&request).into())));
    // Bytes that are no character, where a string is.
    for value in [Value::User((&user).into()), Value::RpcRequest((&request).into())] {
        let mut buf = [0; 200];
        let len = to_slice(&packet("PA_a", 0, value), &mut buf).expect("it fits").len();
        for at in 0..len {
            if buf[at] > 0x7f {
                let before = core::mem::replace(&mut buf[at], 0xff);
                assert_eq!(both.receive(Channel::Reliable, &buf[..len], 5), Said::Error);
                buf[at] = before;
            }
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    // SAFETY: a program has one thread, and one that lives at a time.
    let mut both = Both { ours: Session::new(), nanopb: unsafe { nanopb::Session::new() } };
    both.publish(c"temperature", b"21.5");
    both.publish(c"", b"");
    both.publish(c"temperature", &[7; 1024]);
    assert!(both.nanopb.local.publish(c"", &[7; 1025], &mut [0; 1200]).is_none());
    receive_many(&mut both);
    receive_broken(&mut both);
    both.respond(c"1", Ok(c"on"));
    both.respond(c"1", Ok(c""));
    both.respond(c"0d9b", Err((1400, c"Method not supported at destination", c"")));
    let mut long = [b'x'; 301];
    long[255..257].copy_from_slice("ü".as_bytes());
    long[300] = 0;
    let long = CStr::from_bytes_with_nul(&long).expect("it ends with NUL");
    both.respond(c"1", Err((7, long, c"more")));
    // What there is no capacity for is refused like what is above LiveKit's limit.
    let too_large = RpcError::RESPONSE_PAYLOAD_TOO_LARGE;
    let mut payload = [b'x'; 1026];
    payload[1025] = 0;
    let payload = CStr::from_bytes_with_nul(&payload).expect("it ends with NUL");
    let (mut out, mut their_out) = ([0; 200], [0; 200]);
    let caller = Caller::new("agent-7", "1");
    let frame = both.ours.respond(&caller, Err(too_large), &mut out).expect("it fits");
    let local = &mut both.nanopb.local;
    let len = local.respond(c"agent-7".into(), c"1".into(), Ok(payload), &mut their_out);
    assert_same(frame, &their_out[..len.expect("it fits")]);
    exit(true)
}
