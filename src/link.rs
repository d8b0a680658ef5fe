//! A participant on a serial line (feature `link`): a device without a network, for which a bridge joins a room, sans-IO.
//!
//! The device has its own token and its own [`Session`](crate::data::Session): keys of encryption, calls and streams end
//! in it. The bridge is a program on a host, `examples/bridge`: it has no token, joins with that of the device, and carries
//! packets both ways as they are. A line is anything that carries bytes both ways: a UART, USB, a socket of TCP.
//!
//! # In this order
//!
//! 1. [`Link::new`] with [`Memory`] of the device's; [`Link::join`] with the token.
//! 2. [`Link::poll`] until it returns `None`: write the bytes that it returns to the line.
//! 3. [`Link::event`] until it returns `None`: the connection's state, what time has brought.
//! 4. [`Link::input`] with the bytes that came over the line, until it returns `None`: data of the room.
//! 5. Again from 2 on, at the latest after the milliseconds of [`Link::poll_in`].
//! 6. After [`Event::Connected`]: [`Link::publish_data`], [`Link::send`] with whatever the
//!    [`Session`](crate::data::Session) makes, at any time.
//!
//! # The line
//!
//! A frame is a body in COBS, and a zero. The body, of 254 bytes at most, its numbers with the lowest byte first:
//!
//! | bytes | |
//! |---|---|
//! | 1 | kind: 1 Open, 2 Opened, 3 Data, 4 Again, 5 Ping, 6 Reset |
//! | 4 | id of the connection, chosen by the device at random |
//! | 2 | offset: the number of the first byte of the payload in the stream of bytes that the sender sends |
//! | 2 | ack: the number of the byte that the sender of the frame expects next; all before it arrived |
//! | 2 | window: how many bytes from there on it has space for, up to 32 767 |
//! | … | payload; the version of this protocol, 1, in Open and Opened |
//! | 4 | CRC-32 (ISO-HDLC) of all before |
//!
//! *Closed*: the device sends Open each second. The bridge forgets the connection before, answers Opened, and both streams
//! begin with number 0. *Open*: each end sends Data up to the other's window. A payload that begins with the expected number
//! is taken, what of it is known is not taken again. After a frame that is garbled or leaves a gap, the receiver sends one Again:
//! the sender goes back to ack. It does so too if no ack comes in time (RFC 6298, 50 ms to 4 s). Ping is answered: the device
//! sends one after 3 s without a frame of its own, a sender whose window is 0 one per timeout. *Over*: after 10 s without a
//! frame, or after Reset, which the bridge sends for an id that it does not know, the device begins anew.
//!
//! A stream is made of records: kind, length of 2 bytes, content. To the bridge: 1 Join (client protocol, 1 if it reads compressed
//! streams, the longest packet in 2 bytes, the token), 2 and 3 a packet of the reliable and of the lossy channel, 4 Leave. To the device:
//! 2, 3, 5 Connected, 6 Reconnecting, 7 Reconnected (1 if resumed, packets lost in 4 bytes), 8 Disconnected (reason in 4, a text),
//! 9 Left (length of an identity in 1, identity, sid), 10 Dropped (packets of the reliable channel in 4, of the lossy in 4).
//!
//! # What is bounded
//!
//! What the device sends waits in [`Memory::send`] until the bridge acknowledges it; if that is full, [`SendError::Full`]
//! says so. The bridge reads no more from the line than it can pass on. What the room sends faster than the line carries waits in
//! the bridge; if that is full, packets are dropped whole, and [`Event::Dropped`] counts them. While the bridge resumes its connection
//! to the room nothing is lost.

mod bridge;
mod clock;
mod error;
mod event;
mod frame;
mod line;
mod records;
mod ring;
mod send;

pub use bridge::{Bridge, BridgeEvent, BridgeMemory, Joins, State};
pub use error::{Error, SendError};
pub use event::Event;

