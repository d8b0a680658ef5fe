//! A peer that knows the tag, and lies: about windows, gaps, TSNs, streams, lengths.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_micro_peer::sctp::{Association, Config, Cursor, Delivery, Event, Slot};
use support::peer::chunks::{Known, any, bytes};
use support::peer::fake::Fake;
use support::peer::packet::{chunk, packet};

pub fn run(input: &mut Unstructured) {
    let (mut send, mut receive) = ([0; BUFFER], [0; 300]);
    let mut slots = [const { Slot::new() }; 2];
    let mut lab = Lab {
        association: Association::new(&mut send, &mut receive, &mut slots),
        known: Known { tsn: 1000, ..Known::default() },
        cookie: Vec::new(),
        now_ms: (1 << 32) - 2_000,
        is_ended: false,
        sent: 0,
    };
    let config = Config { packet: 200, ..Config::DEFAULT };
    match input.arbitrary() {
        Ok(true) => lab.association.connect(&mut Fake(1), &config),
        _ => lab.association.start(&mut Fake(1), &config),
    }
    lab.poll();
    if input.ratio(7, 8).unwrap_or(true) {
        lab.handshake();
    }
    while !input.is_empty() && lab.step(input).is_ok() {}
    lab.finish();
}

const BUFFER: usize = 800;
const TAG: u32 = 0x1122_3344;

struct Lab<'a> {
    association: Association<'a, 2>,
    known: Known,
    cookie: Vec<u8>,
    now_ms: u64,
    is_ended: bool,
    /// Packets since time last went on.
    sent: u32,
}

impl Lab<'_> {
    fn handshake(&mut self) {
        let mut body = [TAG, 100_000, 0x0005_0005, 1000].map(u32::to_be_bytes).concat();
        body.extend([0xc0, 0, 0, 4, 0x80, 8, 0, 6, 130, 192, 0, 0]);
        self.receive(&packet(0, &chunk(1, 0, &body)));
        let cookie = chunk(10, 0, &self.cookie);
        self.receive(&packet(self.known.tag, &cookie));
    }

    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=7)? {
            0..=4 => {
                let mut chunks = Vec::new();
                for _ in 0..input.int_in_range(1..=3)? {
                    chunks.extend(any(input, &self.known)?);
                }
                if input.ratio(1, 16)? {
                    chunks.truncate(input.choose_index(chunks.len())?);
                }
                let tags = [self.known.tag, self.known.tag, self.known.tag, 0, TAG];
                self.receive(&packet(*input.choose(&tags)?, &chunks));
            }
            5 => {
                let (stream, unordered) = (input.int_in_range(0..=4)?, input.arbitrary()?);
                let delivery = Delivery { unordered, ..Delivery::LOSSY };
                let delivery = if input.arbitrary()? { Delivery::RELIABLE } else { delivery };
                let message = bytes(input)?;
                let sent = self.association.send(stream, 53, delivery, &[&message], self.now_ms);
                assert!(sent.is_err() || self.association.is_connected());
            }
            6 => self.pass(input.int_in_range(1..=12_000u16)?.into()),
            _ => match input.int_in_range(0..=7)? {
                0 => self.association.close(),
                1 if input.ratio(1, 4)? => self.association.abort(),
                2 => self.receive(&bytes(input)?),
                3 => self.receive(&packet(self.known.tag, &chunk(10, 0, &self.cookie.clone()))),
                _ => _ = self.association.reset_stream(input.int_in_range(0..=4)?),
            },
        }
        self.poll();
        Ok(())
    }

    fn pass(&mut self, ms: u32) {
        self.now_ms += u64::from(ms);
        self.sent = 0;
    }

    fn receive(&mut self, packet: &[u8]) {
        let mut cursor = Cursor::new();
        let mut count = 0;
        while let Some(event) = self.association.input(packet, &mut cursor, self.now_ms) {
            assert!(!self.is_ended, "nothing follows the end");
            match event {
                Event::Closed(error) => {
                    assert!(!error.to_string().is_empty());
                    self.is_ended = true;
                }
                Event::Message { data, .. } => assert!(!data.is_empty() && data.len() <= 2_000),
                Event::Skipped { len, .. } => assert!(len > 300),
                _ => {}
            }
            count += 1;
            // Chunks of the packet, those in slots, streams of a request.
            assert!(count < 4 + packet.len(), "events without end");
        }
        self.poll();
    }

    fn poll(&mut self) {
        let mut out = [0; 200];
        while let Some(len) = self.association.poll(self.now_ms, &mut out) {
            self.learn(&out[..len]);
            self.sent += 1;
            // An answer to each packet, and what the buffer holds.
            assert!(self.sent < 2_000, "packets without end");
        }
        assert_ne!(self.association.poll_in(self.now_ms), Some(0));
        let waiting: usize = (0..=4).map(|stream| self.association.unacknowledged(stream)).sum();
        assert!(waiting + self.association.free() <= BUFFER, "{waiting}");
        assert!(!self.is_ended || !self.association.is_connected());
    }

    /// What the peer sees of the other end's numbers.
    fn learn(&mut self, packet: &[u8]) {
        let number = |at: usize| Some(u32::from_be_bytes(*packet.get(at..)?.first_chunk()?));
        match packet[12] {
            // INIT, INIT ACK.
            1 | 2 => {
                self.known.tag = number(16).expect("a tag");
                self.known.theirs = number(28).expect("a TSN");
                let cookie = packet.windows(4).position(|head| head == [0, 7, 0, 36]);
                self.cookie = cookie.map_or(vec![], |at| packet[at + 4..][..32].to_vec());
            }
            3 => self.known.tsn = number(16).expect("a TSN").wrapping_add(1),
            0 => self.known.theirs = number(16).expect("a TSN"),
            _ => {}
        }
    }

    /// A peer that is silent from now on is found out.
    fn finish(&mut self) {
        let limit = self.now_ms + 900_000;
        while self.now_ms < limit {
            self.receive(&[]);
            let Some(ms) = self.association.poll_in(self.now_ms) else { break };
            self.pass(ms);
            self.poll();
        }
        // Only one that waits for a peer has nothing to do and is not over.
        if self.association.is_connected() {
            panic!("it goes on without a peer");
        }
    }
}
