//! What is sent again after a resume.

use livekit_micro::data::{Data, Resend, Session};
use livekit_protocol as theirs;
use proptest::prelude::*;
use prost_reflect::prost::Message as _;

use super::check;
use crate::frames::{Device, Seen, packet, receive};

const BYTES: usize = 512;

/// Number and length that are kept with a frame.
const RECORD: usize = 6;

type Sender = Session<(), (), Resend<BYTES>>;

fn published(sender: &mut Sender, payload: &[u8]) -> Vec<u8> {
    let data = Data { payload, ..Data::default() };
    sender.publish_data(&data, &mut [0; 700]).expect("it fits").to_vec()
}

#[test]
fn the_newest_packets_are_kept_whole_and_in_order() {
    // Some differ by one byte, so that there is one too few at times.
    let len = prop_oneof![4 => 30..32usize, 4 => 0..120usize, 1 => 400..600usize];
    let lens = prop::collection::vec(len, 1..60);
    check((lens, any::<prop::sample::Index>()), |(lens, received)| {
        let (mut sender, mut sent) = (Sender::new(), Vec::new());
        let mut longest = 0;
        for (payload, len) in (0u8..).zip(lens) {
            let frame = published(&mut sender, &vec![payload; len]);
            longest = longest.max(frame.len() + RECORD);
            sent.push(frame);
            // Of these numbers the server has told that it received them.
            let received = received.index(sent.len() + 1);
            let again = sender.resume(received as u32);
            let (lost, again) = (again.lost() as usize, again.collect::<Vec<_>>());
            assert_eq!(lost + again.len(), sent.len() - received);
            // One that is longer than the ring is not kept; of the others, the newest.
            let unreceived = sent.iter().skip(received);
            let keepable: Vec<_> = unreceived.filter(|it| it.len() + RECORD <= BYTES).collect();
            assert!(again.len() <= keepable.len());
            assert!(
                keepable.iter().rev().zip(again.iter().rev()).all(|(one, other)| *one == other)
            );
            // No more is given up than what makes the newest one fit in one piece.
            let used: usize = again.iter().map(|it| it.len() + RECORD).sum();
            assert!(again.len() == keepable.len() || used + 3 * longest >= BYTES, "{used} used");
        }
    });
}

#[test]
fn after_resumes_each_packet_arrives_once_and_in_order() {
    // How many packets are sent before a break, how many of them the server received, and how many of those
    // it says that it did.
    let breaks = prop::collection::vec((1..6usize, 0..6usize, 0..6usize), 1..8);
    check(breaks, |breaks| {
        let (mut sender, mut device) = (Sender::new(), Device::new());
        let (mut sent, mut told, mut server) = (0u32, Vec::new(), 0u32);
        let mut arrive = |frame: &[u8]| {
            let sent = theirs::DataPacket::decode(frame).expect("a packet");
            let value = sent.value.expect("it has content");
            let frame = packet("PA_alice0000000", sent.sequence, value);
            match receive(&mut device, &frame, 0).0 {
                Seen::Data { payload, .. } => told.push(payload),
                other => assert_eq!(other, Seen::Nothing),
            }
            sent.sequence
        };
        for (count, received, forgotten) in breaks {
            for at in 0..count {
                let frame = published(&mut sender, &sent.to_le_bytes());
                sent += 1;
                if at < received {
                    server = arrive(&frame);
                }
            }
            let last = server.saturating_sub(forgotten as u32);
            let again = sender.resume(last);
            assert_eq!(again.lost(), 0);
            again.for_each(|frame| server = arrive(frame));
        }
        assert_eq!(told, (0..sent).map(|it| it.to_le_bytes().to_vec()).collect::<Vec<_>>());
    });
}
