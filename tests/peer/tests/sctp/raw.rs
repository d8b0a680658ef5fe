//! A peer that is written by hand, packet by packet, and says what a test wants it to say.

pub use peer_tests::packet::{chunk, crc32c, packet};

use crate::network::End;
use crate::ours::{DEVICE, Ours};

/// Ours, and what the peer knows of it.
pub struct Raw {
    pub ours: Ours,
    /// The tag that ours expects.
    pub tag: u32,
    /// The first TSN of ours.
    pub ours_tsn: u32,
    pub cookie: Vec<u8>,
    pub now: u64,
}

/// The peer's own tag and first TSN.
pub const TAG: u32 = 0x1122_3344;
pub const TSN: u32 = 1000;

#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    pub kind: u8,
    pub flags: u8,
    pub body: Vec<u8>,
}

impl Raw {
    /// Before the handshake.
    pub fn listening() -> Self {
        let ours = Ours::responder(&DEVICE);
        Self { ours, tag: 0, ours_tsn: 0, cookie: vec![], now: 0 }
    }

    /// After the handshake.
    pub fn connected() -> Self {
        let mut raw = Self::listening();
        let replies = raw.send_with(0, &[init(TAG)]);
        raw.learn(&replies);
        let echo = chunk(10, 0, &raw.cookie);
        let replies = raw.send(&[echo]);
        assert_eq!(replies, [Chunk { kind: 11, flags: 0, body: vec![] }]);
        assert_eq!(raw.ours.connections, 1);
        raw
    }

    /// Reads the INIT ACK.
    pub fn learn(&mut self, replies: &[Chunk]) {
        let [ack] = replies else { panic!("{replies:?}") };
        assert_eq!(ack.kind, 2);
        self.tag = number(&ack.body, 0);
        self.ours_tsn = number(&ack.body, 12);
        self.cookie = parameter(&ack.body[16..], 7).unwrap();
    }

    /// Sends a packet, and returns the chunks that come back.
    pub fn send(&mut self, chunks: &[Vec<u8>]) -> Vec<Chunk> {
        self.send_with(self.tag, chunks)
    }

    pub fn send_with(&mut self, tag: u32, chunks: &[Vec<u8>]) -> Vec<Chunk> {
        self.send_packet(&packet(tag, &chunks.concat()))
    }

    pub fn send_packet(&mut self, packet: &[u8]) -> Vec<Chunk> {
        self.ours.input(packet, self.now);
        self.replies()
    }

    /// What ours sends now.
    pub fn replies(&mut self) -> Vec<Chunk> {
        let mut chunks = vec![];
        while let Some(packet) = self.ours.output(self.now) {
            assert!(packet.len() <= 1163);
            assert_eq!(packet, self::packet(number(&packet, 4), &packet[12..]), "the checksum");
            let mut rest = &packet[12..];
            while !rest.is_empty() {
                let len = usize::from(u16::from_be_bytes([rest[2], rest[3]]));
                chunks.push(Chunk { kind: rest[0], flags: rest[1], body: rest[4..len].to_vec() });
                rest = &rest[len.next_multiple_of(4)..];
            }
        }
        chunks
    }

    /// A message in one chunk still arrives, and is acknowledged up to its TSN.
    pub fn still_works(&mut self, tsn: u32) {
        self.ours.received();
        let mut replies = self.send(&[data(tsn, 3, b"still", 3)]);
        self.now += 200;
        replies.extend(self.replies());
        assert_eq!(self.ours.received(), [(3, b"still".to_vec())]);
        let sack = replies.iter().find(|chunk| chunk.kind == 3).expect("a SACK");
        assert_eq!(number(&sack.body, 0), tsn);
    }
}

pub fn init(tag: u32) -> Vec<u8> {
    init_with(tag, &[])
}

/// Without any extension.
pub fn plain_init() -> Vec<u8> {
    init(TAG)[..20].iter().enumerate().map(|(at, byte)| if at == 3 { 20 } else { *byte }).collect()
}

pub fn init_with(tag: u32, parameters: &[u8]) -> Vec<u8> {
    let numbers = [tag, 100_000, 0xffff_ffff, TSN];
    let mut body: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
    body.extend([0xc0, 0, 0, 4, 0x80, 8, 0, 6, 130, 192, 0, 0]);
    body.extend(parameters);
    chunk(1, 0, &body)
}

/// DATA; `flags`: E 1, B 2, U 4.
pub fn data(tsn: u32, stream: u16, bytes: &[u8], flags: u8) -> Vec<u8> {
    let mut body = tsn.to_be_bytes().to_vec();
    body.extend(stream.to_be_bytes());
    body.extend([0, 0, 0, 0, 0, 53]);
    body.extend(bytes);
    chunk(0, flags, &body)
}

pub fn sack(cumulative: u32, window: u32, blocks: &[(u16, u16)]) -> Vec<u8> {
    let mut body = [cumulative, window].map(u32::to_be_bytes).concat();
    body.extend((blocks.len() as u16).to_be_bytes());
    body.extend([0, 0]);
    for (first, last) in blocks {
        body.extend([first.to_be_bytes(), last.to_be_bytes()].concat());
    }
    chunk(3, 0, &body)
}

pub fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(*bytes[at..].first_chunk().unwrap())
}

/// The value of a parameter.
pub fn parameter(mut parameters: &[u8], wanted: u16) -> Option<Vec<u8>> {
    while parameters.len() >= 4 {
        let kind = u16::from_be_bytes([parameters[0], parameters[1]]);
        let len = usize::from(u16::from_be_bytes([parameters[2], parameters[3]]));
        if kind == wanted {
            return Some(parameters[4..len].to_vec());
        }
        parameters = parameters.get(len.next_multiple_of(4)..).unwrap_or(&[]);
    }
    None
}
