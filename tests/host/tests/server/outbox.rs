//! Delivery: a bounded queue, in order, by the rule, whatever the server says.

use std::collections::VecDeque;

use livekit_micro::RpcCode;
use livekit_micro::borrowed::PerformRpcResponse;
use livekit_micro::server::{
    Backoff, CallError, ConnectionError, Enqueued, Nonce, Outbox, Outcome, PayloadTooLong, Poll,
    Rejection, RequestError, ResponseError, Verdict,
};

fn nonce(n: u8) -> Nonce {
    Nonce::new([n; 16]).expect("not zero")
}

type Small = Outbox<3, 8>;

const BACKOFF: Backoff = Backoff::new(1_000, 5_000);

#[test]
fn the_same_bytes_and_nonce_until_there_is_a_verdict() {
    let mut outbox = Small::new(BACKOFF);
    assert!(outbox.is_empty());
    outbox.push(b"one", nonce(1)).unwrap();
    assert!(!outbox.is_empty());
    outbox.push(b"two", nonce(2)).unwrap();
    let mut now = 0;
    for max in [1_000, 2_000, 4_000, 5_000, 5_000] {
        let Poll::Send(it) = outbox.poll(now) else { panic!() };
        assert_eq!((it.id, it.payload, it.nonce), (1, &b"one"[..], &nonce(1)));
        assert_eq!(outbox.poll(now), Poll::InFlight);
        let Some(Outcome::Queued { id: 1, again_in_ms }) =
            outbox.complete(now, Verdict::Retry, fastrand::u32(..))
        else {
            panic!()
        };
        assert!((max / 2..=max).contains(&again_in_ms), "{again_in_ms} of {max}");
        assert_eq!(outbox.poll(now), Poll::Wait(again_in_ms.into()));
        now += u64::from(again_in_ms);
    }
    let Poll::Send(_) = outbox.poll(now) else { panic!() };
    assert_eq!(outbox.complete(now, Verdict::Accepted, 0), Some(Outcome::Accepted { id: 1 }));
    let Poll::Send(it) = outbox.poll(now) else { panic!("the next one need not wait") };
    assert_eq!((it.id, it.payload, it.nonce), (2, &b"two"[..], &nonce(2)));
}

#[test]
fn the_oldest_that_is_not_in_flight_is_dropped() {
    let mut outbox = Small::new(BACKOFF);
    for n in 1..=3 {
        outbox.push(&[n], nonce(n)).unwrap();
    }
    assert_eq!(outbox.push(&[4], nonce(4)), Ok(Enqueued { id: 4, dropped: Some(1) }));
    let Poll::Send(it) = outbox.poll(0) else { panic!() };
    assert_eq!(it.id, 2);
    assert_eq!(outbox.push(&[5], nonce(5)), Ok(Enqueued { id: 5, dropped: Some(3) }));
    assert_eq!(outbox.complete(0, Verdict::Accepted, 0), Some(Outcome::Accepted { id: 2 }));
    let Poll::Send(it) = outbox.poll(0) else { panic!() };
    assert_eq!(it.id, 4);
    let counts = outbox.counts();
    assert_eq!((counts.enqueued, counts.accepted, counts.dropped, outbox.len()), (5, 1, 2, 2));
}

#[test]
fn a_rejected_payload_leaves_the_queue() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.poll(0);
    assert_eq!(outbox.complete(0, Verdict::Rejected, 0), Some(Outcome::Rejected { id: 1 }));
    assert_eq!(outbox.poll(0), Poll::Empty);
    assert_eq!(outbox.counts().rejected, 1);
    assert_eq!(outbox.complete(0, Verdict::Rejected, 0), None);
}

