//! Frames of data tracks that are received with a packet missing, in another order, or too many of them.

use livekit_micro::data::track::{Depacketizer, Dropped, Packet, Packetizer, TrackError};

use crate::track::{Device, TRACK, content, info, packets, read};
use crate::track_peer::Subscriber;

#[test]
fn a_frame_of_too_many_packets_is_dropped() {
    let (mut subscriber, mut device) = (Subscriber::new(false), Device::default());
    let mut buf = [0; 16];
    for index in 0..129 {
        let packet = Packet {
            handle: TRACK,
            sequence: index,
            frame: 0,
            is_start: index == 0,
            is_final: index == 128,
            info: info(0, None, false),
            payload: b"x",
        };
        let packet = packet.write(&mut buf).expect("it fits");
        assert_eq!((subscriber.receive(packet), device.receive(packet)), (vec![], None), "{index}");
    }
    assert_eq!(device.frames.dropped(), Dropped { frames: 1, packets: 0 });
}

#[test]
fn a_frame_with_a_hole_is_not_told_as_complete() {
    let (info, payload) = (info(0, None, false), content(40));
    let mut track = Packetizer::new(TRACK);
    let frames = [(); 6].map(|()| packets(&mut track, &payload, &info, 22));
    let mut device = Device::default();
    // Which of the frame's packets completes it, if one does, and what was dropped so far.
    let mut receive = |frame: usize, indices: &[usize]| {
        let complete = indices.iter().position(|index| {
            let received = device.receive(&frames[frame][*index]);
            assert!(received.is_none() || received == Some((payload.clone(), info)));
            received.is_some()
        });
        let Dropped { frames, packets } = device.frames.dropped();
        (complete, frames, packets)
    };
    // In order, and in another order, with some twice.
    assert_eq!(receive(0, &[0, 1, 2, 3]), (Some(3), 0, 0));
    assert_eq!(receive(1, &[0, 2, 2, 1, 1, 3]), (Some(5), 0, 0));
    assert_eq!(receive(1, &[3]), (None, 0, 1));
    // Without the third, which comes too late.
    assert_eq!(receive(2, &[0, 1, 3, 2]), (None, 1, 2));
    // Without the first: each packet is dropped.
    assert_eq!(receive(3, &[1, 2, 3]), (None, 1, 5));
    // Another frame begins before the end.
    assert_eq!(receive(4, &[0, 1, 2]), (None, 1, 5));
    assert_eq!(receive(5, &[0, 1, 2, 3]), (Some(3), 2, 5));
    assert_eq!(receive(4, &[3]), (None, 2, 6));
}

#[test]
fn packets_of_unlike_lengths_are_received_in_order_only() {
    let packet = |index: u16, payload: &[u8]| {
        let packet = Packet {
            handle: TRACK,
            sequence: 65_534u16.wrapping_add(index),
            frame: 9,
            is_start: index == 0,
            is_final: index == 3,
            info: info(0, None, false),
            payload,
        };
        packet.write(&mut [0; 32]).expect("it fits").to_vec()
    };
    let sent = [packet(0, b"ab"), packet(1, b"c"), packet(2, b"def"), packet(3, b"ghij")];
    let mut device = Device::default();
    let received = [0, 1, 2, 3].map(|index: usize| device.receive(&sent[index]));
    let whole = Some((b"abcdefghij".to_vec(), info(0, None, false)));
    assert_eq!(received, [None, None, None, whole]);
    let received = [0, 2, 1, 3].map(|index: usize| device.receive(&sent[index]));
    assert_eq!(received, [None, None, None, None]);
    assert_eq!(device.frames.dropped(), Dropped { frames: 1, packets: 2 });
}

#[test]
fn a_frame_that_is_longer_than_the_buffer_is_an_error() {
    let (info, payload) = (info(0, None, false), content(40));
    let sent = packets(&mut Packetizer::new(TRACK), &payload, &info, 22);
    let (mut frames, mut buf) = (Depacketizer::new(), [0; 39]);
    let results = sent.iter().map(|packet| {
        let part = frames.receive(&read(packet)).expect("a part");
        part.put(&mut buf).map(|frame| frame.is_some())
    });
    let error = TrackError::FrameTooLong { len: 40, max: 39 };
    assert_eq!(results.collect::<Vec<_>>(), [Ok(false), Ok(false), Ok(false), Err(error)]);
    assert_eq!(error.to_string(), "the frame has 40 bytes or more, the buffer 39");
}

#[test]
fn what_is_known_of_a_frame_is_what_its_first_packet_said() {
    let (mut subscriber, mut device) = (Subscriber::new(false), Device::default());
    let sent = [(0, b"ab"), (1, b"cd")].map(|(index, payload)| {
        let (handle, sequence, frame) = (TRACK, index, 0);
        let (is_start, is_final) = (index == 0, index == 1);
        let info = info(index.into(), Some(index.into()), false);
        let packet = Packet { handle, sequence, frame, is_start, is_final, info, payload };
        packet.write(&mut [0; 32]).expect("it fits").to_vec()
    });
    let theirs: Vec<_> = sent.iter().flat_map(|packet| subscriber.receive(packet)).collect();
    assert_eq!(theirs, [(b"abcd".to_vec(), Some(0))]);
    let ours: Vec<_> = sent.iter().filter_map(|packet| device.receive(packet)).collect();
    assert_eq!(ours, [(b"abcd".to_vec(), info(0, Some(0), false))]);
}
