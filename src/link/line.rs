//! One end of a line: a stream of bytes each way, whole and in order.

use super::clock::Clock;
use super::frame::{self, Deframer, Head, Kind, MAX_PAYLOAD};
use super::ring::Ring;

/// The version of what the module's documentation describes.
pub(super) const VERSION: u8 = 1;
/// How often the device asks for a connection.
const OPEN_MS: u32 = 1_000;
/// After how long without a frame of its own the device sends one that is answered.
const PING_MS: u32 = 3_000;
/// After how long without a frame of the other end the connection is over.
const SILENCE_MS: u32 = 10_000;
/// The most bytes on the way: half of what 16 bits number.
const MAX_WINDOW: usize = 0x7FFF;

/// Which end it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Device,
    Bridge,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is sent.
    Closed,
    /// The device asks for a connection.
    Opening,
    Open,
}

/// What has happened on the line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing that concerns others.
    Nothing,
    /// Both streams begin.
    Opened,
    /// The other end speaks another version.
    Version(u8),
    /// The streams are over.
    Closed,
}

/// What the next frame is to say.
#[derive(Clone, Copy, Default)]
struct Todo {
    /// To the device: its connection stands.
    opened: bool,
    /// To whom: this connection does not.
    reset: Option<u32>,
    /// What was received.
    acknowledge: bool,
    /// That something is missing; said once until there is progress.
    again: bool,
    asked: bool,
    ping: bool,
}

pub(super) struct Line<'a> {
    end: End,
    state: State,
    id: u32,
    deframer: Deframer,
    /// What the last frame carried that is new: from and to which byte of its payload.
    unread: (usize, usize),
    pub(super) ring: Ring<'a>,
    /// The number of the first byte in the ring.
    base: u16,
    /// Bytes of the ring that are sent; what follows is to be sent, or to be sent again.
    sent: usize,
    /// Bytes of it that were sent at least once.
    highest: usize,
    /// How many bytes of it the other end has space for.
    allowed: usize,
    /// The number of the byte that is received next.
    expected: u16,
    /// Bytes that this end has space for, and what the other end was told of it last.
    window: u16,
    told: u16,
    todo: Todo,
    clock: Clock,
    /// When something is sent again: a piece of the stream, a request.
    at: u32,
    /// Which byte's acknowledgement is waited for, since when.
    timed: Option<(u16, u32)>,
    /// Records that were not acknowledged when the connection was over.
    pub(super) lost: u32,
    /// When the other end was heard last, and this one spoke last.
    heard_at: u32,
    spoke_at: u32,
}

