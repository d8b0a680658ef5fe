//! A peer that lies. What the RFCs say must be survived is survived.

use livekit_micro_peer::sctp::{Delivery, Error};

use crate::network::End;
use crate::raw::{
    Chunk, Raw, TAG, TSN, chunk, data, init, init_with, number, packet, parameter, sack,
};

fn kinds(replies: &[Chunk]) -> Vec<u8> {
    replies.iter().map(|chunk| chunk.kind).collect()
}

#[test]
fn a_packet_with_wrong_ports_checksum_or_tag_is_ignored() {
    let mut raw = Raw::connected();
    let right = packet(raw.tag, &data(TSN, 0, b"x", 3));
    for at in 0..right.len() {
        for bit in 0..8 {
            let mut wrong = right.clone();
            wrong[at] ^= 1 << bit;
            assert_eq!(raw.send_packet(&wrong), []);
        }
    }
    for tag in [0, TAG, raw.tag ^ 1] {
        assert_eq!(raw.send_with(tag, &[data(TSN, 0, b"x", 3)]), []);
    }
    for at in [0, 2] {
        let mut wrong = right.clone();
        wrong[at] ^= 1;
        wrong[8..12].fill(0);
        let checksum = crate::raw::crc32c(&wrong).to_le_bytes();
        wrong[8..12].copy_from_slice(&checksum);
        assert_eq!(raw.send_packet(&wrong), []);
    }
    assert_eq!(raw.ours.received(), []);
    raw.still_works(TSN);
}

#[test]
fn a_packet_that_is_cut_off_anywhere_does_no_harm() {
    let reset =
        [&[0, 13, 0, 18][..], &TSN.to_be_bytes(), &[0; 4], &(TSN - 1).to_be_bytes(), &[0, 7, 0, 0]];
    let chunks = [
        chunk(4, 0, &[0, 1, 0, 8, 1, 2, 3, 4]),
        sack(0, 5000, &[(2, 3), (5, 5)]),
        chunk(130, 0, &reset.concat()),
        chunk(192, 0, &(TSN - 5).to_be_bytes()),
        chunk(9, 0, &[0, 1, 0, 8, 0, 0, 0, 0]),
        data(TSN + 3, 1, b"out of order", 3),
    ]
    .concat();
    for len in 0..=chunks.len() {
        let mut raw = Raw::connected();
        raw.send(&[chunks[..len].to_vec()]);
        raw.still_works(TSN);
    }
    // A packet that does not even hold a header.
    let mut raw = Raw::connected();
    let whole = packet(raw.tag, &chunks);
    for len in 0..12 {
        assert_eq!(raw.send_packet(&whole[..len]), []);
    }
}

#[test]
fn lengths_of_chunks_that_cannot_be_end_the_packet() {
    for kind in 0..=255 {
        for length in [0, 1, 2, 3, 5, 40, 0xffff] {
            let mut raw = Raw::connected();
            let mut bad = vec![kind, 0];
            bad.extend(u16::to_be_bytes(length));
            // What follows could be reached if the length were believed.
            raw.send(&[bad, data(TSN, 0, b"x", 3)]);
            if length < 4 {
                assert_eq!(raw.ours.received(), [], "{kind} {length}");
                raw.still_works(TSN);
            }
        }
    }
}

#[test]
fn acknowledgements_of_what_was_never_sent_are_ignored() {
    let mut raw = Raw::connected();
    assert!(raw.ours.send(0, Delivery::RELIABLE, &[1; 3000], 0));
    let tsn = raw.ours_tsn;
    assert_eq!(raw.replies().len(), 3);
    for cumulative in [tsn + 3, tsn + 1000, tsn.wrapping_add(1 << 31), tsn.wrapping_sub(2)] {
        raw.send(&[sack(cumulative, 100_000, &[])]);
        assert_eq!(raw.ours.association.unacknowledged(0), 3000);
    }
    // Gap Ack Blocks beyond everything, backwards, overlapping, of nothing.
    let blocks = [(9, 9), (3, 2), (2, 2), (2, 2), (0, 0), (1, 1), (500, 65535)];
    raw.send(&[sack(tsn.wrapping_sub(1), 100_000, &blocks)]);
    assert_eq!(raw.ours.association.unacknowledged(0), 3000 - 1132);
    // What was reported, and is reported no more, is sent again.
    raw.send(&[sack(tsn.wrapping_sub(1), 100_000, &[])]);
    assert_eq!(raw.ours.association.unacknowledged(0), 3000);
    raw.now += 1_000;
    let resent = raw.replies();
    assert_eq!(kinds(&resent), [0]);
    // More blocks than the chunk holds.
    let mut cut = sack(tsn + 2, 100_000, &[(2, 2)]);
    cut[13] = 9;
    raw.send(&[cut]);
    assert!(raw.ours.association.unacknowledged(0) > 0);
    raw.send(&[sack(tsn + 2, 100_000, &[])]);
    assert_eq!(raw.ours.association.unacknowledged(0), 0);
    raw.still_works(TSN);
}

