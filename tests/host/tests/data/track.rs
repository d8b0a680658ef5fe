//! Data tracks, with LiveKit's own on the other end.

use core::num::NonZeroU16;

use livekit_micro::data::SendError;
use livekit_micro::data::track::{
    Depacketizer, Dropped, Encryption, FrameInfo, MAX_FRAME_PACKETS, Packet, Packetizer, TrackError,
};

use crate::track_peer::{HANDLE, IV, KEY_INDEX, Publisher, Subscriber, sealed};

pub const TRACK: NonZeroU16 = NonZeroU16::new(HANDLE).unwrap();

/// What a frame says that was sent at this time, sealed or not.
pub fn info(timestamp: u32, user_timestamp: Option<u64>, is_encrypted: bool) -> FrameInfo {
    let encryption = is_encrypted.then_some(Encryption { iv: IV, key_index: KEY_INDEX });
    FrameInfo { timestamp, user_timestamp, encryption }
}

/// The packets of a frame, in buffers of `capacity` bytes.
pub fn packets(
    track: &mut Packetizer,
    payload: &[u8],
    info: &FrameInfo,
    capacity: usize,
) -> Vec<Vec<u8>> {
    let (mut frame, mut rest) = (track.begin(payload.len(), info), payload);
    let (mut buf, mut packets) = (vec![0xaa; capacity], Vec::new());
    while let Some(packet) = frame.write(&mut rest, &mut buf).expect("it fits") {
        packets.push(packet.to_vec());
    }
    assert_eq!((frame.left(), rest), (0, &[][..]));
    packets
}

pub fn read(packet: &[u8]) -> Packet<'_> {
    Packet::read(packet).unwrap_or_else(|error| panic!("{error}"))
}

/// A device that subscribes to a track.
#[derive(Default)]
pub struct Device {
    pub frames: Depacketizer,
    buf: Vec<u8>,
}

impl Device {
    /// The frame that is complete with this packet.
    pub fn receive(&mut self, packet: &[u8]) -> Option<(Vec<u8>, FrameInfo)> {
        self.buf.resize(2_000_000, 0);
        let part = self.frames.receive(&read(packet))?;
        let frame = part.put(&mut self.buf).expect("it fits")?;
        Some((frame.to_vec(), *self.frames.info()))
    }
}

const LENS: [usize; 9] = [0, 1, 15_959, 15_960, 15_961, 15_988, 15_989, 40_000, 1_000_000];

pub fn content(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 7 + at / 256) as u8).collect()
}

/// The variants of a frame: with a user timestamp or not, encrypted or not.
const VARIANTS: [(Option<u64>, bool); 4] =
    [(None, false), (Some(1_780_000_000_123), false), (None, true), (Some(u64::MAX), true)];

#[test]
fn packets_are_those_of_livekits_sdk_to_the_byte() {
    for (user_timestamp, is_encrypted) in VARIANTS {
        let mut publisher = Publisher::new(is_encrypted);
        let mut track = Packetizer::new(TRACK);
        for payload in LENS.map(content) {
            let theirs = publisher.packets(&payload, user_timestamp);
            // Their clock begins with a random number.
            let timestamp = theirs.first().map_or(0, |packet| read(packet).info.timestamp);
            let info = info(timestamp, user_timestamp, is_encrypted);
            let payload = if is_encrypted { sealed(&payload) } else { payload };
            assert!(packets(&mut track, &payload, &info, 20_000) == theirs, "{}", payload.len());
        }
    }
}

#[test]
fn numbers_go_on_with_0_after_65_535() {
    let (mut publisher, mut track) = (Publisher::new(false), Packetizer::new(TRACK));
    for count in 0..65_538u32 {
        let theirs = publisher.packets(b"x", None);
        let info = info(read(&theirs[0]).info.timestamp, None, false);
        assert_eq!(packets(&mut track, b"x", &info, 16), theirs, "{count}");
    }
}

