//! What events say, and that they do not contradict each other.

use std::collections::BTreeMap;

use livekit_micro::participant::Event;
use livekit_protocol::DataPacket;
use livekit_protocol::data_packet::Value;
use prost_reflect::prost::Message as _;

#[derive(Default)]
pub struct Model {
    stage: Stage,
    /// Payloads of user packets that were accepted and have not arrived, by their sequence numbers.
    pub sent: BTreeMap<u32, Vec<u8>>,
    /// The last number that arrived on this peer connection.
    last: u32,
    /// The server has counted wrongly, or packets were dropped: there are gaps.
    has_gaps: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Joining,
    Connected,
    Reconnecting,
    Over,
}

impl Model {
    pub fn joined(&mut self) {
        self.stage = Stage::Joining;
    }

    /// A peer connection of a new participant.
    pub fn begin(&mut self) {
        self.sent.clear();
        (self.last, self.has_gaps) = (0, false);
    }

    pub fn is_up(&self) -> bool {
        self.stage == Stage::Connected
    }

    pub fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    /// Something may be accepted.
    pub fn may_send(&self) -> bool {
        self.stage != Stage::Over
    }

    pub fn take(&mut self, event: &Event<'_>) {
        let next = match event {
            Event::Connected => {
                assert_eq!(self.stage, Stage::Joining, "connected again");
                Stage::Connected
            }
            Event::Reconnecting { error } => {
                assert_eq!(self.stage, Stage::Connected, "it was not connected");
                assert!(!error.to_string().is_empty());
                Stage::Reconnecting
            }
            Event::Reconnected { lost, .. } => {
                assert_eq!(self.stage, Stage::Reconnecting, "it was not told that it broke");
                self.has_gaps |= *lost > 0;
                Stage::Connected
            }
            Event::Disconnected { .. } => Stage::Over,
            _ => self.stage,
        };
        assert!(self.stage != Stage::Over, "an event after the end");
        self.stage = next;
    }

    /// The peer has received a message of the device's.
    pub fn arrived(&mut self, stream: u16, message: &[u8]) {
        let packet = DataPacket::decode(message).expect("a frame is whole");
        assert!(packet.value.is_some());
        if stream != 0 {
            assert_eq!((stream, packet.sequence), (2, 0));
            return;
        }
        // A repetition.
        if packet.sequence <= self.last {
            return;
        }
        assert!(self.has_gaps || packet.sequence == self.last + 1, "a packet is missing");
        self.last = packet.sequence;
        let sent = self.sent.remove(&packet.sequence);
        match packet.value {
            Some(Value::User(user)) => assert_eq!(Some(user.payload), sent, "another packet"),
            _ => assert_eq!(sent, None, "another packet"),
        }
        // What is before it was dropped.
        self.sent = self.sent.split_off(&packet.sequence);
    }
}