#[test]
fn windows_that_shrink_and_explode_stop_nothing_for_ever() {
    let mut raw = Raw::connected();
    assert!(raw.ours.send(0, Delivery::RELIABLE, &[1; 3900], 0));
    let mut acknowledged = raw.ours_tsn.wrapping_sub(1);
    let mut windows = [0, u32::MAX, 1, 0, 0, 70_000].into_iter().cycle();
    for _ in 0..40 {
        for chunk in raw.replies() {
            if chunk.kind == 0 {
                assert_eq!(number(&chunk.body, 0), acknowledged.wrapping_add(1));
                acknowledged = acknowledged.wrapping_add(1);
                raw.send(&[sack(acknowledged, windows.next().unwrap(), &[])]);
            }
        }
        raw.now += 100;
    }
    assert_eq!(raw.ours.association.unacknowledged(0), 0);
    raw.still_works(TSN);
}

#[test]
fn a_closed_window_is_probed_for_as_long_as_the_peer_acknowledges() {
    let mut raw = Raw::connected();
    raw.send(&[sack(raw.ours_tsn.wrapping_sub(1), 0, &[])]);
    assert!(raw.ours.send(0, Delivery::RELIABLE, &[1; 3000], 0));
    let mut probes = 0;
    for _ in 0..600 {
        let replies = raw.replies();
        assert!(replies.len() <= 1);
        if let [probe] = &replies[..] {
            assert_eq!((probe.kind, number(&probe.body, 0)), (0, raw.ours_tsn));
            probes += 1;
            raw.send(&[sack(raw.ours_tsn.wrapping_sub(1), 0, &[])]);
        }
        raw.now += 1000;
    }
    assert!(probes > 30, "{probes}");
    assert_eq!(raw.ours.end, None);
}

#[test]
fn what_fills_the_transmit_buffer_asks_to_be_acknowledged_at_once() {
    let mut raw = Raw::connected();
    assert!(raw.ours.send(0, Delivery::RELIABLE, b"short", 0));
    assert!(raw.ours.send(0, Delivery::RELIABLE, b"short", 0));
    assert_eq!(raw.replies().iter().map(|chunk| chunk.flags).collect::<Vec<_>>(), [3, 3]);
    raw.send(&[sack(raw.ours_tsn.wrapping_add(1), 100_000, &[])]);
    assert!(raw.ours.send(0, Delivery::RELIABLE, &[1; 3000], 0));
    assert_eq!(raw.replies().iter().map(|chunk| chunk.flags).collect::<Vec<_>>(), [2, 0, 1 | 8]);
}

#[test]
fn a_second_packet_an_immediate_one_or_200_ms_bring_an_acknowledgement() {
    let mut raw = Raw::connected();
    assert_eq!(raw.send(&[data(TSN, 0, b"x", 3), data(TSN + 1, 0, b"x", 3)]), []);
    assert_eq!(kinds(&raw.send(&[data(TSN + 2, 0, b"x", 3)])), [3]);
    assert_eq!(kinds(&raw.send(&[data(TSN + 3, 0, b"x", 3 | 8)])), [3]);
    assert_eq!(raw.send(&[data(TSN + 4, 0, b"x", 3)]), []);
    assert_eq!(raw.ours.due(raw.now), Some(raw.now + 200));
    raw.now += 199;
    assert_eq!(raw.replies(), []);
    raw.now += 1;
    assert_eq!(kinds(&raw.replies()), [3]);
    // With data it goes out at once.
    assert_eq!(raw.send(&[data(TSN + 5, 0, b"x", 3)]), []);
    assert!(raw.ours.send(0, Delivery::RELIABLE, b"short", raw.now));
    assert_eq!(kinds(&raw.replies()), [3, 0]);
}

