//! How an association ends, and when it must not.

use livekit_micro_peer::sctp::{Config, Delivery, Error};

use crate::network::{Conditions, End, Network, PERFECT};
use crate::ours::{DEVICE, Ours, Setup};
use crate::raw::{Chunk, Raw, chunk};
use crate::theirs::Theirs;

const SHUTDOWN: u8 = 7;
const SHUTDOWN_ACK: u8 = 8;
const SHUTDOWN_COMPLETE: u8 = 14;
const RE_CONFIG: u8 = 130;

const DEAD: Conditions = Conditions { loss: 1000, ..PERFECT };

fn connected() -> (Ours, Ours, Network) {
    let mut a = Ours::initiator(&DEVICE);
    let mut b = Ours::responder(&Setup { seed: 2, ..DEVICE });
    let mut network = Network::new(1, PERFECT);
    assert!(
        network
            .run(&mut [&mut a, &mut b], 1000, |ends, _| { ends.iter().all(|end| end.connected()) })
    );
    (a, b, network)
}

#[test]
fn a_peer_that_acknowledges_nothing_is_unreachable_after_the_last_timeout() {
    let (mut a, mut b, mut network) = connected();
    network.conditions = DEAD;
    assert!(a.send(0, Delivery::RELIABLE, b"message", network.now));
    let began = network.now;
    assert!(network.run(&mut [&mut a, &mut b], 200_000, |ends, _| ends[0].closed()));
    assert_eq!(a.end, Some(Error::Unreachable));
    // 0.4 (or less than 1, if the round trip was measured so) doubled up to 10 s, eleven times.
    let took = network.now - began;
    assert!((60_000..110_000).contains(&took), "{took}");
}

#[test]
fn a_path_that_breaks_while_nothing_is_sent_is_found_by_heartbeats() {
    let (mut a, mut b, mut network) = connected();
    // As long as the path is there, nothing ends.
    assert!(!network.run(&mut [&mut a, &mut b], 3_600_000, |ends, _| ends[0].closed()));
    assert!(network.packets[1] > 100, "no heartbeats");
    network.conditions = DEAD;
    assert!(network.run(&mut [&mut a, &mut b], 4_200_000, |ends, _| ends[0].closed()));
    assert_eq!(a.end, Some(Error::Unreachable));
}

#[test]
fn without_heartbeats_a_connected_end_has_nothing_to_do() {
    let quiet = Setup { config: Config { heartbeat_ms: 0, ..Config::DEFAULT }, ..DEVICE };
    let (mut a, mut b) = (Ours::initiator(&quiet), Ours::responder(&quiet));
    let mut network = Network::new(1, PERFECT);
    network.run(&mut [&mut a, &mut b], 100_000, |_, _| false);
    assert!(a.connected() && b.connected());
    assert_eq!((a.due(network.now), b.due(network.now)), (None, None));
}

#[test]
fn an_initiator_without_a_peer_gives_up() {
    let mut a = Ours::initiator(&DEVICE);
    let mut b = Ours::responder(&DEVICE);
    let mut network = Network::new(1, DEAD);
    assert!(network.run(&mut [&mut a, &mut b], 200_000, |ends, _| ends[0].closed()));
    assert_eq!(a.end, Some(Error::Unreachable));
    assert_eq!(network.packets[1], 11);
}

#[test]
fn both_ends_may_shut_down_at_once_over_a_network_that_loses_packets() {
    for seed in 0..50 {
        let (mut a, mut b, mut network) = connected();
        network = Network::new(
            seed,
            Conditions { loss: 200, jitter: 30, duplicated: 100, ..network.conditions },
        );
        for end in [&mut a, &mut b] {
            assert!(end.send(0, Delivery::RELIABLE, &[3; 3000], 0));
            end.association.close();
        }
        let both = |ends: &mut [&mut dyn End; 2], _| ends.iter().all(|end| end.closed());
        assert!(network.run(&mut [&mut a, &mut b], 300_000, both), "seed {seed}");
        assert_eq!(a.received(), [(0, vec![3; 3000])]);
        assert_eq!(b.received(), [(0, vec![3; 3000])]);
        // Whose last packet was lost finds out by timeouts, if the other end is gone; ours still answers.
        assert_eq!((a.end, b.end), (Some(Error::Shutdown), Some(Error::Shutdown)), "seed {seed}");
    }
}

#[test]
fn a_late_sack_does_not_stop_a_shutdown() {
    let (mut a, mut b, mut network) = connected();
    assert!(a.send(0, Delivery::RELIABLE, b"message", network.now));
    while let Some(packet) = a.output(network.now) {
        b.input(&packet, network.now);
    }
    network.now += 300;
    let sacks: Vec<_> = std::iter::from_fn(|| b.output(network.now)).collect();
    sacks.iter().for_each(|sack| a.input(sack, network.now));
    // The SHUTDOWN is lost, and the SACK comes again.
    a.association.close();
    assert!(!sacks.is_empty() && a.output(network.now).is_some());
    sacks.iter().for_each(|sack| a.input(sack, network.now));
    let limit = network.now + 10_000;
    let both = |ends: &mut [&mut dyn End; 2], _| ends.iter().all(|end| end.closed());
    assert!(network.run(&mut [&mut a, &mut b], limit, both));
    assert_eq!((a.end, b.end), (Some(Error::Shutdown), Some(Error::Shutdown)));
}

#[test]
fn whoever_missed_the_end_is_told_wherever_its_shutdown_ack_stands() {
    let mut raw = Raw::connected();
    raw.ours.association.close();
    assert_eq!(raw.send(&[]).iter().map(|it| it.kind).collect::<Vec<_>>(), [SHUTDOWN]);
    let acknowledged = chunk(SHUTDOWN_ACK, 0, &[]);
    let complete = [Chunk { kind: SHUTDOWN_COMPLETE, flags: 0, body: vec![] }];
    assert_eq!(raw.send(std::slice::from_ref(&acknowledged)), complete);
    assert_eq!(raw.ours.end, Some(Error::Shutdown));
    // SHUTDOWN COMPLETE was lost: the peer repeats its SHUTDOWN ACK beside what it has not done with either.
    let beside = chunk(RE_CONFIG, 0, &[0; 4]);
    assert_eq!(raw.send(&[beside.clone(), acknowledged]), complete);
    assert_eq!(raw.send(&[beside]), []);
}

#[test]
fn sctp_proto_shuts_down_and_is_shut_down() {
    for theirs_first in [true, false] {
        let mut theirs = Theirs::client();
        let mut ours = Ours::responder(&DEVICE);
        let mut network = Network::new(1, PERFECT);
        assert!(network.run(&mut [&mut theirs, &mut ours], 1000, |ends, _| {
            ends.iter().all(|end| end.connected())
        }));
        assert!(ours.send(0, Delivery::RELIABLE, &[3; 3000], network.now));
        if theirs_first {
            theirs.association.as_mut().unwrap().1.shutdown().unwrap();
        } else {
            ours.association.close();
        }
        let limit = network.now + 60_000;
        network.run(&mut [&mut theirs, &mut ours], limit, |_, _| false);
        assert_eq!(ours.end, Some(Error::Shutdown));
        // sctp-proto forgets to close after a SHUTDOWN COMPLETE of its own.
        assert!(theirs_first || theirs.association.as_ref().unwrap().1.is_closed());
        assert_eq!(theirs.received(), [(0, vec![3; 3000])]);
    }
}