#[test]
fn a_rejected_token_waits_longest_unless_there_is_another() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.poll(0);
    let outcome = outbox.complete(0, Verdict::Token, 0);
    assert_eq!(outcome, Some(Outcome::Queued { id: 1, again_in_ms: 5_000 }));
    outbox.retry_now();
    assert!(matches!(outbox.poll(0), Poll::Send(_)));
    // It counts as a failure like others.
    let outcome = outbox.complete(0, Verdict::Retry, 0);
    assert_eq!(outcome, Some(Outcome::Queued { id: 1, again_in_ms: 2_000 }));
}

#[test]
fn a_response_of_another_server_waits_longest() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    for _ in 0..2 {
        outbox.poll(1 << 40);
        let outcome = outbox.complete(0, Verdict::RetryLater, 0);
        assert_eq!(outcome, Some(Outcome::Queued { id: 1, again_in_ms: 5_000 }));
    }
    outbox.retry_now();
    assert!(matches!(outbox.poll(0), Poll::Send(_)));
}

/// As a 32-bit clock of milliseconds does after 49 days.
#[test]
fn a_clock_that_wraps_makes_no_pause_longer_than_the_longest() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.poll(4_294_967_000);
    let outcome = outbox.complete(4_294_967_195, Verdict::Retry, 0);
    assert_eq!(outcome, Some(Outcome::Queued { id: 1, again_in_ms: 1_000 }));
    assert_eq!(outbox.poll(4_899), Poll::Wait(5_000));
    // From then on, not again from each time it is asked.
    assert_eq!(outbox.poll(5_899), Poll::Wait(4_000));
    assert!(matches!(outbox.poll(9_899), Poll::Send(_)));
    // Without pauses there is none.
    let mut outbox = Outbox::<2, 8>::new(Backoff::new(0, 0));
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.poll(1_000);
    outbox.complete(1_000, Verdict::Token, 0);
    assert!(matches!(outbox.poll(0), Poll::Send(_)));
}

#[test]
fn retry_now_while_a_call_is_in_flight_counts_after_it() {
    let mut outbox = Small::new(BACKOFF);
    outbox.push(b"one", nonce(1)).unwrap();
    outbox.poll(0);
    outbox.retry_now();
    let outcome = outbox.complete(0, Verdict::Token, 0);
    assert_eq!(outcome, Some(Outcome::Queued { id: 1, again_in_ms: 0 }));
    assert!(matches!(outbox.poll(0), Poll::Send(_)));
    let outcome = outbox.complete(0, Verdict::Token, 0);
    assert_eq!(outcome, Some(Outcome::Queued { id: 1, again_in_ms: 5_000 }));
}

#[test]
fn pauses_begin_anew_after_a_success_and_are_spread() {
    let mut outbox = Small::new(BACKOFF);
    let mut settle = |verdict, random| {
        outbox.push(b"one", nonce(1)).unwrap();
        outbox.poll(1 << 40);
        outbox.complete(0, verdict, random)
    };
    let pause = |settled| match settled {
        Some(Outcome::Queued { again_in_ms, .. }) => again_in_ms,
        other => panic!("{other:?}"),
    };
    assert_eq!(pause(settle(Verdict::Retry, 0)), 1_000);
    assert_eq!(pause(settle(Verdict::Retry, 1 << 31)), 1_500);
    settle(Verdict::Accepted, 0);
    assert_eq!(pause(settle(Verdict::Retry, u32::MAX)), 501);
}

#[test]
fn a_payload_over_the_capacity_changes_nothing() {
    let mut outbox = Small::new(BACKOFF);
    let error = PayloadTooLong { len: 9, max: 8 };
    assert_eq!(outbox.push(b"nine byte", nonce(1)), Err(error));
    assert_eq!((outbox.counts().enqueued, outbox.is_empty()), (0, true));
}

