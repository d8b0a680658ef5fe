//! Delivery: a bounded queue, in order, by the rule, whatever the server says.

use std::collections::VecDeque;

use livekit_micro::borrowed::PerformRpcResponse;
use livekit_micro::server::{
    Backoff, CallError, ExchangeError, Nonce, Outbox, PayloadTooLong, Poll, Pushed, Refusal,
    ReplyError, RequestError, RpcCode, Settled, Verdict,
};

fn nonce(n: u8) -> Nonce {
    Nonce::new([n; 16]).expect("not zero")
}

type Small = Outbox<3, 8>;

const BACKOFF: Backoff = Backoff::new(1_000, 5_000);

#[test]
fn the_same_bytes_and_nonce_until_there_is_a_verdict() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.push(b"two", nonce(2)).unwrap();
    let mut now = 0;
    for most in [1_000, 2_000, 4_000, 5_000, 5_000] {
        let Poll::Send(it) = outbox.poll(now) else { panic!() };
        assert_eq!((it.id, it.payload, it.nonce), (1, &b"one"[..], &nonce(1)));
        assert_eq!(outbox.poll(now), Poll::InFlight);
        let Some(Settled::Queued { id: 1, again_in_ms }) =
            outbox.settle(now, Verdict::Unknown, fastrand::u32(..))
        else {
            panic!()
        };
        assert!((most / 2..=most).contains(&again_in_ms), "{again_in_ms} of {most}");
        assert_eq!(outbox.poll(now), Poll::Wait(again_in_ms.into()));
        now += u64::from(again_in_ms);
    }
    let Poll::Send(_) = outbox.poll(now) else { panic!() };
    assert_eq!(outbox.settle(now, Verdict::Accepted, 0), Some(Settled::Accepted { id: 1 }));
    let Poll::Send(it) = outbox.poll(now) else { panic!("the next one need not wait") };
    assert_eq!((it.id, it.payload, it.nonce), (2, &b"two"[..], &nonce(2)));
}

#[test]
fn the_oldest_that_is_not_in_flight_makes_room() {
    let mut outbox = Small::new(BACKOFF);
    for n in 1..=3 {
        outbox.push(&[n], nonce(n)).unwrap();
    }
    assert_eq!(outbox.push(&[4], nonce(4)), Ok(Pushed { id: 4, dropped: Some(1) }));
    let Poll::Send(it) = outbox.poll(0) else { panic!() };
    assert_eq!(it.id, 2);
    assert_eq!(outbox.push(&[5], nonce(5)), Ok(Pushed { id: 5, dropped: Some(3) }));
    assert_eq!(outbox.settle(0, Verdict::Accepted, 0), Some(Settled::Accepted { id: 2 }));
    let Poll::Send(it) = outbox.poll(0) else { panic!() };
    assert_eq!(it.id, 4);
    let counts = outbox.counts();
    assert_eq!((counts.taken, counts.accepted, counts.dropped, outbox.len()), (5, 1, 2, 2));
}

#[test]
fn what_is_refused_for_good_is_given_up() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.poll(0);
    assert_eq!(outbox.settle(0, Verdict::Refused, 0), Some(Settled::GivenUp { id: 1 }));
    assert_eq!(outbox.poll(0), Poll::Empty);
    assert_eq!(outbox.counts().given_up, 1);
    assert_eq!(outbox.settle(0, Verdict::Refused, 0), None);
}

#[test]
fn a_refused_token_waits_longest_unless_there_is_another() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.poll(0);
    let settled = outbox.settle(0, Verdict::Token, 0);
    assert_eq!(settled, Some(Settled::Queued { id: 1, again_in_ms: 5_000 }));
    outbox.hurry();
    assert!(matches!(outbox.poll(0), Poll::Send(_)));
    // It counts as a failure like others.
    let settled = outbox.settle(0, Verdict::Unknown, 0);
    assert_eq!(settled, Some(Settled::Queued { id: 1, again_in_ms: 2_000 }));
}

#[test]
fn hurrying_while_a_call_is_in_flight_is_not_lost() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.poll(0);
    outbox.hurry();
    let settled = outbox.settle(0, Verdict::Token, 0);
    assert_eq!(settled, Some(Settled::Queued { id: 1, again_in_ms: 0 }));
    assert!(matches!(outbox.poll(0), Poll::Send(_)));
    let settled = outbox.settle(0, Verdict::Token, 0);
    assert_eq!(settled, Some(Settled::Queued { id: 1, again_in_ms: 5_000 }));
}

#[test]
fn pauses_begin_anew_behind_a_success_and_are_spread() {
    let mut outbox = Small::new(BACKOFF);
    let mut settle = |verdict, random| {
        outbox.push(b"one", nonce(1)).unwrap();
        outbox.poll(1 << 40);
        outbox.settle(0, verdict, random)
    };
    let pause = |settled| match settled {
        Some(Settled::Queued { again_in_ms, .. }) => again_in_ms,
        other => panic!("{other:?}"),
    };
    assert_eq!(pause(settle(Verdict::Unknown, 0)), 1_000);
    assert_eq!(pause(settle(Verdict::Unknown, 1 << 31)), 1_500);
    settle(Verdict::Accepted, 0);
    assert_eq!(pause(settle(Verdict::Unknown, u32::MAX)), 501);
}