/// Bytes that [`Link::poll`] and [`Bridge::poll`] need for a frame.
pub const MAX_FRAME_BYTES: usize = frame::MAX_FRAME_BYTES;

use crate::borrowed::DisconnectReason;
use crate::data::{self, Channel, DataPlane};
use line::{End, Heard, Line};
use records as record;
use records::{Found, Records};

/// The memory of a link.
pub struct Memory<'a> {
    /// Holds a packet that is received: as long as the longest one. Of longer ones, chunks of streams are read in parts, so
    /// 256 bytes are the least.
    pub receive: &'a mut [u8],
    /// Holds what is sent until the bridge acknowledges it: the token at first, 3 bytes a packet, and 518 bytes are kept free
    /// for replies if the session takes calls.
    pub send: &'a mut [u8],
    /// Holds a frame that is made: as long as the longest one that is sent. 660 bytes if the session takes calls.
    pub frame: &'a mut [u8],
}

/// Which room is joined, and what the device can receive.
#[derive(Clone, Copy)]
pub struct JoinConfig<'a> {
    /// The token of the device.
    pub token: &'a str,
    /// How many bytes may be on the way to the device: what its driver buffers while the firmware does something else. Up to
    /// 32 767.
    pub window: u16,
    /// The longest packet that is taken, in bytes; 0 for what fits [`Memory::receive`]. The server sends no longer ones.
    /// SDKs make chunks of streams of 15 000 bytes, which are read in parts: 16 KB are enough for them.
    pub longest_packet: u16,
    /// Another number at each start of the device.
    pub random: u32,
}

/// A device on a line. The [module](crate::link) says in which order it is called.
///
/// `D` is what carries its data: a [`Session`](crate::data::Session) of the parts that the device needs. All zero at the
/// start: one in a `static` takes no flash.
pub struct Link<'a, D> {
    /// The data plane: for what is neither sent nor received, such as its encryption's keys.
    pub session: D,
    line: Line<'a>,
    records: Records<'a>,
    frame: &'a mut [u8],
    config: Option<JoinConfig<'a>>,
    stage: Stage,
    /// The device was in the room since [`join`](Self::join).
    was_connected: bool,
    told: Told,
    error: Error,
    reason: DisconnectReason,
    lost: u32,
    /// How many bytes of space a frame waits for that was refused.
    wanted: usize,
    /// The packet whose parts arrive is lost.
    skips: bool,
    refused_replies: u32,
}

/// How far the connection is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// None is wanted.
    Idle = 0,
    /// The bridge is to be asked, or was.
    Joining,
    Connected,
    /// The bridge's connection to the room is broken.
    Reconnecting,
    /// The bridge is to be told that the device leaves.
    Leaving,
}

/// Events that are to be told, and what is to be done before.
#[derive(Clone, Copy, Default)]
struct Told {
    reconnecting: bool,
    /// The session begins anew.
    reset: bool,
    connected: bool,
    reconnected: bool,
    is_resumed: bool,
    /// How long the text is that the record has.
    disconnected: Option<usize>,
    failed: bool,
    /// How long the record is that says who has left.
    left: Option<usize>,
    dropped: Option<(u32, u32)>,
    leave: bool,
}

impl<'a, D: DataPlane> Link<'a, D> {
    /// A link that has not joined.
    pub const fn new(session: D, memory: Memory<'a>) -> Self {
        Self {
            session,
            line: Line::new(End::Device, memory.send, 0),
            records: Records::new(memory.receive),
            frame: memory.frame,
            config: None,
            stage: Stage::Idle,
            was_connected: false,
            told: Told {
                reconnecting: false,
                reset: false,
                connected: false,
                reconnected: false,
                is_resumed: false,
                disconnected: None,
                failed: false,
                left: None,
                dropped: None,
                leave: false,
            },
            error: Error::Line,
            reason: DisconnectReason::UnknownReason,
            lost: 0,
            wanted: 0,
            skips: false,
            refused_replies: 0,
        }
    }