#[test]
fn tsns_far_ahead_are_not_kept() {
    for ahead in [0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0] {
        let mut raw = Raw::connected();
        for number in 0..9 {
            raw.send(&[data(TSN.wrapping_add(ahead).wrapping_add(number), 0, b"far", 3)]);
        }
        // All slots are free for what can be kept.
        for number in 1..5 {
            raw.send(&[data(TSN + number, 0, b"near", 3)]);
        }
        assert_eq!(raw.ours.received(), []);
        raw.send(&[data(TSN, 0, b"near", 3)]);
        assert_eq!(raw.ours.received(), vec![(0, b"near".to_vec()); 5]);
        raw.still_works(TSN + 5);
    }
}

#[test]
fn a_chunk_out_of_order_that_no_slot_can_hold_is_dropped() {
    let mut raw = Raw::connected();
    let long = vec![7; 1201];
    let replies = raw.send(&[data(TSN + 1, 0, &long, 3)]);
    assert_eq!(replies[0].body.len(), 12, "no gap is reported");
    raw.send(&[data(TSN, 0, b"x", 3)]);
    assert_eq!(raw.ours.received().len(), 1);
    // In order it needs no slot.
    raw.send(&[data(TSN + 1, 0, &long, 3)]);
    assert_eq!(raw.ours.received(), [(0, long)]);
    raw.still_works(TSN + 2);
}

#[test]
fn duplicates_are_reported_and_delivered_once() {
    let mut raw = Raw::connected();
    raw.send(&[data(TSN + 1, 0, b"b", 3)]);
    let replies = raw.send(&[data(TSN + 1, 0, b"b", 3)]);
    assert_eq!(
        replies[0].body[8..],
        [[0, 1, 0, 1, 0, 2, 0, 2], [0, 0, 3, 233, 0, 0, 0, 0]].concat()[..12]
    );
    raw.send(&[data(TSN, 0, b"a", 3)]);
    let replies = raw.send(&[data(TSN, 0, b"a", 3)]);
    assert_eq!(replies[0].body[8..], [0, 0, 0, 1, 0, 0, 3, 232]);
    assert_eq!(raw.ours.received(), [(0, b"a".to_vec()), (0, b"b".to_vec())]);
}

#[test]
fn a_stream_that_does_not_exist_is_reported_and_its_message_is_not_delivered() {
    let mut raw = Raw::connected();
    let mut replies = raw.send(&[data(TSN, 0xffff, b"x", 3)]);
    raw.now += 200;
    replies.extend(raw.replies());
    let error = replies.iter().find(|chunk| chunk.kind == 9).unwrap();
    assert_eq!(error.body, [0, 1, 0, 8, 0xff, 0xff, 0, 0]);
    assert_eq!(raw.ours.received(), []);
    raw.send(&[data(TSN + 2, 0xffff, b"x", 3)]);
    raw.send(&[data(TSN + 1, 1, b"y", 3)]);
    assert_eq!(raw.ours.received(), [(1, b"y".to_vec())]);
    raw.still_works(TSN + 3);
}

#[test]
fn fragments_without_a_start_or_an_end_do_no_harm() {
    let mut raw = Raw::connected();
    let chunks = [
        data(TSN, 0, b"middle", 0),
        data(TSN + 1, 0, b"end", 1),
        data(TSN + 2, 0, b"start", 2),
        data(TSN + 3, 0, b"start", 2),
        data(TSN + 4, 1, b"end of another stream", 1),
        data(TSN + 5, 0, b"end", 1),
        data(TSN + 6, 0, b"start ", 2),
        data(TSN + 7, 0, b"end", 1),
    ];
    raw.send(&chunks);
    assert_eq!(raw.ours.received(), [(0, b"start end".to_vec())]);
    raw.still_works(TSN + 8);
}

#[test]
fn forward_tsn_moves_forward_only_and_lets_nothing_be_lost_that_arrived() {
    let mut raw = Raw::connected();
    let forward = |tsn: u32| chunk(192, 0, &tsn.to_be_bytes());
    // A message begins, another waits for what is missing.
    raw.send(&[data(TSN, 0, b"begun", 2), data(TSN + 2, 1, b"whole", 7)]);
    for tsn in [TSN - 1, TSN - 100, TSN.wrapping_add(0x8000_0001)] {
        assert_eq!(kinds(&raw.send(&[forward(tsn)])), [3]);
    }
    assert_eq!(raw.ours.received(), []);
    raw.send(&[forward(TSN + 3)]);
    assert_eq!(raw.ours.received(), [(1, b"whole".to_vec())]);
    raw.send(&[data(TSN + 4, 0, b"end without start", 1)]);
    raw.still_works(TSN + 5);
    // Far ahead: the peer may.
    raw.send(&[forward(TSN + 0x7000_0000)]);
    raw.still_works(TSN + 0x7000_0001);
    raw.send(&[vec![192, 0, 0, 4]]);
    raw.still_works(TSN + 0x7000_0002);
}

