//! Any bytes on a line, frames with any head, and a device and a bridge over a line with faults: each packet once and in
//! order, and after a line that is good again everything arrives.
#![no_main]

use std::collections::VecDeque;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use livekit_micro::data::{Channel, Data, Session};
use livekit_micro::link::{
    Bridge, BridgeEvent, BridgeMemory, Event, JoinConfig, Link, MAX_FRAME_BYTES, Memory, State,
};

const ID: u32 = 0x0102_0304;
const DEVICE_BYTES: usize = 600;

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let mut memory = [vec![0; DEVICE_BYTES], vec![0; DEVICE_BYTES], vec![0; DEVICE_BYTES]];
    let mut other = [vec![0; 2_000], vec![0; 8_000]];
    let ([receive, send, frame], [received, sent]) = (&mut memory, &mut other);
    let link = Link::new(Session::new(), Memory { receive, send, frame });
    let bridge = Bridge::new(BridgeMemory { receive: received, send: sent });
    let mut lab = Lab::new(link, bridge);
    // Input that ends early has no more steps, which is no failure.
    while !input.is_empty() && lab.step(&mut input).is_ok() {}
    lab.finish();
});

struct Lab<'a> {
    link: Link<'a, Session>,
    bridge: Bridge<'a>,
    now_ms: u64,
    up: VecDeque<u8>,
    down: VecDeque<u8>,
    /// Frames that nobody sent were injected, with a checksum: nothing but the absence of a panic is expected.
    is_forged: bool,
    /// Numbers of the last packet sent and received, of the present connection.
    sent: (u32, u32),
    received: (u32, u32),
    is_joined: bool,
    /// The line was silent for so long that the device joined anew: what was on the way is lost.
    was_cut: bool,
}

