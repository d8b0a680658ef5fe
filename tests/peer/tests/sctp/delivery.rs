//! What is sent arrives: all of it, once, in order, as long as the network lets anything through.

use fastrand::Rng;
use livekit_micro_peer::sctp::{Delivery, Reliability};

use crate::network::{Conditions, End, Network, PERFECT};
use crate::ours::{DEVICE, Ours, Setup};
use crate::theirs::Theirs;
use crate::traffic::{Flow, check, exchange};

/// Who is on which end.
const PAIRS: [Pair; 4] = [
    |a, b| (Box::new(Ours::initiator(a)), Box::new(Ours::responder(b))),
    |a, b| (Box::new(Ours::initiator(a)), Box::new(Ours::initiator(b))),
    |_, b| (Box::new(Theirs::client()), Box::new(Ours::responder(b))),
    |a, _| (Box::new(Ours::initiator(a)), Box::new(Theirs::server())),
];

type Pair = fn(&Setup, &Setup) -> (Box<dyn End>, Box<dyn End>);

/// Lets the flows arrive; when all did, everything that is still under way.
fn run(pair: Pair, setups: &[Setup; 2], network: &mut Network, flows: &mut [Flow]) {
    let (mut a, mut b) = pair(&setups[0], &setups[1]);
    let ends: &mut [&mut dyn End; 2] = &mut [&mut *a, &mut *b];
    let limit = network.now + 1_200_000;
    let done = network.run(ends, limit, |ends, now| exchange(flows, ends, now));
    let progress: Vec<_> = flows.iter().map(Flow::arrived).collect();
    assert!(
        done,
        "not everything arrived: {progress:?}, {:?}",
        ends.each_ref().map(|end| end.closed())
    );

    // The network heals: what may be abandoned is delivered or abandoned, and what is sent now arrives.
    network.conditions = PERFECT;
    let quiet = network.now + 130_000;
    network.run(ends, quiet, |ends, now| {
        exchange(flows, ends, now);
        false
    });
    for flow in flows.iter_mut() {
        let before = flow.arrived();
        flow.lengths.push(77);
        let limit = network.now + 5_000;
        network.run(ends, limit, |ends, now| {
            exchange(std::slice::from_mut(flow), ends, now);
            flow.arrived() > before
        });
        assert_eq!(flow.arrived(), before + 1, "stream {} is stuck", flow.stream);
    }
    check(flows);
}

fn lengths(rng: &mut Rng, count: usize, longest: usize) -> Vec<usize> {
    (0..count)
        .map(|_| match rng.u32(0..4) {
            0 => rng.usize(4..20),
            1 => rng.usize(4..longest + 1),
            2 => rng.usize(1100..1150),
            _ => rng.usize(4..300),
        })
        .collect()
}

/// Of each kind of delivery one flow, each way.
fn all_kinds(rng: &mut Rng) -> Vec<Flow> {
    let mut flows = vec![];
    for from in [0, 1] {
        let mut add = |stream, reliability, unordered| {
            let count = rng.usize(1..40);
            let lengths = lengths(rng, count, 3900);
            flows.push(Flow::new(from, stream, Delivery { reliability, unordered }, lengths));
        };
        add(0, Reliability::Reliable, false);
        add(1, Reliability::Reliable, true);
        add(2, Reliability::Retransmits(0), true);
        add(3, Reliability::Retransmits(2), false);
        // One stream more than ordered messages can be sent on.
        add(65534, Reliability::Lifetime(300), from == 1);
    }
    flows
}

fn conditions(rng: &mut Rng) -> Conditions {
    Conditions {
        loss: *rng.choice(&[0, 20, 100, 200]).unwrap(),
        duplicated: *rng.choice(&[0, 50, 300]).unwrap(),
        delay: rng.u64(0..100),
        jitter: *rng.choice(&[0, 5, 60]).unwrap(),
        bandwidth: *rng.choice(&[0, 5, 100]).unwrap(),
    }
}