#[test]
fn data_without_data_ends_the_association_with_a_cause() {
    let mut raw = Raw::connected();
    let replies = raw.send(&[data(TSN, 0, b"", 3)]);
    let cause = [&[0, 9, 0, 8][..], &TSN.to_be_bytes()].concat();
    assert_eq!(replies, [Chunk { kind: 6, flags: 0, body: cause }]);
    assert_eq!(raw.ours.end, Some(Error::NoUserData { tsn: TSN }));
}

#[test]
fn unknown_chunks_are_treated_by_the_bits_of_their_type() {
    // Skips the rest, reports.
    for (kind, skips, reports) in
        [(0x3f, true, false), (0x7f, true, true), (0xbf, false, false), (0xfe, false, true)]
    {
        let mut raw = Raw::connected();
        let unknown = chunk(kind, 5, &[1, 2, 3, 4, 5]);
        let replies = raw.send(&[unknown, data(TSN, 0, b"x", 3)]);
        assert_eq!(raw.ours.received().is_empty(), skips, "{kind}");
        let error = replies.iter().find(|chunk| chunk.kind == 9).map(|error| error.body.clone());
        let wanted = [0, 6, 0, 13, kind, 5, 0, 9, 1, 2, 3, 4, 5];
        assert_eq!(error, reports.then(|| wanted.to_vec()), "{kind}");
    }
}

#[test]
fn unknown_parameters_of_an_init_are_treated_by_the_bits_of_their_type() {
    for (kind, stops, reports) in
        [(0x3fu8, true, false), (0x7f, true, true), (0xbf, false, false), (0xfe, false, true)]
    {
        let mut raw = Raw::listening();
        let unknown = [kind, 1, 0, 6, 9, 9, 0, 0];
        // An unknown parameter that is reported, after it.
        let parameters = [&unknown[..], &[0xfd, 0, 0, 4]].concat();
        let replies = raw.send_with(0, &[init_with(TAG, &parameters)]);
        let reported = parameter(&replies[0].body[16..], 8);
        let wanted = match (reports, stops) {
            (true, _) => Some(unknown[..6].to_vec()),
            (false, false) => Some(vec![0xfd, 0, 0, 4]),
            (false, true) => None,
        };
        assert_eq!(reported, wanted, "{kind}");
    }
}

#[test]
fn an_init_in_any_state_leaves_the_association_as_it_is() {
    let mut raw = Raw::listening();
    for bad in [init(0), chunk(1, 0, &[0; 15]), init(TAG)[..12].to_vec()] {
        assert_eq!(raw.send_with(0, &[bad]), []);
    }
    // Not alone in its packet, or with a tag.
    assert_eq!(raw.send_with(0, &[init(TAG), data(TSN, 0, b"x", 3)]), []);
    assert_eq!(raw.send_with(5, &[init(TAG)]), []);

    let mut raw = Raw::connected();
    let tag = raw.tag;
    let replies = raw.send_with(0, &[init(TAG + 1)]);
    assert_eq!(kinds(&replies), [2]);
    assert_ne!(number(&replies[0].body, 0), tag, "a new tag");
    raw.still_works(TSN);
    // Shutting down.
    raw.ours.association.close();
    assert_eq!(kinds(&raw.replies()), [7]);
    assert_eq!(kinds(&raw.send_with(0, &[init(TAG)])), [2]);
    assert_eq!(kinds(&raw.send(&[chunk(7, 0, &raw.ours_tsn.wrapping_sub(1).to_be_bytes())])), [8]);
    assert_eq!(kinds(&raw.send_with(0, &[init(TAG)])), [8], "SHUTDOWN ACK again");
    assert_eq!(raw.send(&[chunk(14, 0, &[])]), []);
    assert_eq!(raw.ours.end, Some(Error::Shutdown));
    assert_eq!(raw.send_with(0, &[init(TAG)]), [], "it is over");
}

