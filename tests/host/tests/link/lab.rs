//! A device, a bridge, and the line between them, in simulated time.

use livekit_micro::data::{Channel, Data, Event as Room, Incoming, Rpc, Session, Topics};
use livekit_micro::link::{
    Bridge, BridgeEvent, BridgeMemory, Event, JoinConfig, Link, MAX_FRAME_BYTES, Memory, SendError,
    State,
};
use livekit_protocol::{self as theirs, data_packet::Value};
use prost_reflect::prost::Message as _;

use crate::wire::{Faults, Wire};

pub struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &["file"];
}

pub type Device = Session<Incoming<Wanted, 1>, Rpc<2>>;
pub const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJkZXZpY2UifQ.c2lnbmF0dXJl";
/// Just before a clock of 32 bits wraps.
const START_MS: u64 = u32::MAX as u64 - 5_000;

/// What the bridge was told, without what it borrows.
#[derive(Debug, Clone, PartialEq)]
pub enum Bridged {
    Join(String, usize),
    Packet(Channel, Vec<u8>),
    Leave,
    Closed,
    TooLong(usize),
}

/// What the device was told.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    State(String),
    Data(Vec<u8>),
    Dropped(u32, u32),
    Content(Vec<u8>),
    Other(String),
}

pub struct Lab {
    pub now_ms: u64,
    pub link: Link<'static, Device>,
    pub bridge: Bridge<'static>,
    pub up: Wire,
    pub down: Wire,
    pub bridged: Vec<Bridged>,
    pub told: Vec<Told>,
    joins: usize,
    /// How many bytes the bridge's caller has space for.
    pub window: usize,
}

pub struct Sizes {
    pub device_send: usize,
    pub device_receive: usize,
    pub bridge_send: usize,
    pub device_window: u16,
}

pub const SIZES: Sizes =
    Sizes { device_send: 2_048, device_receive: 1_024, bridge_send: 65_536, device_window: 512 };

fn memory(len: usize) -> &'static mut [u8] {
    vec![0; len].leak()
}

impl Lab {
    pub fn new(faults: Faults, seed: u64, sizes: &Sizes) -> Self {
        let memory_of_device = Memory {
            receive: memory(sizes.device_receive),
            send: memory(sizes.device_send),
            frame: memory(1_024),
        };
        let mut link = Link::new(Device::new(), memory_of_device);
        let config = JoinConfig {
            token: TOKEN,
            window: sizes.device_window,
            longest_packet: 0,
            random: seed as u32,
        };
        link.join(config, START_MS).expect("it fits");
        Self {
            now_ms: START_MS,
            link,
            bridge: bridge(sizes),
            up: Wire::new(faults, seed),
            down: Wire::new(faults, seed ^ 1),
            bridged: Vec::new(),
            told: Vec::new(),
            joins: 0,
            window: 4_096,
        }
    }

    /// A line without faults, on which the bridge has joined the room.
    pub fn connected(sizes: &Sizes) -> Self {
        let mut lab = Self::new(Faults::default(), 7, sizes);
        lab.join();
        lab
    }

    /// Lets the bridge join, and the device hear of it.
    pub fn join(&mut self) {
        let joins =
            |lab: &Self| lab.bridged.iter().filter(|it| matches!(it, Bridged::Join(..))).count();
        let before = self.joins;
        self.until(|lab| joins(lab) > before);
        self.joins += 1;
        assert!(self.bridge.tell(State::Connected));
        self.until(|lab| lab.link.is_connected());
    }

    /// A millisecond.
    pub fn step(&mut self) {
        self.now_ms += 1;
        let (now_ms, mut out) = (self.now_ms, [0; MAX_FRAME_BYTES]);
        self.bridge.set_window(self.window);
        while self.up.is_writable()
            && let Some(bytes) = self.link.poll(now_ms, &mut out)
        {
            self.up.write(bytes);
        }
        while self.down.is_writable()
            && let Some(bytes) = self.bridge.poll(now_ms, &mut out)
        {
            self.down.write(bytes);
        }
        while let Some(event) = self.link.event(now_ms) {
            self.told.push(told(event));
        }
        self.bridged.extend(self.bridge.event().map(bridged));
        let (up, down) = (self.up.read(), self.down.read());
        let mut rest = &up[..];
        while let Some(event) = self.bridge.input(&mut rest, now_ms) {
            self.bridged.push(bridged(event));
        }
        let mut rest = &down[..];
        while let Some(event) = self.link.input(&mut rest, now_ms) {
            self.told.push(told(event));
        }
    }

