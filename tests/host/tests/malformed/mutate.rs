//! Mutations of good frames: recorded ones, and random messages as prost encodes them. Half of them
//! change bytes, the others fields.
//!
//! Mutation `index` is always the same one.

use std::iter;

use prost_reflect::prost::Message;
use testkit::peer::POOL;
use testkit::{corpus, normal, random};

use crate::regroup::regroup;

/// What travels on a data channel and in signalling, and what has every kind of field.
const MESSAGES: [&str; 17] = [
    "livekit.DataPacket",
    "livekit.EncryptedPacketPayload",
    "livekit.UserPacket",
    "livekit.MetricsBatch",
    "livekit.DataStream.Header",
    "livekit.DataStream.Trailer",
    "livekit.SignalRequest",
    "livekit.SignalResponse",
    "livekit.ParticipantInfo",
    "livekit.SessionDescription",
    "livekit.DataTrackSubscriberHandles",
    "livekit.SimulateScenario",
    "livekit.RoomCompositeEgressRequest",
    "livekit.SimulationRunSummary",
    "livekit.AgentDB.Wire.Column",
    "livekit.agent.DebugMessage",
    "google.protobuf.Struct",
];

/// Random messages of each type.
const VALUES: usize = 40;

/// Frames longer than this are left out: most of them is payload, where nothing can go wrong.
const LONGEST: usize = 1500;

/// Bytes that mean something: tags of every wire type, lengths, edges of numbers and of UTF-8.
#[rustfmt::skip]
const TOKENS: [&[u8]; 22] = [
    b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\x02\x00", b"\x13\x14", b"\x1b\x1c", b"\xfb\x01\xfc\x01", b"\x0b", b"\x14",
    b"\x08\x01", b"\x0a\x00", b"\x12\x00", b"\x1a\x00", b"\x0d\0\0\0\0", b"\x09\0\0\0\0\0\0\0\0",
    b"\x80\x80\x80\x80\x10", b"\xff\xff\xff\xff\x0f", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\xed\xa0\x80",
];

/// The first `count` mutations: the type of the message, and the frame.
pub fn mutations(count: usize) -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let frames = frames();
    (0..count).map(move |index| {
        let mut rng = fastrand::Rng::with_seed(index as u64);
        let (message, frame) = &frames[rng.usize(..frames.len())];
        let mut others = iter::repeat_with(|| &frames[rng.usize(..frames.len())]);
        let (_, other) = others.find(|other| other.0 == *message).expect("it is one itself");
        let mut frame = frame.clone();
        if rng.bool() {
            for _ in 0..rng.usize(1..=4) {
                frame = regroup(&mut rng, &frame);
            }
        } else {
            for _ in 0..rng.usize(1..=2) {
                mutate(&mut rng, &mut frame, other);
            }
        }
        (*message, frame)
    })
}

fn mutate(rng: &mut fastrand::Rng, frame: &mut Vec<u8>, other: &[u8]) {
    // Most of what matters stands at the beginning.
    let end = frame.len() + 1;
    let at = if rng.bool() { rng.usize(..end.min(24)) } else { rng.usize(..end) };
    let behind = at + rng.usize(..=(end - 1 - at).min(16));
    match rng.u8(..9) {
        8 => frame.extend_from_slice(other), // protobuf merges what is concatenated
        0 => frame.truncate(at),
        1 | 2 => {
            if let Some(byte) = frame.get_mut(at) {
                *byte ^= 1 << rng.u8(..8);
            }
        }
        3 => {
            let from = rng.usize(..=other.len());
            let to = from + rng.usize(..=(other.len() - from).min(64));
            drop(frame.splice(at..behind, other[from..to].iter().copied()));
        }
        4 => {
            let again = frame[at..behind].to_vec();
            drop(frame.splice(at..at, again));
        }
        5 => drop(frame.drain(at..behind)),
        6 => drop(frame.splice(at..at, iter::repeat_with(|| rng.u8(..)).take(2))),
        _ => drop(frame.splice(at..at, TOKENS[rng.usize(..TOKENS.len())].iter().copied())),
    }
}

fn frames() -> Vec<(&'static str, Vec<u8>)> {
    let mut frames = recorded();
    for name in MESSAGES {
        let descriptor = POOL.get_message_by_name(name).expect("it is of the schema");
        for index in 0..VALUES {
            let frame = random::message(&descriptor, index).encode_to_vec();
            // prost writes maps in another order each time.
            let frame = normal::order(&descriptor, &frame).expect("prost writes messages");
            frames.push((name, frame));
        }
    }
    frames.retain(|(_, frame)| frame.len() <= LONGEST);
    frames
}

/// The corpus, as far as it is of those messages.
fn recorded() -> Vec<(&'static str, Vec<u8>)> {
    let known = |recorded: &'static corpus::Recorded| {
        let name = MESSAGES.iter().find(|name| **name == recorded.message)?;
        Some((*name, recorded.bytes.clone()))
    };
    corpus::messages().filter_map(known).collect()
}
