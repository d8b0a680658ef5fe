//! The association: what its caller calls.

use super::answer::Answer;
use super::bytes::before;
use super::initiator::Initiator;
use super::queue::{ENTRY, cost, length};
use super::receive::Receiver;
use super::reset::Reset;
use super::send::Sender;
use super::slot::Slot;
use super::streams::{StreamState, Streams};
use super::timer::Timer;
use super::{Config, Delivery, Error, SendError};
use crate::Crypto;

/// An SCTP association: the one that a DTLS connection carries. `STREAMS`: on how many streams ordered
/// messages can be sent; more can be received.
pub struct Association<'a, const STREAMS: usize = 4> {
    pub(super) state: State,
    pub(super) config: Config,
    /// The verification tags of this end and of the peer.
    pub(super) tag: u32,
    pub(super) peer_tag: u32,
    /// Chunks that are to be written: bits of [`reply`].
    pub(super) replies: u8,
    /// Events that are to be told: bits of [`told`](super::told).
    pub(super) untold: u8,
    pub(super) error: Option<Error>,
    /// Timeouts in a row.
    pub(super) errors: u8,
    /// The peer understands RE-CONFIG.
    pub(super) resets: bool,
    /// A HEARTBEAT is not answered yet.
    pub(super) beating: bool,
    /// A HEARTBEAT asks whether the peer is still there by a new way.
    pub(super) probing: bool,
    /// How many streams the peer takes.
    pub(super) peer_streams: u16,
    /// What the message takes that was refused last; 0: none was.
    pub(super) blocked: u16,
    pub(super) heartbeat: Timer,
    pub(super) answer: Answer,
    pub(super) reset: Reset,
    pub(super) streams: Streams<STREAMS>,
    pub(super) sender: Sender<'a>,
    pub(super) receiver: Receiver<'a>,
    /// Of an association that was started with [`connect`](Self::connect).
    pub(super) initiator: Option<Initiator<'a, STREAMS>>,
}

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// An association that is not started.
    ///
    /// `tx` keeps what is sent until it is acknowledged, `rx` a message until it is whole, each of `slots` a chunk
    /// that came before its turn. See the [module](crate::sctp) on what their sizes mean.
    pub const fn new(tx: &'a mut [u8], rx: &'a mut [u8], slots: &'a mut [Slot]) -> Self {
        Self {
            state: State::Idle,
            config: Config::ZERO,
            tag: 0,
            peer_tag: 0,
            replies: 0,
            untold: 0,
            error: None,
            errors: 0,
            resets: false,
            beating: false,
            probing: false,
            peer_streams: 0,
            blocked: 0,
            heartbeat: Timer::STOPPED,
            answer: Answer::NONE,
            reset: Reset::ZERO,
            streams: Streams::EMPTY,
            sender: Sender::new(tx),
            receiver: Receiver::new(rx, slots),
            initiator: None,
        }
    }

    /// Gives messages that do not fit the receive buffer out in parts, as [`Event::Part`](super::Event::Part), instead of
    /// skipping them. A message of whose next chunk it is not known whether it fits is divided, too.
    pub const fn divide(&mut self) {
        self.receiver.divide();
    }

    /// Starts, and waits for the peer to initiate: every peer of WebRTC does. An association that was started
    /// before begins anew.
    pub fn start(&mut self, crypto: &mut impl Crypto, config: &Config) {
        let mut random = [0; 8];
        crypto.random(&mut random);
        let [a, b, c, d, e, f, g, h] = random;
        self.config = config.checked();
        self.state = State::Listening;
        // RFC 9260, 5.3.1: a tag is a random number from 1 to 2^32 - 1.
        self.tag = u32::from_be_bytes([a, b, c, d]).max(1);
        self.peer_tag = 0;
        self.replies = 0;
        self.untold = 0;
        self.error = None;
        self.errors = 0;
        self.resets = false;
        (self.beating, self.probing) = (false, false);
        self.blocked = 0;
        self.heartbeat.stop();
        self.answer.clear();
        self.reset = Reset::ZERO;
        self.streams.clear();
        self.sender.rto.start(self.config.rto_initial_ms);
        let tsn = u32::from_be_bytes([e, f, g, h]);
        self.sender.start(tsn, 0, false, self.config.packet);
        self.receiver.start(0);
        self.initiator = None;
    }

    /// Takes a message, in parts, to be sent; whole or not at all.
    ///
    /// A message takes its length and [`ENTRY`](super::ENTRY) bytes for each chunk of the transmit buffer, until it is
    /// acknowledged. When [`SendError::Full`] refused one, [`Event::Writable`](super::Event::Writable) follows.
    ///
    /// A [`Delivery`] that is not reliable needs a peer that understands FORWARD-TSN, as all of WebRTC do;
    /// otherwise the message is sent reliably.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send(
        &mut self,
        stream: u16,
        ppid: u32,
        delivery: Delivery,
        parts: &[&[u8]],
        now_ms: u64,
    ) -> Result<(), SendError> {
        // RFC 9260, 9.2: after the primitive SHUTDOWN, and after a SHUTDOWN of the peer, no new data is accepted.
        if self.state != State::Established {
            return Err(SendError::NotConnected);
        }
        let len = length(parts);
        if len == 0 {
            return Err(SendError::Empty);
        }
        if stream >= self.peer_streams {
            return Err(SendError::InvalidStream { stream, streams: self.peer_streams });
        }
        if self.resetting(stream) {
            return Err(SendError::Resetting);
        }
        let fragment = self.config.fragment();
        let needed = cost(len, fragment);
        let capacity = self.sender.queue.capacity();
        if needed > capacity {
            return Err(SendError::TooLong { needed, capacity });
        }
        let free = self.sender.queue.free();
        if needed > free {
            self.blocked = u16::try_from(needed).unwrap_or(u16::MAX);
            return Err(SendError::Full { needed, free });
        }
        if !delivery.unordered && !self.streams.mark(stream, StreamState::Open) {
            return Err(SendError::TooManyStreams);
        }
        self.sender.queue.push((stream, ppid, delivery), parts, fragment, now_ms as u32);
        Ok(())
    }

    /// Forgets the association, and what was to be sent and told of it.
    pub(crate) fn forget(&mut self) {
        self.end(Error::Abandoned);
        self.state = State::Idle;
        self.untold = 0;
        self.sender.queue.clear();
    }

    /// Whether the peer can reset streams.
    pub(crate) fn peer_resets(&self) -> bool {
        self.resets
    }

    /// Whether messages can be sent.
    pub fn is_connected(&self) -> bool {
        self.state == State::Established
    }

    /// What the transmit buffer can still take, in bytes. A message takes its length and
    /// [`ENTRY`](super::ENTRY) bytes for each chunk.
    pub fn free(&self) -> usize {
        self.sender.queue.free()
    }

    /// The longest message that is taken now, in bytes. If that is less than `wanted`,
    /// [`Event::Writable`](super::Event::Writable) follows when there is space for so many.
    pub fn room(&mut self, wanted: usize) -> usize {
        if self.state != State::Established {
            return 0;
        }
        let room = self.fitting(self.sender.queue.free());
        if room < wanted {
            let needed = cost(wanted, self.config.fragment()).min(self.sender.queue.capacity());
            self.blocked = u16::try_from(needed).unwrap_or(u16::MAX);
        }
        room
    }

    /// The longest message that is taken when nothing waits.
    pub(crate) fn longest(&self) -> usize {
        self.fitting(self.sender.queue.capacity())
    }

    /// The longest message that takes so many bytes of the transmit buffer.
    fn fitting(&self, bytes: usize) -> usize {
        let fragment = self.config.fragment();
        let entry = fragment.saturating_add(ENTRY);
        let whole = bytes.checked_div(entry).unwrap_or(0);
        let rest = bytes.checked_rem(entry).unwrap_or(0);
        whole.saturating_mul(fragment).saturating_add(rest.saturating_sub(ENTRY))
    }

    /// How many bytes of messages of this stream are not acknowledged yet, and not abandoned.
    pub fn unacknowledged(&self, stream: u16) -> usize {
        self.sender.unacknowledged(stream)
    }

    /// How many messages of this stream are not acknowledged yet, and not abandoned. Those with the payload protocol
    /// identifier `except` do not count.
    pub fn unacknowledged_messages(&self, stream: u16, except: u32) -> u32 {
        self.sender.messages(stream, except)
    }

    /// Whether an association is established, or being shut down.
    // Not inlined, for the flash.
    #[inline(never)]
    pub(super) fn is_open(&self) -> bool {
        matches!(
            self.state,
            State::Established
                | State::ShutdownPending
                | State::ShutdownSent
                | State::ShutdownReceived
                | State::ShutdownAckSent
        )
    }

    /// Whether the peer's TSNs up to this one came.
    pub(super) fn received(&self, tsn: u32) -> bool {
        !before(self.receiver.cumulative(), tsn)
    }
}

/// States of RFC 9260, 4.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Not started.
    Idle = 0,
    /// CLOSED, and a peer may initiate.
    Listening,
    CookieWait,
    CookieEchoed,
    Established,
    ShutdownPending,
    ShutdownSent,
    ShutdownReceived,
    ShutdownAckSent,
    /// CLOSED, for good.
    Closed,
}

/// Chunks that are to be written.
pub(super) mod reply {
    pub(crate) const COOKIE_ACK: u8 = 1;
    pub(crate) const SHUTDOWN: u8 = 2;
    pub(crate) const SHUTDOWN_ACK: u8 = 4;
    pub(crate) const SHUTDOWN_COMPLETE: u8 = 8;
    pub(crate) const ABORT: u8 = 16;
    pub(crate) const HEARTBEAT: u8 = 32;
    pub(crate) const INITIATE: u8 = 64;
}