    /// Goes on until something is so, within 10 simulated minutes.
    pub fn until(&mut self, is_so: impl Fn(&Self) -> bool) {
        let end = self.now_ms + 600_000;
        while !is_so(self) {
            assert!(self.now_ms < end, "told {:?}, bridged {:?}", self.told, self.bridged);
            self.step();
        }
    }

    pub fn run_ms(&mut self, ms: u64) {
        (0..ms).for_each(|_| self.step());
    }

    /// Another bridge, which knows nothing.
    pub fn restart_bridge(&mut self) {
        self.bridge = bridge(&SIZES);
    }

    pub fn publish(&mut self, payload: &[u8]) -> Result<(), SendError> {
        self.link.publish_data(&Data { payload, ..Data::default() })
    }

    /// The payloads of the packets that the bridge was sent, in order.
    pub fn published(&self) -> Vec<Vec<u8>> {
        let packets = self.bridged.iter().filter_map(|it| match it {
            Bridged::Packet(_, packet) => Some(packet),
            _ => None,
        });
        packets.map(|packet| payload(packet)).collect()
    }

    /// The payloads of the packets that the device received, in order.
    pub fn received(&self) -> Vec<Vec<u8>> {
        let packets = self.told.iter().filter_map(|it| match it {
            Told::Data(payload) => Some(payload.clone()),
            _ => None,
        });
        packets.collect()
    }
}

fn bridge(sizes: &Sizes) -> Bridge<'static> {
    Bridge::new(BridgeMemory { receive: memory(65_536), send: memory(sizes.bridge_send) })
}

/// A packet of another participant, as the server passes it on: Go writes a oneof last.
pub fn packet(sequence: u32, value: Value) -> Vec<u8> {
    let packet = theirs::DataPacket {
        participant_identity: "operator".into(),
        participant_sid: "PA_operator".into(),
        sequence,
        ..Default::default()
    };
    let value = theirs::DataPacket { value: Some(value), ..Default::default() };
    [packet.encode_to_vec(), value.encode_to_vec()].concat()
}

pub fn user(payload: &[u8]) -> Value {
    Value::User(theirs::UserPacket { payload: payload.to_vec(), ..Default::default() })
}

fn payload(packet: &[u8]) -> Vec<u8> {
    match theirs::DataPacket::decode(packet).expect("a packet").value {
        Some(Value::User(user)) => user.payload,
        other => panic!("{other:?}"),
    }
}

fn bridged(event: BridgeEvent<'_>) -> Bridged {
    match event {
        BridgeEvent::Join(joins) => Bridged::Join(joins.token.to_owned(), joins.longest_packet),
        BridgeEvent::Packet { channel, packet } => Bridged::Packet(channel, packet.to_vec()),
        BridgeEvent::Leave => Bridged::Leave,
        BridgeEvent::Closed => Bridged::Closed,
        BridgeEvent::TooLong { len } => Bridged::TooLong(len),
        _ => panic!("another event"),
    }
}

fn told(event: Event<'_>) -> Told {
    match event {
        Event::Connected => Told::State("connected".into()),
        Event::Reconnecting { error } => Told::State(format!("reconnecting: {error:?}")),
        Event::Reconnected { is_resumed, lost } => {
            Told::State(format!("reconnected: {is_resumed}, {lost} lost"))
        }
        Event::Disconnected { reason, message } => {
            Told::State(format!("disconnected: {reason:?} {message:?}"))
        }
        Event::Failed(error) => Told::State(format!("failed: {error:?}")),
        Event::Writable => Told::State("writable".into()),
        Event::Dropped { reliable, lossy } => Told::Dropped(reliable, lossy),
        Event::TooLong { channel, len } => Told::Other(format!("{channel:?} {len} is too long")),
        Event::Data(Room::Data(data)) => Told::Data(data.payload.to_vec()),
        Event::Data(Room::Stream(part)) => Told::Content(part.content.to_vec()),
        Event::Data(other) => Told::Other(format!("{other:?}")),
        Event::Ignored => Told::Other("ignored".into()),
        Event::Malformed(error) => Told::Other(format!("{error:?}")),
        _ => panic!("another event"),
    }
}