    /// Joins a room: the one of the token. What was before is forgotten. As long as the bridge does not answer it is asked
    /// again.
    ///
    /// # Errors
    /// [`Error::Token`]; nothing has changed then.
    pub fn join(&mut self, config: JoinConfig<'a>, now_ms: u64) -> Result<(), Error> {
        let len = config.token.len();
        if len == 0 || len.saturating_add(JOIN_BYTES) > self.line.ring.longest() {
            return Err(Error::Token);
        }
        self.told = Told { reset: true, ..Told::default() };
        self.records.clear();
        self.line.open(config.random, now_ms as u32);
        self.line.set_window(config.window.into());
        self.config = Some(config);
        (self.stage, self.was_connected) = (Stage::Joining, false);
        (self.lost, self.wanted) = (0, 0);
        Ok(())
    }

    /// Leaves the room, after what was sent before. [`Event::Disconnected`] follows.
    pub fn leave(&mut self) {
        match self.stage {
            Stage::Idle | Stage::Leaving => {}
            _ if self.line.is_open() => {
                (self.stage, self.told.leave) = (Stage::Leaving, true);
            }
            _ => self.left(),
        }
    }

    /// The device has left, and the bridge need not be told, or cannot.
    fn left(&mut self) {
        self.line.close();
        (self.stage, self.reason) = (Stage::Idle, DisconnectReason::ClientInitiated);
        (self.told.disconnected, self.told.leave) = (Some(0), false);
    }

    /// Whether the device is in the room and can send.
    pub fn is_connected(&self) -> bool {
        self.stage == Stage::Connected
    }

    /// How many packets the bridge has not acknowledged yet.
    pub fn unacknowledged(&self) -> u32 {
        self.line.ring.records()
    }

    /// Acknowledgements and refusals that were not sent because there was no space for them: who called gets an error by
    /// a timeout.
    pub const fn dropped(&self) -> u32 {
        self.refused_replies
    }

    /// Stops what comes from the bridge, with 0 bytes, or lets it come: as
    /// [`JoinConfig::window`]. What is on the way still arrives.
    pub fn set_window(&mut self, bytes: u16) {
        self.line.set_window(bytes.into());
    }