#[test]
fn a_peer_that_restarts_is_taken_back_and_its_old_cookies_are_not() {
    let mut raw = Raw::connected();
    let first_cookie = raw.cookie.clone();
    assert!(raw.ours.send(0, Delivery::RELIABLE, b"lost", 0));
    raw.send(&[data(TSN, 0, b"begun", 2)]);
    let replies = raw.send_with(0, &[init(TAG + 1)]);
    let old_tag = raw.tag;
    raw.learn(&replies);
    let restart = raw.cookie.clone();
    let replies = raw.send(&[chunk(10, 0, &restart), data(TSN, 2, b"new", 3)]);
    assert_eq!(kinds(&replies), [11]);
    assert_eq!((raw.ours.connections, raw.ours.restarts), (1, 1));
    assert_eq!(raw.ours.received(), [(2, b"new".to_vec())]);
    raw.still_works(TSN + 1);
    // Replays: of the cookie of now, and of the one before.
    assert_eq!(kinds(&raw.send(&[chunk(10, 0, &restart)])), [11]);
    assert_eq!(raw.send_with(old_tag, &[chunk(10, 0, &first_cookie)]), []);
    assert_eq!((raw.ours.connections, raw.ours.restarts), (1, 1));
    raw.still_works(TSN + 2);
    assert!(raw.ours.send(0, Delivery::RELIABLE, b"after", raw.now));
    let replies = raw.replies();
    assert_eq!((replies[0].kind, number(&replies[0].body, 0)), (0, raw.ours_tsn));
}

#[test]
fn a_cookie_that_is_not_ours_opens_nothing() {
    let mut raw = Raw::listening();
    let replies = raw.send_with(0, &[init(TAG)]);
    raw.learn(&replies);
    for at in 0..4 {
        let mut forged = raw.cookie.clone();
        forged[at] ^= 0x10;
        assert_eq!(raw.send(&[chunk(10, 0, &forged)]), []);
    }
    for len in [0, 4, 31, 33, 100] {
        let mut forged = raw.cookie.clone();
        forged.resize(len, 0);
        assert_eq!(raw.send(&[chunk(10, 0, &forged)]), []);
    }
    assert_eq!(raw.send(&[data(TSN, 0, b"x", 3)]), [], "data before the cookie");
    assert_eq!(raw.ours.connections, 0);
    let cookie = raw.cookie.clone();
    assert_eq!(kinds(&raw.send(&[chunk(10, 0, &cookie), data(TSN, 0, b"x", 3)])), [11]);
    assert_eq!(raw.ours.received(), [(0, b"x".to_vec())]);
    for _ in 0..3 {
        assert_eq!(kinds(&raw.send(&[chunk(10, 0, &cookie)])), [11]);
    }
    assert_eq!(raw.ours.connections, 1);
    raw.still_works(TSN + 1);
}

#[test]
fn an_abort_counts_only_with_a_right_tag() {
    let mut raw = Raw::connected();
    let abort = |flags| chunk(6, flags, &[0, 12, 0, 4]);
    for (tag, flags) in [(TAG, 0), (raw.tag, 1), (0, 0), (0, 1), (7, 1)] {
        assert_eq!(raw.send_with(tag, &[abort(flags)]), []);
        assert_eq!(raw.ours.end, None);
    }
    raw.send_with(TAG, &[abort(1)]);
    assert_eq!(raw.ours.end, Some(Error::Aborted { cause: 12 }));
    // It is over: data is answered with ABORT, an ABORT is not.
    assert_eq!(kinds(&raw.send(&[data(TSN, 0, b"x", 3)])), [6]);
    assert_eq!(raw.send(&[abort(0)]), []);
    assert_eq!(raw.ours.association.poll_in(0), None);

    let mut raw = Raw::listening();
    assert_eq!(raw.send_with(0, &[abort(1)]), []);
    assert_eq!(raw.ours.end, None);
}

