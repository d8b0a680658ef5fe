//! Pings of both sides, and silence.

use livekit_micro::signal::{SignalClient, SignalError};
use livekit_protocol as theirs;
use prost::Message as _;
use testkit::signal::{frame, message, receive, response};
use theirs::signal_request::Message;

use crate::client::{MASK, client, connect, joined};

/// Clocks: one that begins, and one that wraps at 2³² ms while the test goes on.
const STARTS: [u64; 3] = [0, (1 << 32) - 7_000, (5 << 32) - 1];

/// What a client sends: the opcode and the payload, without its mask.
fn sent(client: &mut SignalClient<'_>, now_ms: u64) -> Option<(u8, Vec<u8>)> {
    let mut out = [0; 140];
    let frame = client.poll(now_ms, MASK, &mut out).expect("it stands")?;
    let (head, payload) = frame.split_at(6);
    assert_eq!((head[0] & 0xf0, usize::from(head[1])), (0x80, 0x80 | payload.len()));
    assert_eq!(head[2..], MASK);
    let payload = payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask);
    Some((head[0] & 0xf, payload.collect()))
}

fn ping(client: &mut SignalClient<'_>, now_ms: u64) -> Option<theirs::Ping> {
    let (opcode, payload) = sent(client, now_ms)?;
    assert_eq!(opcode, 2);
    match theirs::SignalRequest::decode(&payload[..]).expect("it is protobuf").message {
        Some(Message::PingReq(ping)) => Some(ping),
        other => panic!("{other:?}"),
    }
}

fn pong(ping: &theirs::Ping) -> Vec<u8> {
    let pong = theirs::Pong { last_ping_timestamp: ping.timestamp, timestamp: 1 };
    message(&response(theirs::signal_response::Message::PongResp(pong)))
}

#[test]
fn the_server_is_pinged_at_its_interval_and_the_round_trip_is_measured() {
    for start in STARTS {
        let mut client = joined(64, start);
        assert_eq!(client.round_trip_ms(), None);
        for (turn, rtt) in [(1, 80), (2, 1), (3, 0), (4, 4_000)] {
            let now = start + 5_000 * turn;
            assert_eq!(client.poll_in(now - 1), Some(1));
            assert_eq!(ping(&mut client, now - 1), None);
            assert_eq!(client.poll_in(now), Some(0));
            let before = client.round_trip_ms().unwrap_or_default();
            let sent = ping(&mut client, now).expect("a ping is due");
            assert_eq!(sent.rtt, i64::from(before));
            assert_ne!(sent.timestamp, 0);
            assert_eq!(ping(&mut client, now), None);
            assert_eq!(receive(&mut client, &pong(&sent), now + rtt), (vec![], None));
            assert_eq!(client.round_trip_ms(), Some((rtt as u32).max(1)));
        }
    }
}

#[test]
fn the_server_is_given_up_after_its_timeout() {
    for start in STARTS {
        let mut client = joined(64, start);
        for now in [5_000, 10_000] {
            assert!(ping(&mut client, start + now).is_some());
        }
        // One byte of a frame is a sign of life.
        assert_eq!(receive(&mut client, &[0x82], start + 12_000), (vec![], None));
        let mut out = [0; 140];
        for now in [15_000, 20_000, 25_000] {
            assert!(ping(&mut client, start + now).is_some());
        }
        assert_eq!(client.poll_in(start + 26_000), Some(1_000));
        assert_eq!(client.poll(start + 26_999, MASK, &mut out), Ok(None));
        assert_eq!(client.poll(start + 27_000, MASK, &mut out), Err(SignalError::TimedOut));
        assert_eq!((client.poll_in(start + 27_000), client.is_open()), (None, false));
        assert_eq!(client.poll(start + 27_000, MASK, &mut out), Ok(None));
    }
}

#[test]
fn a_server_has_15_seconds_to_let_a_participant_in() {
    let mut out = [0; 140];
    for start in STARTS {
        let mut silent = client(64);
        connect(&mut silent, start);
        assert_eq!(silent.poll_in(start + 1_000), Some(14_000));
        // Accepted, and nothing after it.
        let mut accepting = client(64);
        let head = connect(&mut accepting, start);
        assert_eq!(receive(&mut accepting, &head, start + 9_000), (vec![], None));
        assert_eq!(accepting.poll(start + 23_999, MASK, &mut out), Ok(None));
        assert_eq!(accepting.poll(start + 24_000, MASK, &mut out), Err(SignalError::TimedOut));
        assert_eq!(silent.poll(start + 14_999, MASK, &mut out), Ok(None));
        assert_eq!(silent.poll(start + 15_000, MASK, &mut out), Err(SignalError::TimedOut));
    }
}

#[test]
fn times_of_a_join_are_within_reason() {
    use theirs::signal_response::Message;
    for (interval, timeout, first, dead) in [
        (0, 0, 5_000, 15_000), // none
        (1, 2, 1_000, 2_000),
        (-1, 0, 3_600_000, 15_000),
        (7, i32::MAX, 7_000, 3_600_000),
    ] {
        let join = theirs::JoinResponse {
            ping_interval: interval,
            ping_timeout: timeout,
            ..Default::default()
        };
        let mut client = client(64);
        let head = connect(&mut client, 0);
        let bytes = [head, message(&response(Message::Join(join)))].concat();
        receive(&mut client, &bytes, 0);
        assert_eq!(client.poll_in(0), Some(first.min(dead)));
        let mut out = [0; 140];
        assert_eq!(client.poll(dead.into(), MASK, &mut out), Err(SignalError::TimedOut));
    }
}

#[test]
fn a_pong_has_the_payload_of_the_last_ping() {
    let mut client = joined(64, 0);
    for len in [0, 1, 5, 124, 125] {
        let payload: Vec<u8> = (0..len).collect();
        let bytes = [frame(0x89, b"before"), frame(0x89, &payload)].concat();
        for piece in bytes.chunks(3) {
            assert_eq!(receive(&mut client, piece, 0), (vec![], None));
        }
        assert_eq!(client.poll_in(0), Some(0));
        assert_eq!(sent(&mut client, 0), Some((10, payload)));
        assert_eq!((sent(&mut client, 0), client.poll_in(0)), (None, Some(5_000)));
    }
    // A pong of the server's, which nobody asked for, is not answered.
    assert_eq!(receive(&mut client, &frame(0x8a, b"hello"), 0), (vec![], None));
    assert_eq!(sent(&mut client, 0), None);
}

#[test]
fn a_pong_has_the_payload_of_a_ping_whatever_follows_it() {
    let mut client = joined(64, 0);
    for more in [frame(0x8a, b"a pong"), frame(0x89, b"another")[..5].to_vec()] {
        let bytes = [frame(0x89, b"first"), more].concat();
        assert_eq!(receive(&mut client, &bytes, 0), (vec![], None));
        let answered = sent(&mut client, 0);
        assert!(answered.is_none() || answered == Some((10, b"first".to_vec())), "{answered:?}");
    }
    assert_eq!(receive(&mut client, b"ther", 0), (vec![], None));
    assert_eq!(sent(&mut client, 0), Some((10, b"another".to_vec())));
}
