//! Channels of a device with 4 KB for sending, 4 KB for receiving and 4 slots.

use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::channel::{Channels, Event, Role};
use livekit_micro_peer::sctp::{Config, Cursor, Delivery, Error, Slot};

pub struct Device {
    pub channels: Channels<'static, 4>,
    pub seen: Vec<Seen>,
}

/// An event that owns its bytes.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Connected,
    Opened { channel: u16, label: String, delivery: Delivery, by_peer: bool },
    Message { channel: u16, is_text: bool, data: Vec<u8> },
    Skipped { channel: u16, len: usize },
    Writable,
    Closed { channel: u16 },
    Ended(Error),
}

impl From<Event<'_>> for Seen {
    fn from(event: Event) -> Self {
        match event {
            Event::Connected => Self::Connected,
            Event::Opened { channel, label, delivery, by_peer } => {
                Self::Opened { channel, label: label.into(), delivery, by_peer }
            }
            Event::Message { channel, is_text, data } => {
                Self::Message { channel, is_text, data: data.into() }
            }
            Event::Part { .. } => unreachable!("no test asks channels for parts"),
            Event::Skipped { channel, len } => Self::Skipped { channel, len },
            Event::Writable => Self::Writable,
            Event::Closed { channel } => Self::Closed { channel },
            Event::Ended(error) => Self::Ended(error),
        }
    }
}

impl Device {
    pub fn new(role: Role, initiates: bool) -> Self {
        Self::with_slots(role, initiates, 4096, 4)
    }

    pub fn with_slots(role: Role, initiates: bool, buffer: usize, slots: usize) -> Self {
        let leak = |len| Box::leak(vec![0; len].into_boxed_slice());
        let slots = Box::leak(vec![Slot::new(); slots].into_boxed_slice());
        let mut channels = Channels::new(leak(buffer), leak(buffer), slots);
        let mut crypto = RustCrypto::new(|bytes: &mut [u8]| fastrand::fill(bytes));
        if initiates {
            channels.connect(&mut crypto, &Config::DEFAULT, role);
        } else {
            channels.start(&mut crypto, &Config::DEFAULT, role);
        }
        Self { channels, seen: vec![] }
    }

    pub fn input(&mut self, packet: &[u8], now: u64) {
        let mut cursor = Cursor::new();
        while let Some(event) = self.channels.input(packet, &mut cursor, now) {
            self.seen.push(event.into());
        }
    }

    pub fn output(&mut self, now: u64) -> Option<Vec<u8>> {
        let mut packet = [0; 1163];
        let len = self.channels.poll(now, &mut packet);
        while let Some(event) = self.channels.event(now) {
            self.seen.push(event.into());
        }
        len.map(|len| packet[..len].to_vec())
    }

    /// Whether this was seen, which is forgotten then.
    pub fn saw(&mut self, seen: &Seen) -> bool {
        let found = self.seen.iter().position(|one| one == seen);
        found.map(|index| self.seen.remove(index)).is_some()
    }
}

pub fn opened(channel: u16, label: &str, delivery: Delivery, by_peer: bool) -> Seen {
    Seen::Opened { channel, label: label.into(), delivery, by_peer }
}

pub fn message(channel: u16, is_text: bool, data: &[u8]) -> Seen {
    Seen::Message { channel, is_text, data: data.into() }
}