#[test]
fn requests_to_reset_are_answered_once_in_their_order() {
    let mut raw = Raw::connected();
    let request = |sequence: u32, last: u32, streams: &[u8]| {
        let head = [&[0, 13][..], &(16 + streams.len() as u16).to_be_bytes()].concat();
        let numbers = [sequence, 0, last].map(u32::to_be_bytes).concat();
        chunk(130, 0, &[&head, &numbers, streams].concat())
    };
    let response = |sequence: u32, result: u8| {
        let body = [&[0, 16, 0, 12][..], &sequence.to_be_bytes(), &[0, 0, 0, result]].concat();
        vec![Chunk { kind: 130, flags: 0, body }]
    };
    let in_progress = raw.send(&[request(TSN, TSN, &[0, 1])]);
    assert_eq!(in_progress, response(TSN, 6));
    assert_eq!(raw.ours.resets, [0u16; 0]);
    raw.send(&[data(TSN, 1, b"x", 3)]);
    let three = request(TSN, TSN, &[0, 1, 0, 2, 0, 1]);
    assert_eq!(raw.send(std::slice::from_ref(&three)), response(TSN, 1));
    assert_eq!(raw.send(&[three]), response(TSN, 1), "again");
    assert_eq!(raw.ours.resets, [1, 2, 1]);
    assert_eq!(raw.send(&[request(TSN + 5, TSN, &[0, 9])]), response(TSN + 5, 5));
    assert_eq!(raw.send(&[request(TSN + 1, TSN, &[])]), response(TSN + 1, 1));
    assert_eq!(raw.ours.resets, [1, 2, 1, u16::MAX]);
    // Incoming reset, SSN/TSN reset, add streams: denied.
    for (kind, sequence) in [(14, TSN + 2), (15, TSN + 3), (17, TSN + 4), (18, TSN + 5)] {
        let body = [&[0, kind, 0, 8][..], &u32::to_be_bytes(sequence)].concat();
        assert_eq!(raw.send(&[chunk(130, 0, &body)]), response(sequence, 2), "{kind}");
    }
    raw.still_works(TSN + 1);
}

/// Real traffic of both directions, of which bytes are changed, with right checksums.
#[test]
fn changed_packets_never_make_it_panic_or_spin() {
    for seed in 0..3000 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut raw = Raw::connected();
        let mut tsn = TSN;
        let mut sent = raw.ours_tsn.wrapping_sub(1);
        for _ in 0..rng.usize(1..40) {
            let delivery = if rng.bool() { Delivery::RELIABLE } else { Delivery::LOSSY };
            let len = rng.usize(1..2500);
            let _ = raw.ours.try_send(rng.u16(0..6), delivery, &vec![1; len], raw.now);
            if rng.u8(0..9) == 0 {
                raw.ours.association.reset_stream(rng.u16(0..6));
            }
            for chunk in raw.replies() {
                if chunk.kind == 0 {
                    sent = number(&chunk.body, 0);
                }
            }
            let first = rng.u16(1..5);
            let chunks = [
                data(
                    tsn.wrapping_add(rng.u32(0..4)),
                    rng.u16(0..4),
                    &vec![2; rng.usize(1..1200)],
                    rng.u8(0..8),
                ),
                sack(
                    sent.wrapping_sub(rng.u32(0..4)),
                    rng.u32(0..9000),
                    &[(first, first + rng.u16(0..3))],
                ),
                chunk(192, 0, &tsn.wrapping_add(rng.u32(0..3)).to_be_bytes()),
                chunk(
                    130,
                    0,
                    &[&[0, 13, 0, 18][..], &TSN.to_be_bytes(), &[0; 8], &[0, 2]].concat(),
                ),
                chunk(
                    130,
                    0,
                    &[&[0, 16, 0, 12][..], &raw.ours_tsn.to_be_bytes(), &[0, 0, 0, 1]].concat(),
                ),
                chunk(4, 0, &vec![3; rng.usize(0..90)]),
                chunk(5, 0, &[&[0, 1, 0, 12][..], &[0; 8]].concat()),
                chunk(7, 0, &sent.to_be_bytes()),
                chunk(10, 0, &raw.cookie),
                chunk(rng.u8(..), rng.u8(..), &vec![4; rng.usize(0..40)]),
                init(rng.u32(..)),
            ];
            // The last four end what is going on: they are rarer.
            let mut chosen = vec![];
            for _ in 0..rng.usize(1..4) {
                let count = if rng.u8(0..5) == 0 { chunks.len() } else { chunks.len() - 4 };
                chosen.extend(&chunks[rng.usize(0..count)]);
            }
            for _ in 0..rng.usize(0..4) {
                let at = rng.usize(0..chosen.len());
                let random = rng.u8(..);
                chosen[at] = *rng.choice(&[0, 1, 4, 0xff, random]).unwrap();
            }
            let tag = if rng.u8(0..20) == 0 { 0 } else { raw.tag };
            raw.send_with(tag, &[chosen]);
            tsn = tsn.wrapping_add(rng.u32(0..3));
            raw.now += rng.u64(0..700);
            raw.replies();
        }
        // Left alone, it comes to an end of what it does: by its timeouts, or because it waits.
        for _ in 0..200 {
            let Some(due) = raw.ours.due(raw.now) else { break };
            assert!(due > raw.now);
            raw.now = due;
            raw.replies();
        }
    }
}