#[test]
fn livekits_sdk_reads_what_is_sent() {
    for (user_timestamp, is_encrypted) in VARIANTS {
        let (mut subscriber, mut track) = (Subscriber::new(is_encrypted), Packetizer::new(TRACK));
        let info = info(7, user_timestamp, is_encrypted);
        for (len, capacity) in [(1, 41), (100, 41), (5_000, 100), (5_000, 1_200), (5_000, 20_000)] {
            let payload = content(len);
            let sent = if is_encrypted { sealed(&payload) } else { payload.clone() };
            let sent = packets(&mut track, &sent, &info, capacity);
            assert!(sent.iter().all(|packet| packet.len() <= capacity));
            let mut received = sent.iter().flat_map(|packet| subscriber.receive(packet));
            assert_eq!(received.next(), Some((payload, user_timestamp)));
            assert_eq!(received.next(), None);
        }
    }
}

#[test]
fn what_livekits_sdk_sends_is_read() {
    for (user_timestamp, is_encrypted) in VARIANTS {
        let (mut publisher, mut device) = (Publisher::new(is_encrypted), Device::default());
        for payload in LENS.map(content) {
            let sent = publisher.packets(&payload, user_timestamp);
            let timestamp = sent.first().map_or(0, |packet| read(packet).info.timestamp);
            let received: Vec<_> =
                sent.iter().filter_map(|packet| device.receive(packet)).collect();
            let payload = if is_encrypted { sealed(&payload) } else { payload };
            let info = info(timestamp, user_timestamp, is_encrypted);
            let expected = if payload.is_empty() { vec![] } else { vec![(payload, info)] };
            assert!(received == expected);
        }
        assert_eq!(device.frames.dropped(), Dropped { frames: 0, packets: 0 });
    }
}

#[test]
fn what_is_no_packet_is_an_error_that_says_so() {
    let mut buf = [0; 64];
    let packet = Packet {
        handle: TRACK,
        sequence: 1,
        frame: 2,
        is_start: true,
        is_final: true,
        info: info(3, Some(4), true),
        payload: b"21.5",
    };
    let written = packet.write(&mut buf).expect("it fits").to_vec();
    assert_eq!((written.len(), read(&written)), (44, packet));
    for len in 0..40 {
        let needed = if len < 12 {
            12
        } else if len < 14 {
            16
        } else {
            40
        };
        let error = TrackError::Truncated { needed, len };
        assert_eq!(Packet::read(&written[..len]), Err(error));
        let error = SendError::BufferTooSmall { needed: 44, available: len };
        assert_eq!(packet.write(&mut [0; 64][..len]), Err(error));
    }
    assert_eq!(read(&written[..40]).payload, b"");
    let changed = |at: usize, byte: u8| {
        let mut packet = written.clone();
        packet[at] = byte;
        Packet::read(&packet).map(|packet| packet.info).map_err(|error| error.to_string())
    };
    for version in 1..8 {
        let expected = format!("the packet has version {version}, which is not supported");
        assert_eq!(changed(0, written[0] | version << 5), Err(expected));
    }
    assert_eq!(changed(3, 0), Err("the packet has the handle 0, which no track has".into()));
    // Reserved bits say nothing.
    assert_eq!(changed(0, written[0] | 3), Ok(packet.info));
    assert_eq!(changed(1, 0xff), Ok(packet.info));
    // An extension that is longer than the rest.
    let long = "extension 2 of the packet is longer than all extensions";
    assert_eq!(changed(30, 10), Err(long.into()));
    // Of a longer one the end is skipped; one of another id, or a shorter one, is.
    assert_eq!(changed(30, 9), Ok(packet.info));
    let without = FrameInfo { user_timestamp: None, ..packet.info };
    assert_eq!((changed(29, 255), changed(30, 7)), (Ok(without), Ok(without)));
}

