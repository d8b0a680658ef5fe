//! Frames of data tracks, as LiveKit's crate receives them.

use livekit_micro::data::track::{FrameInfo, Packet, Packetizer};
use proptest::prelude::*;

use super::{check, fates, network};
use crate::track::{Device, TRACK, packets, read};
use crate::track_peer::Subscriber;

#[test]
fn frames_over_a_bad_network_are_those_of_livekits_sdk() {
    let frame = (0..400usize, any::<Option<u64>>(), 60..90usize);
    let frames = prop::collection::vec(frame, 1..12);
    check((frames, any::<[u16; 2]>(), fates()), |(frames, [sequence, number], fates)| {
        let (mut track, mut sent) = (Packetizer::new(TRACK), Vec::new());
        for (content, (len, user_timestamp, capacity)) in (0u8..).zip(frames) {
            let info = FrameInfo { user_timestamp, ..FrameInfo::default() };
            for packet in packets(&mut track, &vec![content; len], &info, capacity) {
                // As of a track that has sent for a while.
                let mut packet = read(&packet);
                packet.sequence = packet.sequence.wrapping_add(sequence);
                packet.frame = packet.frame.wrapping_add(number);
                sent.push(packet.write(&mut [0; 100]).expect("it fits").to_vec());
            }
        }
        let (mut subscriber, mut device) = (Subscriber::new(false), Device::default());
        for packet in network(sent, &fates) {
            let ours = device.receive(&packet).map(|(frame, info)| (frame, info.user_timestamp));
            assert_eq!(ours.into_iter().collect::<Vec<_>>(), subscriber.receive(&packet));
        }
    });
}

#[test]
fn any_bytes_are_a_packet_for_both_or_for_none() {
    // Ids from 1: padding between extensions, which LiveKit's crate reads in pairs, is not made.
    let data = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..20),
        prop::collection::vec(any::<u8>(), 8..=8)
    ];
    let extensions =
        prop::collection::vec((prop_oneof![3 => Just(2u8), 1 => 1..=255u8], data), 0..4);
    let mutation = prop::option::of((any::<prop::sample::Index>(), any::<u8>()));
    let case = (
        extensions,
        any::<bool>(),
        -1..3i32,
        mutation,
        any::<prop::sample::Index>(),
        any::<bool>(),
    );
    check(case, |(extensions, is_flagged, more_words, mutation, end, is_cut)| {
        let mut block = Vec::new();
        for (id, data) in extensions {
            block.extend([id, data.len() as u8]);
            block.extend(data);
        }
        let words = ((block.len() + 2).div_ceil(4) as i32 + more_words).max(1) as usize;
        block.resize(words * 4 - 2, 0);
        let flags = 0x18 | u8::from(is_flagged) << 2;
        let mut bytes = vec![flags, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, words as u8 - 1];
        bytes.extend(block);
        bytes.extend(b"content");
        // Not one of extensions, or a byte there that could be padding.
        if let Some((at, byte)) = mutation {
            let at = at.index(12);
            bytes[at] ^= byte;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        let ours = Packet::read(&bytes).ok().filter(|packet| packet.handle == TRACK);
        let ours = ours.and_then(|packet| {
            // The first packet of a longer frame is nothing yet, and the others have none.
            let is_whole = packet.is_start && packet.is_final;
            is_whole.then(|| (packet.payload.to_vec(), packet.info.user_timestamp))
        });
        let theirs = Subscriber::new(false).receive(&bytes);
        assert_eq!(ours.into_iter().collect::<Vec<_>>(), theirs, "{bytes:?}");
    });
}
