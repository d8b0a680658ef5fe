//! Data to the peer: what is sent, sent again, abandoned.

use core::num::NonZeroU32;

use super::bytes::{Writer, padded};
use super::chunk::{DATA, FIRST, IMMEDIATE, LAST, UNORDERED};
use super::congestion::Congestion;
use super::queue::{ABANDONED, ACKED, Entry, Queue, RESEND, SENT, TIMED};
use super::streams::Streams;
use super::timer::{Rto, Timer, instant};

/// What goes to the peer.
pub(super) struct Sender<'a> {
    pub(super) queue: Queue<'a>,
    /// The TSN of the first entry.
    pub(super) base: u32,
    /// The peer's receiver window, as its last SACK gave it.
    pub(super) peer_window: u32,
    /// Bytes under way.
    pub(super) in_flight: u32,
    pub(super) congestion: Congestion,
    pub(super) rto: Rto,
    /// T1, T2 and T3, of which only one can run.
    pub(super) timer: Timer,
    /// When the chunk was sent whose round trip is measured: the one that is [`TIMED`].
    pub(super) measured: Option<NonZeroU32>,
    /// The next packet of retransmissions may go out whatever the congestion window says.
    pub(super) fast: bool,
    /// A FORWARD-TSN is due.
    pub(super) forward: bool,
    /// The peer understands FORWARD-TSN.
    pub(super) abandons: bool,
    /// Chunks that were sent again.
    pub(super) retransmitted: u16,
}

impl<'a> Sender<'a> {
    pub(super) const fn new(buffer: &'a mut [u8]) -> Self {
        Self {
            queue: Queue::new(buffer),
            base: 0,
            peer_window: 0,
            in_flight: 0,
            congestion: Congestion::ZERO,
            rto: Rto::ZERO,
            timer: Timer::STOPPED,
            measured: None,
            fast: false,
            forward: false,
            abandons: false,
            retransmitted: 0,
        }
    }

    /// Begins with this end's initial TSN and what the peer's INIT or INIT ACK said.
    pub(super) fn start(
        &mut self,
        initial_tsn: u32,
        peer_window: u32,
        abandons: bool,
        packet: u16,
    ) {
        self.queue.clear();
        self.base = initial_tsn;
        self.peer_window = peer_window;
        self.in_flight = 0;
        self.congestion.start(packet.into(), peer_window);
        self.timer.stop();
        self.measured = None;
        self.fast = false;
        self.forward = false;
        self.abandons = abandons;
    }

    /// The TSN that was given out last, or the one before the initial one.
    pub(super) fn last_tsn(&self) -> u32 {
        let mut last = self.base.wrapping_sub(1);
        let mut at = self.queue.first();
        while let Some(entry) = self.queue.get(at).filter(|entry| entry.is(SENT)) {
            last = last.wrapping_add(1);
            at = self.queue.next(at, &entry);
        }
        last
    }

    /// Bytes of a stream that are not acknowledged.
    pub(super) fn unacknowledged(&self, stream: u16) -> usize {
        let mut sum = 0usize;
        let mut at = self.queue.first();
        while let Some(entry) = self.queue.get(at) {
            if entry.stream == stream && !entry.is(ACKED | ABANDONED) {
                sum = sum.wrapping_add(entry.len.into());
            }
            at = self.queue.next(at, &entry);
        }
        sum
    }

    /// Messages of a stream that are not acknowledged whole, but those of an identifier.
    pub(super) fn messages(&self, stream: u16, except: u32) -> u32 {
        let (mut count, mut is_whole) = (0u32, true);
        let mut at = self.queue.first();
        while let Some(entry) = self.queue.get(at) {
            // The chunks of a message follow each other.
            if entry.stream == stream && entry.ppid != except {
                is_whole &= entry.is(ACKED | ABANDONED);
                if entry.flags & LAST != 0 {
                    count = count.wrapping_add((!is_whole).into());
                    is_whole = true;
                }
            }
            at = self.queue.next(at, &entry);
        }
        count
    }

    /// Whether chunks of this stream are in the queue.
    pub(super) fn holds(&self, stream: u16) -> bool {
        let mut at = self.queue.first();
        while let Some(entry) = self.queue.get(at) {
            if entry.stream == stream {
                return true;
            }
            at = self.queue.next(at, &entry);
        }
        false
    }

