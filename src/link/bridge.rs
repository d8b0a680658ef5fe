//! The other end of the line: of the program that joins rooms for devices.

use super::line::{End, Heard, Line};
use super::records::{self as record, Found, Records};
use super::send::kind;
use crate::borrowed::DisconnectReason;
use crate::data::Channel;

/// Bytes that packets leave free, for the state of the connection to the room.
const STATE_BYTES: usize = 1_024;
/// Of a text that says what broke, at most.
const MESSAGE_BYTES: usize = 200;

/// The memory of a bridge.
pub struct BridgeMemory<'a> {
    /// Holds a packet of the device's: 64 000 bytes for the longest one.
    pub receive: &'a mut [u8],
    /// Holds packets for the device until it acknowledges them: what arrives while it is full is dropped, and counted.
    /// 1 KB of it is for the state of the connection to the room.
    pub send: &'a mut [u8],
}

/// The bridge's end of a line, sans-IO. Its caller joins the room: with a `Participant` whose session is a
/// `Relay`.
///
/// It is called as a [`Link`](super::Link): [`poll`](Self::poll), [`event`](Self::event), [`input`](Self::input), again at
/// the latest after [`poll_in`](Self::poll_in); [`tell`](Self::tell) and [`forward`](Self::forward) in between.
pub struct Bridge<'a> {
    line: Line<'a>,
    records: Records<'a>,
    /// The line was closed, which is not told yet.
    is_closed: bool,
    /// The device has asked for a room.
    has_joined: bool,
    /// Packets that were dropped, which is not told the device yet: reliable and lossy ones.
    dropped: (u32, u32),
}

/// What the device wants.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum BridgeEvent<'e> {
    /// It joins a room.
    Join(Joins<'e>),
    /// It sends a packet.
    Packet {
        /// On which channel.
        channel: Channel,
        /// A frame that its session has made.
        packet: &'e [u8],
    },
    /// It sent a packet that is longer than [`BridgeMemory::receive`], which is lost.
    TooLong {
        /// Bytes of the packet.
        len: usize,
    },
    /// It leaves the room.
    Leave,
    /// It was not heard for 10 s, or was started anew: it is not in the room any more.
    Closed,
}

/// As whom a device joins.
#[derive(Clone, Copy)]
pub struct Joins<'e> {
    /// Its token.
    pub token: &'e str,
    /// The version of RPC that its session reads.
    pub client_protocol: u32,
    /// Its session reads compressed streams.
    pub reads_deflate: bool,
    /// The longest packet that it takes, in bytes.
    pub longest_packet: usize,
}

/// What the device is told of the room.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum State<'e> {
    /// It is in the room.
    Connected,
    /// The connection broke, and is being made again.
    Reconnecting,
    /// The connection stands again.
    Reconnected {
        /// It is the one before.
        is_resumed: bool,
        /// Packets that were lost.
        lost: u32,
    },
    /// It is not in the room any more.
    Disconnected {
        /// Why, as the server says.
        reason: DisconnectReason,
        /// What broke, if no server said it: up to 200 bytes are sent.
        message: &'e str,
    },
    /// Another participant has left.
    Left {
        /// Its identity: up to 255 bytes.
        identity: &'e str,
        /// Its sid.
        sid: &'e str,
    },
}

impl<'a> Bridge<'a> {
    /// A bridge that waits for a device.
    pub const fn new(memory: BridgeMemory<'a>) -> Self {
        Self {
            line: Line::new(End::Bridge, memory.send, 0),
            records: Records::new(memory.receive),
            is_closed: false,
            has_joined: false,
            dropped: (0, 0),
        }
    }

    /// Says how many bytes the caller has space for, of packets that it does not send on at once. The device sends no more.
    pub fn set_window(&mut self, bytes: usize) {
        self.line.set_window(bytes);
    }

    /// Whether a device is there.
    pub fn is_open(&self) -> bool {
        self.line.is_open()
    }