#[test]
fn padding_is_a_byte_anywhere_between_extensions() {
    // 8 bytes of a user timestamp after one byte, and after two; the format allows both.
    for padding in [1, 2] {
        let mut packet = vec![0x1c, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3];
        packet.resize(packet.len() + padding, 0);
        packet.extend([2, 8, 0, 0, 0, 0, 0, 0, 0, 42]);
        packet.resize(12 + 16, 0);
        assert_eq!(read(&packet).info.user_timestamp, Some(42), "{padding}");
    }
}

#[test]
fn content_is_put_where_it_is_sent_from() {
    let (payload, info) = (content(3_000), info(7, None, true));
    let expected = packets(&mut Packetizer::new(TRACK), &payload, &info, 1_000);
    let mut track = Packetizer::new(TRACK);
    let mut frame = track.begin(payload.len(), &info);
    let (mut at, mut made, mut buf) = (0, Vec::new(), [0; 1_000]);
    let mut fill = |space: &mut [u8]| {
        space.copy_from_slice(&payload[at..][..space.len()]);
        at += space.len();
    };
    while let Some(packet) = frame.write_in_place(&mut buf, &mut fill).expect("it fits") {
        made.push(packet.to_vec());
    }
    assert_eq!(made, expected);
}

#[test]
fn a_frame_may_be_written_in_parts() {
    let (payload, info) = (content(1_000), info(7, None, false));
    let (mut track, mut device) = (Packetizer::new(TRACK), Device::default());
    let (mut frame, mut buf, mut received) = (track.begin(1_000, &info), [0; 200], None);
    for mut part in payload.chunks(300) {
        while let Some(packet) = frame.write(&mut part, &mut buf).expect("it fits") {
            assert_eq!(received, None);
            received = device.receive(packet);
        }
    }
    assert_eq!(received, Some((payload, info)));
    // What is more than the frame is left.
    let mut more = &b"more"[..];
    assert_eq!((frame.write(&mut more, &mut buf), more), (Ok(None), &b"more"[..]));
}

#[test]
fn what_receivers_do_not_take_is_not_made() {
    let mut track = Packetizer::new(TRACK);
    let info = info(7, None, false);
    let mut buf = [0; 112];
    // 100 bytes of content a packet.
    let mut frame = track.begin(12_801, &info);
    let payload = content(12_801);
    let error = SendError::TooLong { field: "frame", len: 12_801, max: 12_800 };
    assert_eq!(frame.write(&mut &payload[..], &mut buf), Err(error));
    for available in 0..13 {
        let mut frame = track.begin(1, &info);
        let error = SendError::BufferTooSmall { needed: 13, available };
        assert_eq!(frame.write(&mut &b"x"[..], &mut buf[..available]), Err(error));
    }
    // As many as are allowed are received.
    let (mut subscriber, mut device) = (Subscriber::new(false), Device::default());
    let sent = packets(&mut track, &payload[1..], &info, 112);
    assert_eq!((sent.len(), read(&sent[0]).sequence), (MAX_FRAME_PACKETS, 0));
    let theirs: Vec<_> = sent.iter().flat_map(|packet| subscriber.receive(packet)).collect();
    assert_eq!(theirs, [(payload[1..].to_vec(), None)]);
    let ours: Vec<_> = sent.iter().filter_map(|packet| device.receive(packet)).collect();
    assert_eq!(ours, [(payload[1..].to_vec(), info)]);
}

#[test]
fn logs_of_tracks_show_lengths_and_no_content() {
    let sent = packets(&mut Packetizer::new(TRACK), b"secret", &info(0, None, true), 100);
    let packet = read(&sent[0]);
    let text = format!("{packet:?} {:?}", Depacketizer::new().receive(&packet));
    assert!(text.matches("<6 bytes>").count() == 2 && text.contains("key_index: 5"), "{text}");
    assert!(!text.contains("secret") && !text.contains("115"), "{text}");
}