fn setup(rng: &mut Rng, clock: u64, tsn: Option<u32>) -> Setup {
    Setup {
        // Both hold the longest message.
        tx: *rng.choice(&[4096, 5000, 16384]).unwrap(),
        rx: *rng.choice(&[3900, 4096, 16384]).unwrap(),
        slots: *rng.choice(&[0, 1, 4, 16]).unwrap(),
        clock,
        tsn,
        seed: rng.u64(..),
        ..DEVICE
    }
}

#[test]
fn every_reliable_message_arrives_once_and_in_order_and_lossy_ones_at_most_once() {
    let seeds = std::env::var("SEEDS").map_or(40, |seeds| seeds.parse().unwrap());
    for seed in 0..seeds {
        for (index, pair) in PAIRS.into_iter().enumerate() {
            let mut rng = Rng::with_seed(seed);
            let conditions = conditions(&mut rng);
            let setups = [setup(&mut rng, 5, None), setup(&mut rng, 77, None)];
            let mut flows = all_kinds(&mut rng);
            println!("seed {seed}, pair {index}, {conditions:?}");
            run(pair, &setups, &mut Network::new(seed, conditions), &mut flows);
        }
    }
}

#[test]
fn clocks_and_tsns_may_wrap_at_any_time() {
    for seed in 0..20 {
        for (index, pair) in PAIRS.into_iter().enumerate() {
            let mut rng = Rng::with_seed(seed);
            let conditions = Conditions { loss: 50, ..conditions(&mut rng) };
            let wrap = (1u64 << 32) * rng.u64(1..3);
            let clocks = [wrap - rng.u64(0..3000), wrap - rng.u64(0..200)];
            let middle = if rng.bool() { 1u32 << 31 } else { 0 };
            let tsn = Some(middle.wrapping_sub(rng.u32(0..30)));
            let setups = clocks.map(|clock| setup(&mut rng, clock, tsn));
            let mut flows = all_kinds(&mut rng);
            println!("seed {seed}, pair {index}, {conditions:?}, {clocks:?}, {tsn:?}");
            run(pair, &setups, &mut Network::new(seed, conditions), &mut flows);
        }
    }
}

#[test]
fn an_outage_of_the_network_loses_nothing_that_is_reliable() {
    for (index, pair) in PAIRS.into_iter().enumerate() {
        println!("pair {index}");
        let mut rng = Rng::with_seed(3);
        let mut flows = [
            Flow::new(0, 0, Delivery::RELIABLE, lengths(&mut rng, 200, 3900)),
            Flow::new(1, 0, Delivery::RELIABLE, lengths(&mut rng, 200, 3900)),
        ];
        let (mut a, mut b) = pair(&DEVICE, &Setup { seed: 2, ..DEVICE });
        let ends: &mut [&mut dyn End; 2] = &mut [&mut *a, &mut *b];
        let slow = Conditions { bandwidth: 10, delay: 20, ..PERFECT };
        let mut network = Network::new(1, slow);
        assert!(!network.run(ends, 3_000, |ends, now| exchange(&mut flows, ends, now)));
        network.conditions.loss = 1000;
        assert!(!network.run(ends, 23_000, |ends, now| exchange(&mut flows, ends, now)));
        let before: usize = flows.iter().map(Flow::arrived).sum();
        network.conditions = slow;
        // sctp-proto's own timeout may be 32 s by then.
        assert!(network.run(ends, 90_000, |ends, now| exchange(&mut flows, ends, now)));
        assert!(before > 0);
        check(&flows);
    }
}