    /// Returns bytes for the line: a frame. `None` if there is no more. `out` is for what it makes,
    /// [`MAX_FRAME_BYTES`].
    pub fn poll<'b>(&mut self, now_ms: u64, out: &'b mut [u8]) -> Option<&'b [u8]> {
        if self.line.expire(now_ms as u32) == Heard::Closed {
            self.closed();
        }
        if self.told.leave && self.line.is_open() && self.line.ring.push(record::LEAVE, &[]) {
            self.told.leave = false;
        }
        match self.line.poll(now_ms as u32, out) {
            0 => None,
            len => out.get(..len),
        }
    }

    /// Returns in how many milliseconds [`poll`](Self::poll) or [`event`](Self::event) has something to do, if nothing is
    /// received before; `None` for a link that has nothing to do.
    pub fn poll_in(&mut self, now_ms: u64) -> Option<u32> {
        if self.has_event() {
            return Some(0);
        }
        let session = self.session.due_in(now_ms);
        [self.line.poll_in(now_ms as u32), session].into_iter().flatten().min()
    }

    /// The next event that no packet has brought. Call it after [`poll`](Self::poll), until it returns `None`.
    pub fn event(&mut self, now_ms: u64) -> Option<Event<'_>> {
        if core::mem::take(&mut self.told.reconnecting) {
            return Some(Event::Reconnecting { error: self.error });
        }
        if let Some(event) = self.session_event(now_ms) {
            return Some(Event::Data(event));
        }
        if core::mem::take(&mut self.told.failed) {
            return Some(Event::Failed(self.error));
        }
        if core::mem::take(&mut self.told.connected) {
            return Some(Event::Connected);
        }
        if core::mem::take(&mut self.told.reconnected) {
            let (is_resumed, lost) = (self.told.is_resumed, core::mem::take(&mut self.lost));
            return Some(Event::Reconnected { is_resumed, lost });
        }
        if let Some((reliable, lossy)) = self.told.dropped.take() {
            return Some(Event::Dropped { reliable, lossy });
        }
        if let Some(len) = self.told.disconnected.take() {
            let text = self.records.content(len).get(4..).unwrap_or_default();
            let message = core::str::from_utf8(text).unwrap_or_default();
            return Some(Event::Disconnected { reason: self.reason, message });
        }
        if self.is_writable() {
            self.wanted = 0;
            return Some(Event::Writable);
        }
        None
    }

    fn is_writable(&self) -> bool {
        self.wanted > 0 && self.is_connected() && self.space() >= self.wanted
    }

    fn has_event(&self) -> bool {
        let told = &self.told;
        told.reconnecting
            || told.reset
            || told.failed
            || told.connected
            || told.reconnected
            || told.left.is_some()
            || told.dropped.is_some()
            || told.disconnected.is_some()
            || self.is_writable()
    }

    /// What the session says without a packet: of an end, of a participant that left, of time.
    fn session_event(&mut self, now_ms: u64) -> Option<data::Event<'static>> {
        if self.told.reset {
            if let Some(event) = self.session.begin_anew() {
                return Some(event);
            }
            self.told.reset = false;
        }
        if let Some(len) = self.told.left {
            let (identity, sid) = who_left(self.records.content(len));
            if let Some(event) = self.session.left(identity, sid) {
                return Some(event);
            }
            self.told.left = None;
        }
        self.session.due(now_ms)
    }

    /// Goes on with bytes of the line, which it takes off `rest`, and returns the next event of them; `None` when there is
    /// no more.
    pub fn input<'e>(&'e mut self, rest: &mut &[u8], now_ms: u64) -> Option<Event<'e>> {
        let found = loop {
            // What a record said is told before the next one.
            if (self.told.reset || self.told.left.is_some())
                && !self.told.reconnecting
                && let Some(event) = self.session_event(now_ms)
            {
                return Some(Event::Data(event));
            }
            if self.has_event() {
                return self.event(now_ms);
            }
            if let Some(found) = self.record() {
                match found.kind {
                    record::RELIABLE | record::LOSSY => break found,
                    _ if found.is_first && found.is_last => self.state(found),
                    _ => {}
                }
                continue;
            }
            match self.line.input(rest, now_ms as u32)? {
                Heard::Nothing => {}
                Heard::Opened => self.ask(),
                Heard::Version(version) => {
                    self.stage = Stage::Idle;
                    (self.error, self.told.failed) = (Error::Version(version), true);
                }
                Heard::Closed => self.closed(),
            }
        };
        let channel = match found.kind {
            record::LOSSY => Channel::Lossy,
            _ => Channel::Reliable,
        };
        Some(if found.is_first && found.is_last {
            self.packet(channel, found.len, now_ms)
        } else {
            self.part(channel, found, now_ms)
        })
    }

    /// The next record, or part of one, of what was received.
    fn record(&mut self) -> Option<Found> {
        let unread = self.line.unread();
        if unread.is_empty() {
            return None;
        }
        let (taken, found) = self.records.take(unread);
        self.line.read(taken);
        found
    }

    /// Asks the bridge to join.
    fn ask(&mut self) {
        self.records.clear();
        let (Some(config), Stage::Joining) = (&self.config, self.stage) else { return };
        let longest = match config.longest_packet {
            0 => self.records.longest().min(usize::from(u16::MAX)) as u16,
            longest => longest,
        };
        let [low, high] = longest.to_le_bytes();
        let protocol = self.session.client_protocol() as u8;
        let head = [protocol, self.session.reads_deflate().into(), low, high];
        // The ring is empty, and was found long enough.
        self.line.ring.push(record::JOIN, &[&head, config.token.as_bytes()]);
    }

    /// The line is closed; it opens by itself again.
    fn closed(&mut self) {
        self.records.clear();
        match self.stage {
            Stage::Idle => self.line.close(),
            Stage::Leaving => self.left(),
            _ => {
                if self.was_connected && self.stage != Stage::Joining {
                    (self.told.reconnecting, self.told.reset) = (true, true);
                    self.error = Error::Line;
                    self.lost = self.lost.saturating_add(self.line.lost);
                }
                self.stage = Stage::Joining;
            }
        }
    }

    /// Notes what the bridge says of the room.
    #[inline(never)]
    fn state(&mut self, found: Found) {
        let content = self.records.content(found.len);
        let number = |at: usize| {
            let bytes = content.get(at..).and_then(<[u8]>::first_chunk);
            u32::from_le_bytes(bytes.copied().unwrap_or_default())
        };
        let is_leaving = self.stage == Stage::Leaving;
        match found.kind {
            record::CONNECTED if !is_leaving => {
                (self.stage, self.told.is_resumed) = (Stage::Connected, false);
                match core::mem::replace(&mut self.was_connected, true) {
                    true => self.told.reconnected = true,
                    false => self.told.connected = true,
                }
            }
            record::RECONNECTING if !is_leaving => {
                (self.stage, self.error) = (Stage::Reconnecting, Error::Room);
                self.told.reconnecting = true;
            }
            record::RECONNECTED if !is_leaving => {
                let is_resumed = content.first() == Some(&1);
                self.lost = self.lost.saturating_add(number(1));
                self.stage = Stage::Connected;
                (self.told.is_resumed, self.told.reconnected) = (is_resumed, true);
                self.told.reset |= !is_resumed;
            }
            record::DISCONNECTED => {
                self.reason = DisconnectReason(number(0) as i32);
                (self.stage, self.told.leave) = (Stage::Idle, false);
                (self.told.disconnected, self.told.reset) = (Some(found.len), true);
            }
            record::LEFT => self.told.left = Some(found.len),
            record::DROPPED => self.told.dropped = Some((number(0), number(4))),
            _ => {}
        }
    }

    /// A packet that arrived.
    #[inline(never)]
    fn packet(&mut self, channel: Channel, len: usize, now_ms: u64) -> Event<'_> {
        let Self { session, records, frame, line, refused_replies, .. } = self;
        match session.take(channel, records.content_mut(len), now_ms, frame) {
            Ok((event, replies)) => {
                for reply in replies {
                    if !line.ring.push(record::RELIABLE, &[reply]) {
                        *refused_replies = refused_replies.saturating_add(1);
                    }
                }
                event.map_or(Event::Ignored, Event::Data)
            }
            Err(error) => Event::Malformed(error),
        }
    }

    /// A part of a packet that does not fit the memory: of a stream's chunk, or of a packet that is lost, which is told at its
    /// end.
    #[inline(never)]
    fn part(&mut self, channel: Channel, found: Found, now_ms: u64) -> Event<'_> {
        let Self { session, records, skips, .. } = self;
        let before = session.skipped_packets();
        let taken = session.take_part(records.content(found.len), found.is_first, now_ms);
        if found.is_first {
            *skips = session.skipped_packets() != before;
        }
        match taken {
            Some(taken) => Event::Data(data::Event::Stream(taken)),
            None if found.is_last && *skips => Event::TooLong { channel, len: found.total },
            None => Event::Ignored,
        }
    }
}

/// Bytes of a Join before the token.
const JOIN_BYTES: usize = 4;

/// Identity and sid of a participant that has left.
fn who_left(content: &[u8]) -> (&str, &str) {
    let (len, rest) = content.split_first().unwrap_or((&0, &[]));
    let (identity, sid) = rest.split_at_checked(usize::from(*len)).unwrap_or_default();
    let text = |bytes| core::str::from_utf8(bytes).unwrap_or_default();
    (text(identity), text(sid))
}