impl<'a> Lab<'a> {
    fn new(mut link: Link<'a, Session>, bridge: Bridge<'a>) -> Self {
        let config = JoinConfig { token: "token", window: 300, longest_packet: 0, random: ID };
        link.join(config, 0).expect("it fits");
        Self {
            link,
            bridge,
            now_ms: 0,
            up: VecDeque::new(),
            down: VecDeque::new(),
            is_forged: false,
            sent: (0, 0),
            received: (0, 0),
            is_joined: false,
            was_cut: false,
        }
    }

    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=9)? {
            0 | 1 => self.publish(usize::from(input.arbitrary::<u16>()?) % 500),
            2 | 3 => self.forward(usize::from(input.arbitrary::<u16>()?) % 500),
            4 => self.now_ms += u64::from(input.arbitrary::<u16>()?),
            5 => self.inject(input)?,
            6 => self.forge(input)?,
            7 => self.fault(input)?,
            8 => {
                self.bridge.set_window(input.int_in_range(0..=4_000)?);
                self.link.set_window(input.int_in_range(0..=1_000)?);
            }
            _ => self.carry(),
        }
        Ok(())
    }

    fn publish(&mut self, len: usize) {
        let mut payload = (self.sent.0 + 1).to_le_bytes().to_vec();
        payload.resize(len.max(4), 7);
        let data = Data { payload: &payload, ..Data::default() };
        if self.link.publish_data(&data).is_ok() {
            self.sent.0 += 1;
        }
    }

    fn forward(&mut self, len: usize) {
        let mut payload = (self.sent.1 + 1).to_le_bytes().to_vec();
        payload.resize(len.max(4), 7);
        let mut buf = [0; 1_000];
        // Of a server: without a number, so that the device does not look for duplicates.
        let data = Data { payload: &payload, ..Data::default() };
        let packet = Session::<(), (), (), ()>::new()
            .publish_lossy_data(&data, &mut buf)
            .expect("it fits")
            .to_vec();
        if self.is_joined && self.bridge.forward(Channel::Reliable, &packet) {
            self.sent.1 += 1;
        }
    }

    /// Bytes from nowhere.
    fn inject(&mut self, input: &mut Unstructured) -> Result<()> {
        let len = input.int_in_range(0..=300)?.min(input.len());
        let wire = if input.arbitrary()? { &mut self.up } else { &mut self.down };
        wire.extend(input.bytes(len)?);
        Ok(())
    }

    /// A frame with a valid checksum, which no end has sent.
    fn forge(&mut self, input: &mut Unstructured) -> Result<()> {
        let mut body = vec![input.int_in_range(0..=7)?];
        let id = ID + u32::from(input.ratio(1, 4)?);
        body.extend(id.to_le_bytes());
        for _ in 0..3 {
            body.extend(input.arbitrary::<u16>()?.to_le_bytes());
        }
        let len = input.int_in_range(0..=239)?.min(input.len());
        body.extend(input.bytes(len)?);
        body.extend(crc32fast::hash(&body).to_le_bytes());
        let wire = if input.arbitrary()? { &mut self.up } else { &mut self.down };
        let runs = body.split(|byte| *byte == 0);
        wire.extend(runs.flat_map(|run| [&[run.len() as u8 + 1], run].concat()));
        wire.push_back(0);
        self.is_forged = true;
        Ok(())
    }

    /// A byte on the way is lost, garbled or doubled.
    fn fault(&mut self, input: &mut Unstructured) -> Result<()> {
        let wire = if input.arbitrary()? { &mut self.up } else { &mut self.down };
        if wire.is_empty() {
            return Ok(());
        }
        let at = input.choose_index(wire.len())?;
        match input.int_in_range(0..=2)? {
            0 => _ = wire.remove(at),
            1 => wire[at] ^= input.int_in_range(1..=255)?,
            _ => wire.insert(at, wire[at]),
        }
        Ok(())
    }

    /// Both ends speak, and hear what is on the way.
    fn carry(&mut self) {
        let mut out = [0; MAX_FRAME_BYTES];
        while let Some(bytes) = self.link.poll(self.now_ms, &mut out) {
            self.up.extend(bytes);
        }
        while let Some(bytes) = self.bridge.poll(self.now_ms, &mut out) {
            self.down.extend(bytes);
        }
        let (up, down): (Vec<u8>, Vec<u8>) =
            (self.up.drain(..).collect(), self.down.drain(..).collect());
        self.at_bridge(&up);
        self.at_device(&down);
    }

    fn at_bridge(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        let mut joins = false;
        loop {
            let event = match self.bridge.event() {
                Some(event) => event,
                None => match self.bridge.input(&mut rest, self.now_ms) {
                    Some(event) => event,
                    None => break,
                },
            };
            match event {
                BridgeEvent::Join(it) => {
                    assert!(self.is_forged || it.token == "token");
                    (self.sent.1, self.received) = (0, (self.received.0, 0));
                    (joins, self.is_joined) = (true, true);
                }
                BridgeEvent::Packet { packet, .. } if !self.is_forged => {
                    let number = number(packet);
                    assert!(number > self.received.0, "{number} after {}", self.received.0);
                    self.received.0 = number;
                }
                BridgeEvent::Closed => self.is_joined = false,
                _ => {}
            }
        }
        assert!(rest.is_empty());
        if joins {
            self.bridge.tell(State::Connected);
        }
    }

    fn at_device(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            // With `event` before the bytes, as firmware calls it.
            let event = match self.link.event(self.now_ms) {
                Some(event) => event,
                None => match self.link.input(&mut rest, self.now_ms) {
                    Some(event) => event,
                    None => break,
                },
            };
            self.was_cut |= matches!(event, Event::Reconnecting { .. });
            if let Event::Data(livekit_micro::data::Event::Data(data)) = event
                && !self.is_forged
            {
                let number = u32::from_le_bytes(*data.payload.first_chunk().expect("a number"));
                assert_eq!(number, self.received.1 + 1);
                self.received.1 = number;
            }
        }
        assert!(rest.is_empty());
    }

    /// Over a good line everything arrives, within a time.
    fn finish(&mut self) {
        if self.is_forged {
            return;
        }
        (self.up, self.down) = (VecDeque::new(), VecDeque::new());
        self.bridge.set_window(4_000);
        self.link.set_window(300);
        for _ in 0..2_000 {
            self.carry();
            let is_done = self.link.unacknowledged() == 0 && self.bridge.unacknowledged() == 0;
            let is_whole = self.was_cut || self.received == self.sent;
            if is_done && self.link.is_connected() && is_whole {
                return;
            }
            self.now_ms += 25;
        }
        panic!("sent {:?}, received {:?}", self.sent, self.received);
    }
}

/// The number of a packet of the device's.
fn number(packet: &[u8]) -> u32 {
    let mut number = 0;
    let mut reader = livekit_micro::Reader::new(packet);
    reader.fields(|r, tag| {
        if tag == livekit_micro::tags::data_packet::USER {
            r.fields(|r, tag| {
                if tag == livekit_micro::tags::user_packet::PAYLOAD {
                    number = u32::from_le_bytes(*r.bytes().first_chunk().expect("a number"));
                }
            });
        }
    });
    number
}