#[test]
fn a_message_that_is_longer_than_the_receive_buffer_is_skipped_and_told() {
    let mut theirs = Theirs::client();
    let mut ours = Ours::responder(&DEVICE);
    let mut network = Network::new(4, Conditions { loss: 30, jitter: 5, ..PERFECT });
    let lossless = Delivery::RELIABLE;
    let mut sent = false;
    let mut messages = vec![];
    network.run(&mut [&mut theirs, &mut ours], 120_000, |ends, now| {
        messages.extend(ends[1].received());
        if ends[0].connected() && !sent {
            sent = true;
            for len in [4096, 4097, 60_000, 4096] {
                assert!(ends[0].send(6, lossless, &vec![len as u8; len], now));
            }
        }
        messages.len() == 2
    });
    assert_eq!(messages, [(6, vec![0; 4096]), (6, vec![0; 4096])]);
    assert_eq!(ours.skipped, [(6, 4097), (6, 60_000)]);
}

/// As messages that fit: once, whole and in order, whatever the network does.
#[test]
fn a_message_that_is_longer_than_the_receive_buffer_arrives_in_parts_if_it_is_asked_for() {
    let mut rng = Rng::with_seed(11);
    for seed in 0..20 {
        let rx = [0, 500, 1_500, 4_096][rng.usize(0..4)];
        let mut theirs = Theirs::client();
        let mut ours = Ours::responder(&Setup { seed, rx, ..DEVICE });
        ours.association.divide();
        let mut network = Network::new(seed, conditions(&mut rng));
        let ends: &mut [&mut dyn End; 2] = &mut [&mut theirs, &mut ours];
        assert!(network.run(ends, 60_000, |ends, _| ends.iter().all(|end| end.connected())));
        let mut messages = vec![];
        for len in [1usize, 4_096, 4_097, 20_000, 3_000, 65_000, 10] {
            let message: Vec<u8> = (0..len).map(|at| ((at * (len + 1)) >> 4) as u8).collect();
            assert!(ends[0].send(2, Delivery::RELIABLE, &message, network.now));
            messages.push((2, message));
        }
        let limit = network.now + 600_000;
        network.run(ends, limit, |_, _| false);
        let received = ours.received();
        let lengths: Vec<_> = received.iter().map(|(_, message)| message.len()).collect();
        assert!(received == messages, "seed {seed}, a buffer of {rx} B: {lengths:?}");
        assert_eq!(ours.skipped, []);
    }
}

/// How long 800 KB take, in ms of the simulated clock.
fn pour(loss: u32, buffer: usize, slots: usize, seed: u64) -> u64 {
    let setup = Setup { rx: buffer, slots, ..DEVICE };
    let (mut theirs, mut ours) = (Theirs::client(), Ours::responder(&setup));
    let mut network = Network::new(seed, Conditions { loss, delay: 5, ..PERFECT });
    let mut flows = [Flow::new(0, 0, Delivery::RELIABLE, vec![1000; 800])];
    assert!(network.run(&mut [&mut theirs, &mut ours], 600_000, |ends, now| {
        exchange(&mut flows, ends, now)
    }));
    check(&flows);
    network.now
}

#[test]
fn slots_spare_the_peer_most_of_its_timeouts() {
    for loss in [0, 20, 100] {
        for (buffer, slots) in [(4096, 0), (4096, 4), (16384, 16)] {
            let mut times: Vec<u64> = (0..9).map(|seed| pour(loss, buffer, slots, seed)).collect();
            times.sort();
            println!("800 kB, {loss} of 1000 lost, {buffer} B, {slots} slots: {times:?} ms");
            // Without loss, nothing but the window limits it: 10 ms for each.
            if loss == 0 {
                assert!(times[8] < 800_000 / 4096 * 10 * 3 / 2);
            }
        }
    }
    let mut with = (0..9).map(|seed| pour(20, 4096, 4, seed)).collect::<Vec<_>>();
    let mut without = (0..9).map(|seed| pour(20, 4096, 0, seed)).collect::<Vec<_>>();
    with.sort();
    without.sort();
    assert!(with[4] * 2 < without[4], "{with:?} {without:?}");
}