    /// Returns bytes for the line: a frame. `None` if there is no more. `out` is for what it makes,
    /// [`MAX_FRAME_BYTES`](super::MAX_FRAME_BYTES).
    pub fn poll<'b>(&mut self, now_ms: u64, out: &'b mut [u8]) -> Option<&'b [u8]> {
        if self.line.expire(now_ms as u32) == Heard::Closed {
            self.closed();
        }
        self.tell_dropped();
        match self.line.poll(now_ms as u32, out) {
            0 => None,
            len => out.get(..len),
        }
    }

    /// Returns in how many milliseconds [`poll`](Self::poll) or [`event`](Self::event) has something to do, if nothing is
    /// received before; `None` if there is no device.
    pub fn poll_in(&self, now_ms: u64) -> Option<u32> {
        if self.is_closed { Some(0) } else { self.line.poll_in(now_ms as u32) }
    }

    /// The next event that nothing received has brought.
    pub fn event(&mut self) -> Option<BridgeEvent<'static>> {
        core::mem::take(&mut self.is_closed).then_some(BridgeEvent::Closed)
    }

    /// Goes on with bytes of the line, which it takes off `rest`, and returns the next event of them; `None` when there is
    /// no more.
    pub fn input<'e>(&'e mut self, rest: &mut &[u8], now_ms: u64) -> Option<BridgeEvent<'e>> {
        let found = loop {
            if let Some(event) = self.event() {
                return Some(event);
            }
            if let Some(found) = self.record() {
                match found.kind {
                    record::JOIN => self.has_joined = true,
                    record::LEAVE | record::RELIABLE | record::LOSSY => {}
                    _ => continue,
                }
                if found.is_last {
                    break found;
                }
                continue;
            }
            match self.line.input(rest, now_ms as u32)? {
                Heard::Opened | Heard::Closed => self.closed(),
                Heard::Nothing | Heard::Version(_) => {}
            }
        };
        let channel = match found.kind {
            record::LOSSY => Channel::Lossy,
            _ => Channel::Reliable,
        };
        if !found.is_first {
            return Some(BridgeEvent::TooLong { len: found.total });
        }
        let content = self.records.content(found.len);
        Some(match found.kind {
            record::JOIN => BridgeEvent::Join(joins(content)),
            record::LEAVE => BridgeEvent::Leave,
            _ => BridgeEvent::Packet { channel, packet: content },
        })
    }

    fn record(&mut self) -> Option<Found> {
        let unread = self.line.unread();
        if unread.is_empty() {
            return None;
        }
        let (taken, found) = self.records.take(unread);
        self.line.read(taken);
        found
    }

    /// The streams are over, or begin.
    fn closed(&mut self) {
        self.records.clear();
        self.dropped = (0, 0);
        self.is_closed |= core::mem::take(&mut self.has_joined);
    }

    /// Sends the device a packet of the room, or drops it if there is no space; of the lossy channel, if there is not twice as
    /// much. Returns `false` then; the device is told how many those were.
    pub fn forward(&mut self, channel: Channel, packet: &[u8]) -> bool {
        self.tell_dropped();
        let space = self.line.ring.space().saturating_sub(STATE_BYTES);
        let needed = match channel {
            Channel::Reliable => packet.len(),
            Channel::Lossy => packet.len().saturating_add(self.line.ring.longest() / 2),
        };
        // In the order of the room: what was dropped is told before what comes after it.
        let is_told = self.dropped.0 == 0 || channel == Channel::Lossy;
        if self.is_open()
            && is_told
            && needed <= space
            && self.line.ring.push(kind(channel), &[packet])
        {
            return true;
        }
        let (reliable, lossy) = &mut self.dropped;
        let count = if channel == Channel::Lossy { lossy } else { reliable };
        *count = count.saturating_add(1);
        false
    }

    /// Tells the device how many packets were dropped, as soon as there is space for some again.
    fn tell_dropped(&mut self) {
        let (reliable, lossy) = self.dropped;
        if (reliable, lossy) == (0, 0) || self.line.ring.space() < self.line.ring.longest() / 2 {
            return;
        }
        let counts = [reliable.to_le_bytes(), lossy.to_le_bytes()];
        if self.line.ring.push(record::DROPPED, &[counts.as_flattened()]) {
            self.dropped = (0, 0);
        }
    }

    /// Tells the device what has become of the room; `false` if there is no device, or no space, as it has read nothing
    /// for long.
    pub fn tell(&mut self, state: State<'_>) -> bool {
        if !self.is_open() {
            return false;
        }
        let ring = &mut self.line.ring;
        match state {
            State::Connected => ring.push(record::CONNECTED, &[]),
            State::Reconnecting => ring.push(record::RECONNECTING, &[]),
            State::Reconnected { is_resumed, lost } => {
                ring.push(record::RECONNECTED, &[&[is_resumed.into()], &lost.to_le_bytes()])
            }
            State::Disconnected { reason, message } => {
                let starts = (0..=MESSAGE_BYTES).rev().find_map(|end| message.get(..end));
                let message = starts.unwrap_or_default().as_bytes();
                ring.push(record::DISCONNECTED, &[&reason.0.to_le_bytes(), message])
            }
            State::Left { identity, sid } => {
                let Ok(len) = u8::try_from(identity.len()) else { return false };
                ring.push(record::LEFT, &[&[len], identity.as_bytes(), sid.as_bytes()])
            }
        }
    }

    /// Packets and states that the device has not acknowledged yet.
    pub fn unacknowledged(&self) -> u32 {
        self.line.ring.records()
    }
}

fn joins(content: &[u8]) -> Joins<'_> {
    let ([protocol, reads_deflate, low, high], token) =
        content.split_first_chunk().unwrap_or((&[0; 4], &[]));
    Joins {
        token: core::str::from_utf8(token).unwrap_or_default(),
        client_protocol: u32::from(*protocol),
        reads_deflate: *reads_deflate != 0,
        longest_packet: usize::from(u16::from_le_bytes([*low, *high])),
    }
}