#[test]
fn a_payload_that_does_not_fit_changes_nothing() {
    let mut outbox = Small::new(BACKOFF);
    let error = PayloadTooLong { came: 9, most: 8 };
    assert_eq!(outbox.push(b"nine byte", nonce(1)), Err(error));
    assert_eq!((outbox.counts().taken, outbox.is_empty()), (0, true));
}

#[test]
fn verdicts() {
    let refused = |refusal| Verdict::from(CallError::Refused(refusal));
    assert_eq!(refused(Refusal::NotLive), Verdict::Unknown);
    assert_eq!(refused(Refusal::Unknown { status: 502 }), Verdict::Unknown);
    assert_eq!(refused(Refusal::Token), Verdict::Token);
    assert_eq!(refused(Refusal::TooLarge), Verdict::Refused);
    assert_eq!(refused(Refusal::Request { status: 400 }), Verdict::Refused);
    assert_eq!(refused(Refusal::Rpc { code: RpcCode::RESPONSE_TIMEOUT }), Verdict::Unknown);
    assert_eq!(refused(Refusal::Rpc { code: RpcCode::UNSUPPORTED_METHOD }), Verdict::Unknown);
    assert_eq!(refused(Refusal::Rpc { code: RpcCode(2001) }), Verdict::Refused);
    for code in [
        RpcCode::RECIPIENT_NOT_FOUND,
        RpcCode::CONNECTION_TIMEOUT,
        RpcCode::RECIPIENT_DISCONNECTED,
        RpcCode::SEND_FAILED,
    ] {
        assert_eq!(refused(Refusal::Rpc { code }), Verdict::Unknown);
    }
    assert_eq!(Verdict::from(CallError::Reply(ReplyError::Cut)), Verdict::Unknown);
    // The page of a portal, with status 200; and an answer that is only too long.
    let page = livekit_micro::from_bytes::<PerformRpcResponse>(b"<html>").unwrap_err();
    assert_eq!(Verdict::from(CallError::Decode(page)), Verdict::Unknown);
    let long = CallError::BodyTooLarge { needed: 900, available: 300 };
    assert_eq!(Verdict::from(long), Verdict::Accepted);
    let lost: ExchangeError<()> = ExchangeError::Io(());
    assert_eq!(Verdict::from(lost), Verdict::Unknown);
    let wrong: ExchangeError<()> = ExchangeError::Request(RequestError::Empty { field: "room" });
    assert_eq!(Verdict::from(wrong), Verdict::Refused);
    assert_eq!(Verdict::from(Ok::<(), CallError>(())), Verdict::Accepted);
}

/// Whatever happens: in order, each at most once accepted, nothing lost that is not counted.
#[test]
fn nothing_is_lost_uncounted() {
    fastrand::seed(7);
    let mut outbox = Small::new(BACKOFF);
    let (mut waiting, mut in_flight, mut now) = (VecDeque::new(), false, 0);
    let (mut accepted, mut given_up, mut dropped) = (0, 0, 0);
    for n in 1..=100_000u32 {
        now += fastrand::u64(..3_000);
        match fastrand::u8(..3) {
            0 => {
                let pushed = outbox.push(&n.to_le_bytes(), nonce(1 + (n % 255) as u8)).unwrap();
                if let Some(id) = pushed.dropped {
                    let at = usize::from(in_flight);
                    assert_eq!(waiting.remove(at), Some(id));
                    dropped += 1;
                }
                waiting.push_back(pushed.id);
            }
            1 => match outbox.poll(now) {
                Poll::Send(it) => {
                    assert!(!in_flight);
                    assert_eq!(Some(&it.id), waiting.front());
                    in_flight = true;
                }
                Poll::InFlight => assert!(in_flight),
                Poll::Wait(_) => assert!(!in_flight && !waiting.is_empty()),
                Poll::Empty => assert!(waiting.is_empty()),
            },
            _ => {
                let verdict =
                    fastrand::choice([Verdict::Accepted, Verdict::Unknown, Verdict::Refused]);
                match outbox.settle(now, verdict.unwrap(), fastrand::u32(..)) {
                    Some(Settled::Accepted { id }) => {
                        assert_eq!(waiting.pop_front(), Some(id));
                        accepted += 1;
                    }
                    Some(Settled::GivenUp { id }) => {
                        assert_eq!(waiting.pop_front(), Some(id));
                        given_up += 1;
                    }
                    Some(Settled::Queued { id, .. }) => assert_eq!(waiting.front(), Some(&id)),
                    None => assert!(!in_flight),
                }
                in_flight = false;
            }
        }
        let counts = outbox.counts();
        assert_eq!(
            (counts.accepted, counts.given_up, counts.dropped),
            (accepted, given_up, dropped)
        );
        assert_eq!(counts.taken as usize, waiting.len() + (accepted + given_up + dropped) as usize);
        assert_eq!(outbox.len(), waiting.len());
    }
    assert!(accepted > 1_000 && given_up > 1_000 && dropped > 1_000);
}
