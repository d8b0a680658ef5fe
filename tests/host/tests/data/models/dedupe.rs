//! Duplicates of numbered packets.

use std::collections::{HashMap, HashSet};

use livekit_protocol::UserPacket;
use livekit_protocol::data_packet::Value;
use proptest::prelude::*;

use super::{START_MS, check};
use crate::frames::{Device, Seen, packet, receive};

/// How many senders a [`Device`] remembers.
const REMEMBERED: usize = 8;

/// What is known of a sender.
#[derive(Default)]
struct Sender {
    last: u32,
    at_ms: u64,
    /// Who was heard after it.
    others: HashSet<usize>,
}

/// Some packets of some senders, milliseconds apart, and whether time was looked at before each.
fn packets(senders: usize) -> impl Strategy<Value = Vec<(usize, u32, u64, bool)>> {
    let pause = prop_oneof![6 => 0..2_000u64, 1 => 25_000..35_000u64, 1 => Just(30_000), 1 => 0..500_000_000u64];
    prop::collection::vec((0..senders, 0..6u32, pause, any::<bool>()), 1..100)
}

#[test]
fn a_packet_is_taken_once_unless_its_sender_is_forgotten() {
    for senders in [3, REMEMBERED, 12] {
        check(packets(senders), |packets| {
            let (mut device, mut known) = (Device::new(), HashMap::<usize, Sender>::new());
            let mut now_ms = START_MS;
            for (sender, sequence, pause, is_polled) in packets {
                now_ms += pause;
                assert!(!is_polled || device.poll(now_ms).is_none());
                let user = Value::User(UserPacket { payload: b"x".to_vec(), ..Default::default() });
                let frame = packet(&format!("PA_{sender:012}"), sequence, user);
                let is_taken = receive(&mut device, &frame, now_ms).0 != Seen::Nothing;
                if sequence == 0 {
                    assert!(is_taken);
                    continue;
                }
                let state = known.entry(sender).or_default();
                let is_new = sequence > state.last || now_ms - state.at_ms >= 30_000;
                // One of too many may have been forgotten; none is mistaken for another.
                let is_crowded = state.others.len() >= REMEMBERED;
                assert!(is_taken == is_new || is_taken && is_crowded, "{sender} {sequence}");
                if is_taken {
                    *state = Sender { last: sequence, at_ms: now_ms, others: HashSet::new() };
                    known.iter_mut().filter(|(other, _)| **other != sender).for_each(|(_, it)| {
                        it.others.insert(sender);
                    });
                }
            }
        });
    }
}
