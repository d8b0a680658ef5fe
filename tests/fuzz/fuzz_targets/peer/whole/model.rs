//! What events say, and that they do not contradict each other.

use std::collections::BTreeMap;

use livekit_micro_peer::Event;
use livekit_micro_peer::sctp::Delivery;

use support::peer::remote::Remote;

use crate::RECEIVE;

#[derive(Default)]
pub struct Model {
    channels: BTreeMap<u16, Channel>,
    pub is_connected: bool,
    pub is_blocked: bool,
    /// The peer was told to end.
    pub is_closing: bool,
    pub is_ended: bool,
    /// The other was out of reach.
    pub is_lost: bool,
}

struct Channel {
    label: String,
    delivery: Delivery,
    is_told: bool,
}

impl Model {
    /// Another connection.
    pub fn begin(&mut self) {
        *self = Self::default();
    }

    pub fn is_over(&self) -> bool {
        self.is_ended || self.is_closing
    }

    /// The peer opened a channel.
    pub fn opened(&mut self, channel: u16, label: &str, delivery: Delivery) {
        let opened = Channel { label: label.into(), delivery, is_told: false };
        assert!(self.channels.insert(channel, opened).is_none(), "its number is in use");
    }

    pub fn delivery(&self, channel: u16) -> Option<Delivery> {
        self.channels.get(&channel).map(|channel| channel.delivery)
    }

    pub fn is_told(&self, channel: u16) -> bool {
        self.channels.get(&channel).is_some_and(|channel| channel.is_told)
    }

    pub fn take(&mut self, event: &Event<'_>, remote: &mut Remote<'_>) {
        assert!(!self.is_ended, "{event:?} after the end");
        match *event {
            Event::Connected => {
                // Again only when the other began anew, with all channels closed.
                assert!(!self.is_connected || remote.is_lying && self.channels.is_empty());
                assert!(remote.is_connectable());
                self.is_connected = true;
            }
            Event::Opened { channel, label, delivery, by_peer: true } => {
                assert!(self.is_connected && channel % 2 == 1);
                self.opened(channel, label, delivery);
                self.channels.get_mut(&channel).expect("it is new").is_told = true;
            }
            Event::Opened { channel, label, delivery, by_peer: false } => {
                let channel = self.channels.get_mut(&channel).expect("the peer opened it");
                assert_eq!((channel.label.as_str(), channel.delivery), (label, delivery));
                assert!(!std::mem::replace(&mut channel.is_told, true), "it was told");
            }
            Event::Message { channel, data, .. } => {
                assert!(self.channels.contains_key(&channel), "no channel {channel}");
                remote.check(channel, data);
            }
            Event::Part { .. } => unreachable!("they are not asked for"),
            Event::Skipped { channel, len } => {
                assert!(self.channels.contains_key(&channel), "no channel {channel}");
                assert!(len > RECEIVE);
            }
            Event::Closed { channel } => {
                assert!(self.channels.remove(&channel).is_some(), "no channel {channel}");
            }
            Event::Writable => {
                assert!(std::mem::replace(&mut self.is_blocked, false), "nothing was refused");
            }
            Event::Disconnected | Event::Failed => self.is_lost = true,
            Event::Moved { .. } => {}
            Event::Ended(error) => {
                assert!(!error.to_string().is_empty());
                *self = Self { is_ended: true, ..Self::default() };
            }
        }
    }
}
