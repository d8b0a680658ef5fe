//! When what is lost is sent again.

use livekit_micro_peer::sctp::{Config, Delivery};

use crate::network::End;
use crate::ours::{DEVICE, Ours, Setup};
use crate::raw::{Chunk, Raw, chunk, number, sack};

/// The TSNs of the DATA chunks, counted from the first of ours.
fn tsns(first: u32, chunks: &[Chunk]) -> Vec<u32> {
    let data = chunks.iter().filter(|chunk| chunk.kind == 0);
    data.map(|chunk| number(&chunk.body, 0).wrapping_sub(first)).collect()
}

#[test]
fn a_chunk_that_is_missing_three_times_is_sent_again_at_once_and_only_once() {
    let mut raw = Raw::connected();
    let before = raw.ours_tsn.wrapping_sub(1);
    for _ in 0..8 {
        assert!(raw.ours.send(0, Delivery::RELIABLE, &[1; 100], 0));
    }
    assert_eq!(tsns(raw.ours_tsn, &raw.replies()), [0, 1, 2, 3, 4, 5, 6, 7]);
    for last in [2, 3] {
        assert_eq!(raw.send(&[sack(before, 50_000, &[(2, last)])]), []);
    }
    // Again the same: no chunk is newly acknowledged, so it does not count.
    assert_eq!(raw.send(&[sack(before, 50_000, &[(2, 3)])]), []);
    let replies = raw.send(&[sack(before, 50_000, &[(2, 4)])]);
    assert_eq!(tsns(raw.ours_tsn, &replies), [0]);
    for last in [5, 6, 7, 8] {
        assert_eq!(raw.send(&[sack(before, 50_000, &[(2, last)])]), []);
    }
    raw.send(&[sack(before.wrapping_add(8), 50_000, &[])]);
    assert_eq!(raw.ours.association.unacknowledged(0), 0);
    assert_eq!(raw.ours.association.statistics().retransmitted, 1);
}

/// When a message is sent, if nothing is ever acknowledged, in ms from the first time.
fn attempts(raw: &mut Raw, count: usize) -> Vec<u64> {
    let began = raw.now;
    assert!(raw.ours.send(0, Delivery::RELIABLE, b"message", raw.now));
    let mut times = vec![];
    while times.len() < count {
        if !tsns(raw.ours_tsn, &raw.replies()).is_empty() {
            times.push(raw.now - began);
        }
        raw.now = raw.ours.due(raw.now).unwrap();
    }
    times
}

#[test]
fn timeouts_double_up_to_the_longest() {
    let mut raw = Raw::connected();
    let times = attempts(&mut raw, 8);
    assert_eq!(times, [0, 500, 1500, 3500, 7500, 15_500, 25_500, 35_500]);
}

#[test]
fn a_timeout_follows_the_round_trip_that_was_measured() {
    for (round_trip, timeout) in [(1, 400), (300, 900), (1000, 3000), (60_000, 10_000)] {
        let mut raw = Raw::connected();
        let acknowledged = |raw: &Raw| sack(raw.ours_tsn, 50_000, &[]);
        assert!(raw.ours.send(0, Delivery::RELIABLE, b"measured", 0));
        assert_eq!(raw.replies().len(), 1);
        // No timeout before, as nobody looks.
        raw.now += round_trip;
        let sack = acknowledged(&raw);
        raw.ours.input(&crate::raw::packet(raw.tag, &sack), raw.now);
        assert_eq!(attempts(&mut raw, 2), [0, timeout], "{round_trip}");
    }
}

#[test]
fn what_was_sent_twice_is_not_measured() {
    let mut raw = Raw::connected();
    attempts(&mut raw, 2);
    raw.send(&[sack(raw.ours_tsn, 50_000, &[])]);
    assert_eq!(raw.ours.association.statistics().round_trip_ms, 0);
}

#[test]
fn a_message_whose_lifetime_is_over_is_not_sent_and_leaves_no_gap() {
    use livekit_micro_peer::sctp::Reliability;
    let mut raw = Raw::connected();
    let before = raw.ours_tsn.wrapping_sub(1);
    let timed = Delivery { reliability: Reliability::Lifetime(100), unordered: false };
    raw.send(&[sack(before, 0, &[])]);
    assert!(raw.ours.send(0, Delivery::RELIABLE, b"probe", 0));
    assert_eq!(tsns(raw.ours_tsn, &raw.replies()), [0]);
    assert!(raw.ours.send(0, timed, b"too late", 0));
    assert!(raw.ours.send(0, Delivery::RELIABLE, b"after", 0));
    raw.now = 100;
    let replies = raw.send(&[sack(before.wrapping_add(1), 50_000, &[])]);
    assert_eq!(tsns(raw.ours_tsn, &replies), [1]);
    // Stream 0, the sequence number after the first message's.
    assert_eq!(replies[0].body[4..8], [0, 0, 0, 1]);
    assert!(replies[0].body.ends_with(b"after"));
}

#[test]
fn a_peer_without_partial_reliability_gets_everything_reliably() {
    let setup = Setup {
        config: Config { rto_initial_ms: 100, rto_min_ms: 100, ..Config::DEFAULT },
        ..DEVICE
    };
    let mut raw = Raw::listening();
    raw.ours = Ours::responder(&setup);
    let replies = raw.send_with(0, &[crate::raw::plain_init()]);
    raw.learn(&replies);
    let cookie = crate::raw::chunk(10, 0, &raw.cookie);
    raw.send(&[cookie]);
    assert!(raw.ours.send(0, Delivery::LOSSY, b"lossy", 0));
    for _ in 0..4 {
        assert_eq!(tsns(raw.ours_tsn, &raw.replies()), [0]);
        raw.now = raw.ours.due(raw.now).unwrap();
    }
    assert_eq!(raw.ours.association.unacknowledged(0), 5);
    // It has no RE-CONFIG either: there is nothing to reset.
    assert!(raw.ours.association.reset_stream(0));
    assert!(!raw.ours.association.resetting(0));
}

#[test]
fn a_probe_is_repeated_until_it_is_answered_and_what_waits_goes_out_soon_after() {
    let mut raw = Raw::connected();
    // The way is gone, and timeouts have doubled to 8 s.
    assert_eq!(attempts(&mut raw, 5), [0, 500, 1500, 3500, 7500]);
    let began = raw.now - 4_000;
    raw.now = began;
    raw.ours.association.probe(began);
    let mut probes = vec![];
    while probes.len() < 3 {
        assert!(raw.ours.association.is_probing());
        let sent = raw.replies();
        assert!(tsns(raw.ours_tsn, &sent).is_empty());
        let beats = sent.into_iter().filter(|chunk| chunk.kind == 4);
        probes.extend(beats.map(|chunk| (raw.now - began, chunk.body)));
        raw.now = raw.ours.due(raw.now).unwrap();
    }
    assert_eq!(probes.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 500, 1_000]);
    raw.now = began + 1_010;
    let (_, said) = &probes[2];
    assert!(tsns(raw.ours_tsn, &raw.send(&[chunk(5, 0, said)])).is_empty());
    assert!(!raw.ours.association.is_probing());
    raw.now = raw.ours.due(raw.now).unwrap();
    assert_eq!(raw.now, began + 1_410, "the shortest timeout after the answer");
    assert_eq!(tsns(raw.ours_tsn, &raw.replies()), [0]);
}
