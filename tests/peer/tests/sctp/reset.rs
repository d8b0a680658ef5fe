//! Streams are reset.

use livekit_micro_peer::sctp::{Delivery, SendError};

use crate::network::{Conditions, End, Network, PERFECT};
use crate::ours::{DEVICE, Ours, Setup};
use crate::theirs::Theirs;

#[test]
fn a_stream_is_reset_after_its_last_message_and_can_be_used_again() {
    for seed in 0..50 {
        let mut a = Ours::initiator(&DEVICE);
        let mut b = Ours::responder(&Setup { seed: 2, ..DEVICE });
        let ends: &mut [&mut Ours; 2] = &mut [&mut a, &mut b];
        let mut network =
            Network::new(seed, Conditions { loss: 150, jitter: 20, duplicated: 100, ..PERFECT });
        let run = |network: &mut Network, ends: &mut [&mut Ours; 2], limit| {
            let [a, b] = ends;
            network.run(&mut [*a, *b], limit, |_, _| false);
        };
        run(&mut network, ends, 30_000);
        for round in 0..3u64 {
            let now = network.now;
            // Other streams have data under way that was sent before.
            assert!(ends[0].send(4, Delivery::RELIABLE, &[4; 1200], now));
            assert!(ends[0].send(8, Delivery::RELIABLE, &[8; 1200], now));
            assert!(ends[0].association.reset_stream(8));
            assert_eq!(
                ends[0].try_send(8, Delivery::RELIABLE, b"late", now),
                Err(SendError::Resetting)
            );
            run(&mut network, ends, now + 60_000);
            assert!(!ends[0].association.resetting(8));
            let messages = ends[1].received();
            assert!(messages.contains(&(8, vec![8; 1200])), "seed {seed}, round {round}");
            assert_eq!(messages.len(), 2);
            assert_eq!(ends[1].resets, [8], "seed {seed}, round {round}");
            ends[1].resets.clear();
        }
    }
}

#[test]
fn streams_are_reset_by_and_for_sctp_proto() {
    let mut theirs = Theirs::client();
    let mut ours = Ours::responder(&DEVICE);
    let mut network = Network::new(1, PERFECT);
    let mut run = |theirs: &mut Theirs, ours: &mut Ours| {
        let limit = network.now + 20_000;
        network.run(&mut [theirs, ours], limit, |_, _| false);
        network.now
    };
    let now = run(&mut theirs, &mut ours);
    for round in 1..4 {
        assert!(ours.send(2, Delivery::RELIABLE, b"2222", now));
        assert!(theirs.send(2, Delivery::RELIABLE, b"2222", now));
        run(&mut theirs, &mut ours);
        assert_eq!(theirs.received().len(), 1);
        // sctp-proto's reset comes as an answer to ours, or by itself.
        if round % 2 == 0 {
            assert!(ours.association.reset_stream(2));
            run(&mut theirs, &mut ours);
            assert_eq!(theirs.finished, [2]);
            let (_, association) = theirs.association.as_mut().unwrap();
            if let Ok(mut stream) = association.stream(2) {
                let _ = stream.close();
            }
            run(&mut theirs, &mut ours);
        } else {
            theirs.association.as_mut().unwrap().1.stream(2).unwrap().close().unwrap();
            run(&mut theirs, &mut ours);
            assert_eq!(ours.resets, [2]);
            assert!(ours.association.reset_stream(2));
            run(&mut theirs, &mut ours);
        }
        assert!(!ours.association.resetting(2));
        // sctp-proto answers a reset with one of its own, even of a stream that it reset before.
        assert!(matches!(ours.resets[..], [2] | [2, 2]), "round {round}: {:?}", ours.resets);
        ours.resets.clear();
        theirs.finished.clear();
    }
}