impl<'a> Line<'a> {
    pub(super) const fn new(end: End, send: &'a mut [u8], window: u16) -> Self {
        Self {
            end,
            state: State::Closed,
            id: 0,
            deframer: Deframer::new(),
            unread: (0, 0),
            ring: Ring::new(send),
            base: 0,
            sent: 0,
            highest: 0,
            allowed: 0,
            expected: 0,
            window,
            told: 0,
            todo: Todo {
                opened: false,
                reset: None,
                acknowledge: false,
                again: false,
                asked: false,
                ping: false,
            },
            clock: Clock::NEW,
            at: 0,
            timed: None,
            lost: 0,
            heard_at: 0,
            spoke_at: 0,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// The device asks for a connection.
    pub(super) fn open(&mut self, id: u32, now: u32) {
        self.begin(id, now);
        self.state = State::Opening;
    }

    /// Says nothing any more.
    pub(super) fn close(&mut self) {
        self.state = State::Closed;
        self.ring.clear();
        (self.unread, self.todo) = ((0, 0), Todo::default());
    }

    fn begin(&mut self, id: u32, now: u32) {
        self.close();
        self.id = id;
        (self.base, self.sent, self.highest, self.allowed) = (0, 0, 0, 0);
        (self.expected, self.told, self.timed) = (0, 0, None);
        self.clock = Clock::NEW;
        (self.at, self.heard_at, self.spoke_at) = (now, now, now);
    }

    /// How many bytes this end has space for.
    pub(super) fn set_window(&mut self, bytes: usize) {
        self.window = bytes.min(MAX_WINDOW) as u16;
        let (window, told) = (usize::from(self.window), usize::from(self.told));
        // A word for each byte would cost more than it brings.
        let grown = window.saturating_sub(told);
        if window == 0 && told > 0 || grown > 0 && (told < MAX_PAYLOAD || grown > MAX_WINDOW / 4) {
            self.todo.acknowledge = true;
        }
    }

    /// What was received of the stream and is not read yet.
    pub(super) fn unread(&self) -> &[u8] {
        self.deframer.payload(self.unread.0, self.unread.1)
    }

    pub(super) fn read(&mut self, bytes: usize) {
        self.unread.0 = self.unread.0.wrapping_add(bytes).min(self.unread.1);
    }

    /// Takes bytes off `rest` up to the end of a frame; `None` if there is no whole one.
    #[inline(never)]
    pub(super) fn input(&mut self, rest: &mut &[u8], now: u32) -> Option<Heard> {
        let Ok((head, len)) = self.deframer.feed(rest)? else {
            self.miss();
            return Some(Heard::Nothing);
        };
        let is_own = head.id == self.id && self.state != State::Closed;
        match (self.end, head.kind) {
            (End::Bridge, Kind::Open) => {
                if is_own && self.highest == 0 && self.expected == 0 {
                    // The answer was lost.
                } else {
                    self.begin(head.id, now);
                    self.state = State::Open;
                }
                (self.allowed, self.todo.opened) = (usize::from(head.window), true);
                self.heard_at = now;
                return Some(Heard::Opened);
            }
            (End::Bridge, Kind::Data | Kind::Again | Kind::Ping) if !is_own => {
                self.todo.reset = Some(head.id);
            }
            (End::Device, Kind::Opened) if is_own && self.state == State::Opening => {
                self.heard_at = now;
                let version = self.deframer.payload(0, len).first().copied().unwrap_or_default();
                if version != VERSION {
                    self.close();
                    return Some(Heard::Version(version));
                }
                self.state = State::Open;
                self.allowed = usize::from(head.window);
                (self.at, self.todo.acknowledge) = (now, true);
                return Some(Heard::Opened);
            }
            (End::Device, Kind::Reset) if is_own && self.state == State::Open => {
                return Some(self.reopen(now));
            }
            (_, Kind::Data | Kind::Again | Kind::Ping) if is_own && self.is_open() => {
                self.heard_at = now;
                self.acknowledged(&head, now);
                self.received(&head, len);
            }
            _ => {}
        }
        Some(Heard::Nothing)
    }

    /// The connection is over: the device asks for the next one.
    fn reopen(&mut self, now: u32) -> Heard {
        self.lost = self.ring.records();
        match self.end {
            End::Device => self.open(self.id.wrapping_add(1), now),
            End::Bridge => self.close(),
        }
        Heard::Closed
    }

    /// Something is missing, or may be.
    fn miss(&mut self) {
        if self.is_open() && !self.todo.asked {
            (self.todo.asked, self.todo.again) = (true, true);
        }
    }

    fn acknowledged(&mut self, head: &Head, now: u32) {
        let bytes = usize::from(head.ack.wrapping_sub(self.base));
        if bytes > self.highest {
            return; // of the past
        }
        self.ring.consume(bytes);
        self.base = head.ack;
        self.sent = self.sent.saturating_sub(bytes);
        self.highest = self.highest.saturating_sub(bytes);
        self.allowed = usize::from(head.window).min(MAX_WINDOW);
        if let Some((end, since)) = self.timed
            && head.ack.wrapping_sub(end) as i16 >= 0
        {
            self.clock.measured(now.wrapping_sub(since));
            self.timed = None;
        }
        if bytes > 0 {
            self.at = now.wrapping_add(self.clock.timeout());
        }
        if head.kind == Kind::Again {
            self.go_back();
        }
    }

    fn received(&mut self, head: &Head, len: usize) {
        // How many bytes of the payload are known already.
        let known = self.expected.wrapping_sub(head.offset);
        if known as i16 >= 0 {
            let known = usize::from(known);
            if known == 0 {
                self.todo.asked = false;
            }
            if known < len {
                self.unread = (known, len);
                self.expected = head.offset.wrapping_add(len as u16);
                self.todo.asked = false;
            }
        } else {
            self.miss();
        }
        if len > 0 || head.kind != Kind::Data {
            self.todo.acknowledge = true;
        }
    }

    /// Sends again from the first byte on that is not acknowledged.
    fn go_back(&mut self) {
        (self.sent, self.timed) = (0, None);
    }

    fn is_due(&self, now: u32) -> bool {
        now.wrapping_sub(self.at) as i32 >= 0
    }

    /// Notes what time has brought.
    pub(super) fn expire(&mut self, now: u32) -> Heard {
        if self.state != State::Open {
            return Heard::Nothing;
        }
        if now.wrapping_sub(self.heard_at) as i32 >= SILENCE_MS as i32 {
            return self.reopen(now);
        }
        if self.ring.len() > 0 && self.is_due(now) {
            if self.highest > 0 {
                self.go_back();
                self.clock.expired();
            }
            // The other end has no space, or its word that it has was lost.
            self.todo.ping |= self.sendable() == 0;
            self.at = now.wrapping_add(self.clock.timeout());
        }
        if self.end == End::Device && now.wrapping_sub(self.spoke_at) as i32 >= PING_MS as i32 {
            self.todo.ping = true;
        }
        Heard::Nothing
    }

    /// How many bytes of the stream the next frame carries.
    fn sendable(&self) -> usize {
        let unsent = self.ring.len().saturating_sub(self.sent).min(MAX_PAYLOAD);
        let len = self.allowed.saturating_sub(self.sent).min(unsent);
        // A piece that is short for want of space waits for what is on the way.
        if len < unsent && self.sent > 0 { 0 } else { len }
    }

    /// Makes the next frame, after [`expire`](Self::expire): its length. 0 if there is none, or it does not fit.
    #[inline(never)]
    pub(super) fn poll(&mut self, now: u32, out: &mut [u8]) -> usize {
        let window = self.window;
        let mut head = Head { kind: Kind::Data, id: self.id, offset: 0, ack: 0, window };
        let version = [VERSION];
        let mut payload = (&[][..], &[][..]);
        let mut len = 0;
        if let Some(id) = self.todo.reset {
            (head.kind, head.id) = (Kind::Reset, id);
        } else if self.state == State::Opening && self.is_due(now) {
            head.kind = Kind::Open;
            payload.0 = &version;
        } else if self.state == State::Open && self.todo.opened {
            head.kind = Kind::Opened;
            payload.0 = &version;
        } else if self.state == State::Open {
            len = self.sendable();
            let todo = &self.todo;
            if len == 0 && !todo.acknowledge && !todo.again && !todo.ping {
                return 0;
            }
            if todo.ping {
                head.kind = Kind::Ping;
            }
            if todo.again {
                head.kind = Kind::Again;
            }
            head.offset = self.base.wrapping_add(self.sent as u16);
            head.ack = self.expected;
            payload = self.ring.pieces(self.sent, len);
        } else {
            return 0;
        }
        let Some(bytes) = frame::write(&head, payload, out) else { return 0 };
        self.wrote(head.kind, len, now);
        bytes
    }

    fn wrote(&mut self, kind: Kind, len: usize, now: u32) {
        self.spoke_at = now;
        match kind {
            Kind::Reset => self.todo.reset = None,
            Kind::Open => self.at = now.wrapping_add(OPEN_MS),
            Kind::Opened => (self.todo.opened, self.told) = (false, self.window),
            Kind::Data | Kind::Again | Kind::Ping => {
                let asked = self.todo.asked;
                self.todo = Todo { asked, ..Todo::default() };
                self.told = self.window;
            }
        }
        if len == 0 {
            return;
        }
        if self.highest == 0 {
            self.at = now.wrapping_add(self.clock.timeout());
        }
        self.sent = self.sent.wrapping_add(len);
        if self.sent > self.highest {
            self.highest = self.sent;
            if self.timed.is_none() {
                self.timed = Some((self.base.wrapping_add(self.sent as u16), now));
            }
        }
    }

    /// In how many milliseconds there is something to do, if nothing is received before.
    pub(super) fn poll_in(&self, now: u32) -> Option<u32> {
        let until = |at: u32| (at.wrapping_sub(now) as i32).max(0) as u32;
        if self.todo.reset.is_some() {
            return Some(0);
        }
        match self.state {
            State::Closed => None,
            State::Opening => Some(until(self.at)),
            State::Open => {
                let todo = &self.todo;
                let says = todo.opened || todo.acknowledge || todo.again || todo.ping;
                if says || self.sendable() > 0 {
                    return Some(0);
                }
                let silence = until(self.heard_at.wrapping_add(SILENCE_MS));
                let again = (self.ring.len() > 0).then(|| until(self.at));
                let ping =
                    (self.end == End::Device).then(|| until(self.spoke_at.wrapping_add(PING_MS)));
                Some([again, ping].into_iter().flatten().fold(silence, u32::min))
            }
        }
    }
}
