//! What the peer acknowledges, and what is lost (RFC 9260, 6.2.1, 6.3 and 7.2.4).

use super::Config;
use super::bytes::before;
use super::chunk::FIRST;
use super::queue::{ABANDONED, ACKED, Entry, FAST, RESEND, SENT, TIMED};
use super::send::Sender;

impl Sender<'_> {
    /// The Cumulative TSN Ack of a SHUTDOWN, or a SACK, which has a window and Gap Ack Blocks beside. Returns
    /// whether it acknowledged something.
    pub(super) fn acknowledged(
        &mut self,
        cumulative: u32,
        sack: Option<(u32, &[u8])>,
        config: &Config,
        now: u32,
    ) -> bool {
        // RFC 9260, 6.2.1, D, i: a SACK whose Cumulative TSN Ack is behind is out of order, and dropped. One
        // that acknowledges what was never sent is not a SACK of this association.
        let last = self.last_tsn();
        if before(cumulative, self.base.wrapping_sub(1)) || before(last, cumulative) {
            return false;
        }
        let in_flight = self.in_flight;
        let mut bytes = 0u32;
        let mut timed = 0;
        let moved = !before(cumulative, self.base);
        while !before(cumulative, self.base)
            && let Some(entry) = self.queue.get(self.queue.first())
        {
            if !entry.is(ACKED | ABANDONED) {
                bytes = bytes.wrapping_add(entry.len.into());
            }
            timed |= entry.state & TIMED;
            self.base = self.base.wrapping_add(1);
            self.queue.pop(&entry);
        }
        // The highest TSN that is newly acknowledged, and the highest that is reported.
        let mut newest = cumulative;
        let mut highest = cumulative;

        if let Some((window, _)) = sack {
            self.peer_window = window;
        }
        self.in_flight = 0;
        let mut at = self.queue.first();
        let mut tsn = self.base;
        while let Some(mut entry) = self.queue.get(at).filter(|entry| entry.is(SENT)) {
            let reported = match sack {
                Some((_, blocks)) => {
                    entry.sends > 0 && contains(blocks, tsn.wrapping_sub(cumulative))
                }
                None => entry.is(ACKED),
            };
            if reported {
                highest = tsn;
                if !entry.is(ACKED) {
                    newest = tsn;
                    bytes = bytes.wrapping_add(entry.len.into());
                    timed |= entry.state & TIMED;
                }
                entry.state = entry.state & !(RESEND | TIMED) | ACKED;
            } else {
                // RFC 9260, 6.2.1, D, iii: what was reported before, the peer dropped again.
                entry.state &= !ACKED;
            }
            self.queue.set(at, &entry);
            if entry.in_flight() {
                self.in_flight = self.in_flight.wrapping_add(entry.len.into());
            }
            at = self.queue.next(at, &entry);
            tsn = tsn.wrapping_add(1);
        }
        if timed != 0 {
            self.round_trip(config, now);
        }

        // In fast recovery all that is missing counts again, when the Cumulative TSN moves (7.2.4).
        let until = if moved && self.congestion.in_recovery() { highest } else { newest };
        self.missing(until, last, config, now);
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

    /// RFC 9260, 7.2.4: a chunk that is missing while a later one was newly acknowledged, for the third time,
    /// is sent again without waiting for the timer. Chunks before `until` count; `last` was sent last.
    fn missing(&mut self, until: u32, last: u32, config: &Config, now: u32) {
        let mut at = self.queue.first();
        let mut message = at;
        let mut tsn = self.base;
        while before(tsn, until)
            && let Some(mut entry) = self.queue.get(at)
        {
            if entry.flags & FIRST != 0 {
                message = at;
            }
            if entry.in_flight() && !entry.is(FAST) {
                entry.misses = entry.misses.wrapping_add(1);
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

    /// The chunk that is measured was acknowledged. RFC 9260, 6.3.1, C4 and C5: one chunk for each round trip is
    /// measured, and none that was sent twice.
    fn round_trip(&mut self, config: &Config, now: u32) {
        if let Some(sent_at) = self.measured.take() {
            let ms = now.wrapping_sub(sent_at.get());
            self.rto.measured(ms, config.rto_min_ms, config.rto_max_ms);
        }
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

    /// The chunk at `at`, of the message at `message`, is lost.
    fn lost(&mut self, at: usize, message: usize, entry: &mut Entry, now: u32) {
        self.in_flight = self.in_flight.wrapping_sub(entry.len.into());
        if entry.is(TIMED) {
            self.measured = None;
        }
        entry.state = entry.state & !TIMED | RESEND;
        entry.misses = 0;
        self.queue.set(at, entry);
        if self.abandons && (entry.exhausted() || entry.expired(now)) {
            self.abandon(message);
        }
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
