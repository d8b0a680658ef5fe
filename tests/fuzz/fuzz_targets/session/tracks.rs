//! A data track: what was written is read again, and a complete frame has no hole.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_micro::data::track::{Depacketizer, Encryption, FrameInfo, Packet};

/// What is known of the current frame: where its parts were put, and how they end.
#[derive(Default)]
pub struct Track {
    frames: Depacketizer,
    number: Option<u16>,
    filled: Vec<(u32, u32)>,
}

impl Track {
    pub fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        let len = input.choose_index(80)?.min(input.len());
        let mut bytes = input.bytes(len)?.to_vec();
        if input.arbitrary()? {
            // A packet of a frame that is there.
            let flags = input.int_in_range(0..=3)? << 3;
            let (sequence, frame) = (input.int_in_range(0..=7)?, input.int_in_range(0..=2)?);
            let head = [flags, 0, 0, 1, 0, sequence, 0, frame, 0, 0, 0, 0];
            let payload = vec![sequence; if input.ratio(1, 8)? { 3 } else { 10 }];
            bytes = [&head[..], &payload].concat();
        }
        let Ok(packet) = Packet::read(&bytes) else { return Ok(()) };
        check(&packet);
        let Some(part) = self.frames.receive(&packet) else { return Ok(()) };
        if packet.is_start {
            (self.number, self.filled) = (Some(packet.frame), Vec::new());
        }
        assert_eq!(self.number, Some(part.frame));
        let mut buf = [0; 2_000];
        let is_complete = part.put(&mut buf).expect("it fits").is_some();
        let end = part.offset + part.content.len() as u32;
        // Nothing is put over what is there.
        assert!(self.filled.iter().all(|(a, b)| part.offset >= *b || end <= *a));
        self.filled.push((part.offset, end));
        if is_complete {
            let sum: u32 = self.filled.iter().map(|(a, b)| b - a).sum();
            assert_eq!(sum, end);
            self.number = None;
        }
        Ok(())
    }
}

/// A packet that was read is written again, and read to the same.
fn check(packet: &Packet<'_>) {
    let mut buf = [0; 128];
    let written = packet.write(&mut buf).expect("it fits");
    assert_eq!(Packet::read(written), Ok(*packet));
    let info = FrameInfo { encryption: None::<Encryption>, ..packet.info };
    let plain = Packet { info, ..*packet };
    assert!(plain.write(&mut [0; 128]).expect("it fits").len() <= written.len());
}