#[test]
fn verdicts() {
    let rejected = |rejection| Verdict::from(CallError::Rejected(rejection));
    assert_eq!(rejected(Rejection::NotLive), Verdict::Retry);
    assert_eq!(rejected(Rejection::Retryable { status: 502 }), Verdict::Retry);
    assert_eq!(rejected(Rejection::Retryable { status: 404 }), Verdict::RetryLater);
    assert_eq!(rejected(Rejection::Token), Verdict::Token);
    assert_eq!(rejected(Rejection::TooLarge), Verdict::Rejected);
    assert_eq!(rejected(Rejection::Request { status: 400 }), Verdict::Rejected);
    assert_eq!(rejected(Rejection::Rpc { code: RpcCode(2001) }), Verdict::Rejected);
    for code in [
        RpcCode::RESPONSE_TIMEOUT,
        RpcCode::UNSUPPORTED_METHOD,
        RpcCode::RECIPIENT_NOT_FOUND,
        RpcCode::CONNECTION_TIMEOUT,
        RpcCode::RECIPIENT_DISCONNECTED,
        RpcCode::SEND_FAILED,
    ] {
        assert_eq!(rejected(Rejection::Rpc { code }), Verdict::Retry);
    }
    assert_eq!(Verdict::from(CallError::Response(ResponseError::UnexpectedEof)), Verdict::Retry);
    // The page of a portal, with status 200; and a response that is only too long.
    let page = livekit_micro::from_bytes::<PerformRpcResponse>(b"<html>").unwrap_err();
    assert_eq!(Verdict::from(CallError::Decode(page)), Verdict::Retry);
    assert_eq!(Verdict::from(CallError::ContentType), Verdict::Retry);
    assert_eq!(Verdict::from(CallError::UnexpectedBody { len: 5 }), Verdict::Retry);
    let long = CallError::BodyTooLarge { needed: 900, available: 300 };
    assert_eq!(Verdict::from(long), Verdict::Accepted);
    let lost: ConnectionError<()> = ConnectionError::Io(());
    assert_eq!(Verdict::from(lost), Verdict::Retry);
    let wrong: ConnectionError<()> =
        ConnectionError::Request(RequestError::Empty { field: "room" });
    assert_eq!(Verdict::from(wrong), Verdict::Rejected);
    assert_eq!(Verdict::from(Ok::<(), CallError>(())), Verdict::Accepted);
    for error in [ConnectionError::Stale, ConnectionError::<()>::NotReusable] {
        assert_eq!(Verdict::from(Err::<(), _>(error)), Verdict::Retry);
    }
    assert_eq!(Verdict::from(Ok::<_, ConnectionError<()>>(())), Verdict::Accepted);
}

/// Whatever happens: in order, each at most once accepted, nothing lost that is not counted.
#[test]
fn no_payload_is_lost_uncounted() {
    fastrand::seed(7);
    let mut outbox = Small::new(BACKOFF);
    let (mut waiting, mut in_flight, mut now) = (VecDeque::new(), false, 0);
    let (mut accepted, mut rejected, mut dropped) = (0, 0, 0);
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
                    fastrand::choice([Verdict::Accepted, Verdict::Retry, Verdict::Rejected]);
                match outbox.complete(now, verdict.unwrap(), fastrand::u32(..)) {
                    Some(Outcome::Accepted { id }) => {
                        assert_eq!(waiting.pop_front(), Some(id));
                        accepted += 1;
                    }
                    Some(Outcome::Rejected { id }) => {
                        assert_eq!(waiting.pop_front(), Some(id));
                        rejected += 1;
                    }
                    Some(Outcome::Queued { id, .. }) => assert_eq!(waiting.front(), Some(&id)),
                    None => assert!(!in_flight),
                }
                in_flight = false;
            }
        }
        let counts = outbox.counts();
        assert_eq!(
            (counts.accepted, counts.rejected, counts.dropped),
            (accepted, rejected, dropped)
        );
        assert_eq!(
            counts.enqueued as usize,
            waiting.len() + (accepted + rejected + dropped) as usize
        );
        assert_eq!(outbox.len(), waiting.len());
    }
    assert!(accepted > 1_000 && rejected > 1_000 && dropped > 1_000);
}
