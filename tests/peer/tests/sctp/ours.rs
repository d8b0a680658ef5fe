//! An end that is ours.

use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::sctp::{
    Association, Config, Cursor, Delivery, Error, Event, SendError, Slot,
};

use crate::network::End;

pub struct Ours {
    pub association: Association<'static>,
    /// What the clock showed when time began.
    pub clock: u64,
    messages: Vec<(u16, Vec<u8>)>,
    pub connections: u32,
    pub restarts: u32,
    pub writable: u32,
    pub skipped: Vec<(u16, usize)>,
    pub resets: Vec<u16>,
    pub end: Option<Error>,
}

/// What an end is given.
#[derive(Clone, Copy)]
pub struct Setup {
    pub tx: usize,
    pub rx: usize,
    pub slots: usize,
    pub clock: u64,
    /// The first TSN, if it matters.
    pub tsn: Option<u32>,
    pub seed: u64,
    pub config: Config,
}

pub const DEVICE: Setup = Setup {
    tx: 4096,
    rx: 4096,
    slots: 4,
    clock: 1_000_000,
    tsn: None,
    seed: 1,
    config: Config::DEFAULT,
};

impl Ours {
    fn new(setup: &Setup) -> Self {
        let leak = |len| Box::leak(vec![0; len].into_boxed_slice());
        let slots = Box::leak(vec![Slot::new(); setup.slots].into_boxed_slice());
        Self {
            association: Association::new(leak(setup.tx), leak(setup.rx), slots),
            clock: setup.clock,
            messages: vec![],
            connections: 0,
            restarts: 0,
            writable: 0,
            skipped: vec![],
            resets: vec![],
            end: None,
        }
    }

    pub fn responder(setup: &Setup) -> Self {
        let mut ours = Self::new(setup);
        ours.association.start(&mut RustCrypto::new(randomness(setup)), &setup.config);
        ours
    }

    pub fn initiator(setup: &Setup) -> Self {
        let mut ours = Self::new(setup);
        ours.association.connect(&mut RustCrypto::new(randomness(setup)), &setup.config);
        ours
    }

    pub fn try_send(
        &mut self,
        stream: u16,
        delivery: Delivery,
        message: &[u8],
        now: u64,
    ) -> Result<(), SendError> {
        // In two parts, as a caller with a head and a body has them.
        let (head, body) = message.split_at(message.len() / 3);
        self.association.send(stream, 53, delivery, &[head, body], self.clock + now)
    }
}

/// The association asks for 8 random bytes, of which the last four are its first TSN.
fn randomness(setup: &Setup) -> impl FnMut(&mut [u8]) {
    let mut rng = fastrand::Rng::with_seed(setup.seed);
    let tsn = setup.tsn;
    move |bytes| {
        rng.fill(bytes);
        if let Some(tsn) = tsn {
            *bytes.last_chunk_mut().unwrap() = tsn.to_be_bytes();
        }
    }
}

fn tell(event: Event, messages: &mut Vec<(u16, Vec<u8>)>) -> Option<Event<'static>> {
    match event {
        Event::Message { stream, data, .. } => {
            messages.push((stream, data.to_vec()));
            None
        }
        Event::Part { stream, offset: 0, data, is_last: false, .. } => {
            messages.push((stream, data.to_vec()));
            None
        }
        Event::Part { stream, offset, data, .. } => {
            let (begun, message) = messages.last_mut().expect("a part before it");
            assert_eq!((*begun, message.len()), (stream, offset), "parts in order, without a gap");
            message.extend(data);
            None
        }
        Event::Connected => Some(Event::Connected),
        Event::Restarted => Some(Event::Restarted),
        Event::Writable => Some(Event::Writable),
        Event::AllStreamsReset => Some(Event::AllStreamsReset),
        Event::Skipped { stream, len } => Some(Event::Skipped { stream, len }),
        Event::StreamReset { stream } => Some(Event::StreamReset { stream }),
        Event::Closed(error) => Some(Event::Closed(error)),
    }
}

impl Ours {
    fn note(&mut self, event: Option<Event<'static>>) {
        match event {
            Some(Event::Connected) => self.connections += 1,
            Some(Event::Restarted) => self.restarts += 1,
            Some(Event::Writable) => self.writable += 1,
            Some(Event::AllStreamsReset) => self.resets.push(u16::MAX),
            Some(Event::Skipped { stream, len }) => self.skipped.push((stream, len)),
            Some(Event::StreamReset { stream }) => self.resets.push(stream),
            Some(Event::Closed(error)) => {
                assert_eq!(self.end, None, "it ended twice");
                self.end = Some(error);
            }
            Some(Event::Message { .. } | Event::Part { .. }) | None => {}
        }
    }
}

impl End for Ours {
    fn input(&mut self, packet: &[u8], now: u64) {
        let mut cursor = Cursor::new();
        while let Some(event) = self.association.input(packet, &mut cursor, self.clock + now) {
            let event = tell(event, &mut self.messages);
            self.note(event);
        }
    }

    fn output(&mut self, now: u64) -> Option<Vec<u8>> {
        let mut packet = [0; 1163];
        let len = self.association.poll(self.clock + now, &mut packet);
        if len.is_none() {
            assert_ne!(self.association.poll_in(self.clock + now), Some(0), "nothing was due");
        }
        while let Some(event) = self.association.event() {
            let event = tell(event, &mut self.messages);
            self.note(event);
        }
        len.map(|len| packet[..len].to_vec())
    }

    fn due(&mut self, now: u64) -> Option<u64> {
        Some(now + u64::from(self.association.poll_in(self.clock + now)?))
    }

    fn connected(&self) -> bool {
        self.connections > 0
    }

    fn closed(&self) -> bool {
        self.end.is_some()
    }

    fn send(&mut self, stream: u16, delivery: Delivery, message: &[u8], now: u64) -> bool {
        match self.try_send(stream, delivery, message, now) {
            Ok(()) => true,
            Err(SendError::Full { .. }) => false,
            Err(error) => panic!("{error}"),
        }
    }

    fn received(&mut self) -> Vec<(u16, Vec<u8>)> {
        std::mem::take(&mut self.messages)
    }

    fn busy(&mut self) -> bool {
        false
    }
}
