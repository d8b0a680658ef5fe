//! Data to the peer: what is sent, sent again, abandoned.

use super::Config;
use super::bytes::{Writer, before, padded};
use super::chunk::{DATA, FIRST, FORWARD_TSN, LAST, UNORDERED};
use super::congestion::Congestion;
use super::queue::{ABANDONED, ACKED, Entry, FAST, Queue, RESEND, SENT};
use super::streams::{StreamState, Streams};
use super::timer::{Rto, Timer};

/// What goes to the peer.
pub(super) struct Sender<'a> {
    pub(super) queue: Queue<'a>,
    /// The TSN of the first entry.
    pub(super) base: u32,
    /// The peer's receiver window, as its last SACK gave it.
    peer_window: u32,
    /// Bytes under way.
    in_flight: u32,
    congestion: Congestion,
    pub(super) rto: Rto,
    /// T1, T2 and T3, of which only one can run.
    pub(super) timer: Timer,
    /// The chunk whose round trip is measured, and when it was sent.
    measured: Option<(u32, u32)>,
    /// When data was sent last.
    sent_at: u32,
    /// The next packet of retransmissions may go out whatever the congestion window says.
    fast: bool,
    /// A FORWARD-TSN is due.
    forward: bool,
    /// The peer understands FORWARD-TSN.
    abandons: bool,
    /// Chunks that were sent again.
    pub(super) retransmitted: u32,
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
            sent_at: 0,
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
                sum = sum.saturating_add(entry.len.into());
            }
            at = self.queue.next(at, &entry);
        }
        sum
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

    /// Lets go of messages whose lifetime is over and that are not under way.
    pub(super) fn expire(&mut self, now: u32) {
        if !self.abandons {
            return;
        }
        let mut at = self.queue.first();
        let mut message = at;
        while let Some(entry) = self.queue.get(at) {
            if entry.flags & FIRST != 0 {
                message = at;
            }
            let waits = entry.state & (SENT | RESEND | ACKED | ABANDONED);
            if entry.expired(now) && (waits == 0 || waits == SENT | RESEND) {
                if entry.flags & FIRST != 0 && waits == 0 {
                    // RFC 3758, 3.5, A2 and A3: a message that expires before it has a TSN gets none.
                    self.queue.remove(at);
                    continue;
                }
                self.abandon(message);
            }
            at = self.queue.next(at, &entry);
        }
    }

    /// RFC 3758, 3.5, A3: all chunks of a message are abandoned together, those without a TSN too.
    fn abandon(&mut self, message: usize) {
        let mut at = message;
        while let Some(mut entry) = self.queue.get(at) {
            if entry.in_flight() {
                self.in_flight = self.in_flight.saturating_sub(entry.len.into());
            }
            entry.state |= SENT | ABANDONED;
            self.queue.set(at, &entry);
            if entry.flags & LAST != 0 {
                break;
            }
            at = self.queue.next(at, &entry);
        }
        self.forward = true;
    }

    /// The chunk at `at`, of the message at `message`, is lost.
    fn lost(&mut self, at: usize, message: usize, entry: &mut Entry, now: u32) {
        self.in_flight = self.in_flight.saturating_sub(entry.len.into());
        entry.state |= RESEND;
        entry.misses = 0;
        self.queue.set(at, entry);
        // What is measured could be this chunk.
        self.measured = None;
        if self.abandons && (entry.exhausted() || entry.expired(now)) {
            self.abandon(message);
        }
    }

    /// A SACK, or the Cumulative TSN Ack of a SHUTDOWN (`window` is `None`). Returns whether it acknowledged
    /// something.
    pub(super) fn acknowledged(
        &mut self,
        cumulative: u32,
        window: Option<u32>,
        blocks: &[u8],
        config: &Config,
        now: u32,
    ) -> bool {
        // RFC 9260, 6.2.1, D, i: a SACK whose Cumulative TSN Ack is behind is out of order, and dropped. One
        // that acknowledges what was never sent is no SACK of this association.
        let last = self.last_tsn();
        if before(cumulative, self.base.wrapping_sub(1)) || before(last, cumulative) {
            return false;
        }
        let in_flight = self.in_flight;
        let mut bytes = 0u32;
        let mut highest = None;
        self.peer_window = window.unwrap_or(self.peer_window);
        let moved = !before(cumulative, self.base);
        while !before(cumulative, self.base)
            && let Some(entry) = self.queue.get(self.queue.first())
        {
            if entry.in_flight() {
                self.in_flight = self.in_flight.saturating_sub(entry.len.into());
            }
            if !entry.is(ACKED | ABANDONED) {
                bytes = bytes.saturating_add(entry.len.into());
            }
            self.round_trip(self.base, config, now);
            highest = Some(self.base);
            self.base = self.base.wrapping_add(1);
            self.queue.pop(&entry);
        }
        if window.is_some() {
            self.gaps(cumulative, blocks, &mut bytes, &mut highest, config, now);
            // In fast recovery all that is missing counts again, when the Cumulative TSN moves (7.2.4).
            let until = if moved && self.congestion.in_recovery() { Some(last) } else { highest };
            if !blocks.is_empty()
                && let Some(until) = until
            {
                self.missing(cumulative, blocks, until, last, config, now);
            }
        }
        let packet = config.packet.into();
        if moved {
            self.congestion.acknowledged(cumulative, bytes, in_flight, packet);
        }
        // RFC 3758, 3.5, C3: while the peer has not passed what was abandoned, each SACK is answered by a
        // FORWARD-TSN.
        self.forward = self.front_is_abandoned();
        if self.in_flight == 0 {
            self.congestion.all_acknowledged();
        }
        // RFC 9260, 6.3.2, R2 and R3: nothing is under way, or the earliest chunk is acknowledged.
        if self.in_flight == 0 && !self.forward {
            self.timer.stop();
        } else if moved || !self.timer.runs() {
            self.timer.start(now, self.rto.ms());
        }
        bytes > 0 || moved
    }

    /// Marks what Gap Ack Blocks report, and what they report no more.
    fn gaps(
        &mut self,
        cumulative: u32,
        blocks: &[u8],
        bytes: &mut u32,
        highest: &mut Option<u32>,
        config: &Config,
        now: u32,
    ) {
        let mut at = self.queue.first();
        let mut tsn = self.base;
        while let Some(mut entry) = self.queue.get(at).filter(|entry| entry.is(SENT)) {
            let reported = entry.sends > 0 && contains(blocks, tsn.wrapping_sub(cumulative));
            if reported != entry.is(ACKED) {
                let was_in_flight = entry.in_flight();
                if reported {
                    entry.state = entry.state & !RESEND | ACKED;
                    *bytes = bytes.saturating_add(entry.len.into());
                    *highest = Some(tsn);
                    self.round_trip(tsn, config, now);
                } else {
                    // RFC 9260, 6.2.1, D, iii: the peer dropped it again.
                    entry.state &= !ACKED;
                }
                let len = entry.len.into();
                match (was_in_flight, entry.in_flight()) {
                    (true, false) => self.in_flight = self.in_flight.saturating_sub(len),
                    (false, true) => self.in_flight = self.in_flight.saturating_add(len),
                    _ => {}
                }
                self.queue.set(at, &entry);
            }
            at = self.queue.next(at, &entry);
            tsn = tsn.wrapping_add(1);
        }
    }

    /// RFC 9260, 7.2.4: a chunk that is missing while a later one was newly acknowledged, for the third time,
    /// is sent again without waiting for the timer. Chunks up to `until` count.
    fn missing(
        &mut self,
        cumulative: u32,
        blocks: &[u8],
        until: u32,
        last: u32,
        config: &Config,
        now: u32,
    ) {
        let mut at = self.queue.first();
        let mut message = at;
        let mut tsn = self.base;
        let reported = farthest(blocks);
        while let Some(mut entry) = self.queue.get(at)
            && before(tsn, until)
            && tsn.wrapping_sub(cumulative) < reported
        {
            if entry.flags & FIRST != 0 {
                message = at;
            }
            if entry.in_flight() && !entry.is(FAST) {
                entry.misses = entry.misses.saturating_add(1);
                if entry.misses >= 3 {
                    entry.state |= FAST;
                    self.lost(at, message, &mut entry, now);
                    self.congestion.lost(last, config.packet.into());
                    self.fast = true;
                } else {
                    self.queue.set(at, &entry);
                }
            }
            at = self.queue.next(at, &entry);
            tsn = tsn.wrapping_add(1);
        }
    }

    /// RFC 9260, 6.3.1, C4 and C5: one chunk for each round trip is measured, and none that was sent twice.
    fn round_trip(&mut self, tsn: u32, config: &Config, now: u32) {
        if let Some((measured, sent_at)) = self.measured
            && measured == tsn
        {
            self.measured = None;
            let ms = now.wrapping_sub(sent_at);
            self.rto.measured(ms, config.rto_min_ms, config.rto_max_ms);
        }
    }

    fn front_is_abandoned(&self) -> bool {
        self.queue.get(self.queue.first()).is_some_and(|entry| entry.is(ABANDONED))
    }

    /// T3-rtx expired (RFC 9260, 6.3.3): E1 shrinks the window, E2 backs off, E3 sends all that is under way
    /// again, the earliest first.
    pub(super) fn timeout(&mut self, config: &Config, now: u32) {
        self.congestion.timeout(config.packet.into());
        self.rto.back_off(config.rto_max_ms);
        self.timer.stop();
        self.fast = false;
        let mut at = self.queue.first();
        let mut message = at;
        while let Some(mut entry) = self.queue.get(at).filter(|entry| entry.is(SENT)) {
            if entry.flags & FIRST != 0 {
                message = at;
            }
            if entry.in_flight() {
                self.lost(at, message, &mut entry, now);
            }
            at = self.queue.next(at, &entry);
        }
        self.in_flight = 0;
        // RFC 3758, 3.5, A5 and C: what T3-rtx finds at the front is passed over, or passed over again.
        self.forward = self.front_is_abandoned();
    }

    /// Whether something can be sent: a FORWARD-TSN or a chunk.
    pub(super) fn ready(&self) -> bool {
        self.forward && self.front_is_abandoned() || self.next(self.queue.first()).is_some()
    }

    /// The first chunk at `at` or after it that may be sent now. Entries before it need not be looked at again.
    fn next(&self, mut at: usize) -> Option<(usize, Entry)> {
        while let Some(entry) = self.queue.get(at) {
            let after = self.in_flight.saturating_add(entry.len.into());
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
        config: &Config,
        now: u32,
    ) -> bool {
        if self.in_flight == 0 && now.wrapping_sub(self.sent_at) > self.rto.ms() {
            self.congestion.idle(config.packet.into());
        }
        let mut at = self.queue.first();
        let mut tsn = self.base;
        let mut any = false;
        while let Some((found, mut entry)) = self.next(at) {
            if writer.free() < padded(entry.len.into()).saturating_add(16) {
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
                if self.measured.is_some_and(|(measured, _)| measured == tsn) {
                    self.measured = None;
                }
            } else if self.measured.is_none() {
                self.measured = Some((tsn, now));
            }
            entry.state = entry.state & !RESEND | SENT;
            entry.sends = entry.sends.saturating_add(1);
            self.queue.set(found, &entry);
            self.in_flight = self.in_flight.saturating_add(entry.len.into());
            // RFC 9260, 6.3.2, R1; and 7.2.4: the timer restarts when the earliest chunk is sent again.
            if !self.timer.runs() || found == self.queue.first() {
                self.timer.start(now, self.rto.ms());
            }
            any = true;
        }
        if any {
            self.fast = false;
            self.sent_at = now;
        }
        any
    }

    fn write_chunk(&self, writer: &mut Writer, at: usize, entry: &Entry, tsn: u32) {
        let start = writer.begin(DATA, entry.flags & (LAST | FIRST | UNORDERED));
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

    /// Writes a FORWARD-TSN if one is due (RFC 3758, 3.5, C; 3.2).
    pub(super) fn write_forward<const N: usize>(
        &mut self,
        writer: &mut Writer,
        streams: &Streams<N>,
        now: u32,
    ) -> bool {
        if !self.forward || !self.front_is_abandoned() {
            return false;
        }
        let start = writer.begin(FORWARD_TSN, 0);
        writer.u32(self.base.wrapping_add(self.abandoned(None).0).wrapping_sub(1));
        for stream in streams.all().filter(|stream| stream.state != StreamState::Unused) {
            // "the largest stream sequence number being skipped" of each ordered stream.
            if let (_, Some(ssn)) = self.abandoned(Some(stream.id)) {
                writer.u16(stream.id);
                writer.u16(ssn);
            }
        }
        if !writer.end(start) {
            return false;
        }
        self.forward = false;
        // RFC 3758, 3.5, C5: T3-rtx runs for it.
        if !self.timer.runs() {
            self.timer.start(now, self.rto.ms());
        }
        true
    }

    /// How many chunks at the front are abandoned, and the last stream sequence number among those of `stream`.
    fn abandoned(&self, stream: Option<u16>) -> (u32, Option<u16>) {
        let mut count = 0u32;
        let mut ssn = None;
        let mut at = self.queue.first();
        while let Some(entry) = self.queue.get(at).filter(|entry| entry.is(ABANDONED)) {
            if Some(entry.stream) == stream && entry.flags & UNORDERED == 0 {
                ssn = Some(entry.ssn);
            }
            count = count.wrapping_add(1);
            at = self.queue.next(at, &entry);
        }
        (count, ssn)
    }

    /// Whether the peer's window was closed.
    pub(super) fn window_closed(&self) -> bool {
        self.peer_window == 0
    }
}

/// Whether one of the Gap Ack Blocks contains this offset from the Cumulative TSN.
fn contains(blocks: &[u8], offset: u32) -> bool {
    let (blocks, _) = blocks.as_chunks::<4>();
    blocks.iter().any(|&[a, b, c, d]| {
        let (first, last) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        // RFC 9260, 3.3.4: a block begins after a gap. One that does not, or ends before it begins, says nothing.
        first > 1 && (u32::from(first)..=u32::from(last)).contains(&offset)
    })
}

/// The highest offset that the Gap Ack Blocks report.
fn farthest(blocks: &[u8]) -> u32 {
    let (blocks, _) = blocks.as_chunks::<4>();
    blocks.iter().map(|&[_, _, c, d]| u16::from_be_bytes([c, d]).into()).max().unwrap_or(0)
}
