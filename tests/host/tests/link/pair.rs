//! Whatever happens to bytes, packets arrive once and in order, both ways.

use livekit_micro::data::Channel;
use livekit_micro::link::SendError;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::lab::{Bridged, Lab, SIZES, Sizes, Told, packet, user};
use crate::wire::Faults;

/// Of 100 000 bytes. A frame has up to 256.
fn faults() -> impl Strategy<Value = Faults> {
    let count = || prop_oneof![Just(0u32), 0..60u32, 60..150u32];
    (count(), count(), count()).prop_map(|(lost, garbled, doubled)| Faults {
        lost,
        garbled,
        doubled,
    })
}

fn payloads(most: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop_oneof![Just(0u8), any::<u8>()];
    let payload = prop_oneof![prop::collection::vec(byte, 0..most), Just(vec![0; most])];
    prop::collection::vec(payload, 1..30)
}

fn check<S: Strategy>(strategy: S, test: impl Fn(S::Value)) {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 64; // each of them simulates a minute
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let result = TestRunner::new(config).run(&strategy, |case| {
        test(case);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn lost_garbled_and_doubled_bytes_neither_lose_nor_double_a_packet() {
    let windows = prop_oneof![Just(16u16), Just(100), Just(512), Just(20_000)];
    let case = (faults(), any::<u64>(), payloads(700), payloads(900), windows);
    check(case, |(faults, seed, up, down, device_window)| {
        let mut lab = Lab::new(faults, seed, &Sizes { device_window, ..SIZES });
        lab.join();
        let mut waiting = up.iter();
        let mut next = waiting.next();
        for (sequence, payload) in (1..).zip(&down) {
            assert!(lab.bridge.forward(Channel::Reliable, &packet(sequence, user(payload))));
        }
        let end = lab.now_ms + 600_000;
        while lab.published().len() < up.len() || lab.received().len() < down.len() {
            assert!(lab.now_ms < end, "stuck: {:?}", lab.told.last());
            while let Some(payload) = next {
                match lab.publish(payload) {
                    Ok(()) => next = waiting.next(),
                    Err(SendError::Full) => break,
                    Err(error) => panic!("{error}"),
                }
            }
            lab.run_ms(20);
        }
        // What was sent again meanwhile arrives too, and comes to nothing.
        lab.until(|lab| lab.link.unacknowledged() + lab.bridge.unacknowledged() == 0);
        lab.run_ms(500);
        assert_eq!(lab.published(), up);
        assert_eq!(lab.received(), down);
        let is_state = |it: &&Told| matches!(it, Told::State(text) if text != "writable");
        assert_eq!(lab.told.iter().filter(is_state).count(), 1, "{:?}", lab.told);
        assert!(!lab.bridged.contains(&Bridged::Closed));
    });
}

#[test]
fn a_line_without_faults_is_used_to_nine_tenths() {
    let mut lab = Lab::connected(&Sizes { device_window: 2_048, ..SIZES });
    let start = lab.now_ms;
    let packets: Vec<_> = (1..=60).map(|sequence| packet(sequence, user(&[0; 900]))).collect();
    for packet in &packets {
        assert!(lab.bridge.forward(Channel::Reliable, packet));
    }
    lab.until(|lab| lab.received().len() == 60);
    let (bytes, took_ms) = (packets.concat().len(), lab.now_ms - start);
    let most = took_ms as usize * lab.down.bytes_per_ms;
    assert!(bytes * 10 >= most * 9, "{bytes} bytes of {most}");
}