    /// Whether something can be sent: a FORWARD-TSN or a chunk.
    pub(super) fn ready(&self) -> bool {
        self.forward && self.front_is_abandoned() || self.next(self.queue.first()).is_some()
    }

    /// The first chunk at `at` or after it that may be sent now. Entries before it need not be looked at again.
    fn next(&self, mut at: usize) -> Option<(usize, Entry)> {
        while let Some(entry) = self.queue.get(at) {
            let after = self.in_flight.wrapping_add(entry.len.into());
            let resend = entry.is(RESEND) && !entry.is(ACKED | ABANDONED);
            if resend || !entry.is(SENT) {
                let allowed = if resend {
                    // RFC 9260, 7.2.4: the first packet of a fast retransmit does not ask the congestion window.
                    // 6.3.3, E3: after a timeout that window is one packet.
                    self.fast || after <= self.congestion.window
                } else {
                    // 6.1: A, the peer's window; B, the congestion window.
                    after <= self.peer_window && self.in_flight < self.congestion.window
                };
                // 6.1, A: one chunk may be under way even if the peer's window is 0.
                return (allowed || self.in_flight == 0).then_some((at, entry));
            }
            at = self.queue.next(at, &entry);
        }
        None
    }

    /// Writes as many DATA chunks as may be sent and fit. Returns whether there were any.
    pub(super) fn write_data<const N: usize>(
        &mut self,
        writer: &mut Writer,
        streams: &mut Streams<N>,
        now: u32,
    ) -> bool {
        let mut at = self.queue.first();
        let mut tsn = self.base;
        let mut any = false;
        while let Some((found, mut entry)) = self.next(at) {
            if writer.free() < padded(entry.len.into()).wrapping_add(16) {
                break;
            }
            while at < found
                && let Some(passed) = self.queue.get(at)
            {
                at = self.queue.next(at, &passed);
                tsn = tsn.wrapping_add(1);
            }
            if !entry.is(SENT) && entry.flags & (FIRST | UNORDERED) == FIRST {
                entry.ssn = streams.next_ssn(entry.stream);
                self.number(found, entry.ssn);
            }
            self.write_chunk(writer, found, &entry, tsn);
            if entry.is(SENT) {
                self.retransmitted = self.retransmitted.wrapping_add(1);
            } else if self.measured.is_none() {
                self.measured = Some(instant(now));
                entry.state |= TIMED;
            }
            entry.state = entry.state & !RESEND | SENT;
            entry.sends = entry.sends.saturating_add(1);
            self.queue.set(found, &entry);
            self.in_flight = self.in_flight.wrapping_add(entry.len.into());
            // RFC 9260, 6.3.2, R1; and 7.2.4: the timer restarts when the earliest chunk is sent again.
            if !self.timer.runs() || found == self.queue.first() {
                self.timer.start(now, self.rto.ms());
            }
            any = true;
        }
        if any {
            self.fast = false;
        }
        any
    }

    fn write_chunk(&self, writer: &mut Writer, at: usize, entry: &Entry, tsn: u32) {
        let mut flags = entry.flags & (LAST | FIRST | UNORDERED);
        // RFC 7053: the last chunk asks for an acknowledgement at once if the next message could have to wait for it.
        let is_last = self.queue.get(self.queue.next(at, entry)).is_none();
        if is_last && self.queue.free() < self.queue.capacity() >> 1 {
            flags |= IMMEDIATE;
        }
        let start = writer.begin(DATA, flags);
        writer.u32(tsn);
        writer.u16(entry.stream);
        writer.u16(entry.ssn);
        writer.u32(entry.ppid);
        writer.put(self.queue.data(at, entry));
        writer.end(start);
    }

    /// Gives the message at `at` its stream sequence number. It gets it when its first chunk is sent, so that a message
    /// that expires before leaves no gap.
    fn number(&mut self, mut at: usize, ssn: u16) {
        while let Some(mut entry) = self.queue.get(at) {
            entry.ssn = ssn;
            self.queue.set(at, &entry);
            if entry.flags & LAST != 0 {
                break;
            }
            at = self.queue.next(at, &entry);
        }
    }

    /// Whether the peer's window was closed.
    pub(super) fn window_closed(&self) -> bool {
        self.peer_window == 0
    }
}
