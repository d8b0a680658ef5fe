//! Messages that are given up, and FORWARD-TSN (RFC 3758).

use super::bytes::Writer;
use super::chunk::{FIRST, FORWARD_TSN, LAST, UNORDERED};
use super::queue::{ABANDONED, ACKED, RESEND, SENT};
use super::send::Sender;
use super::streams::Streams;

impl Sender<'_> {
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
    pub(super) fn abandon(&mut self, message: usize) {
        let mut at = message;
        while let Some(mut entry) = self.queue.get(at) {
            if entry.in_flight() {
                self.in_flight = self.in_flight.wrapping_sub(entry.len.into());
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

    #[inline(never)]
    pub(super) fn front_is_abandoned(&self) -> bool {
        self.queue.get(self.queue.first()).is_some_and(|entry| entry.is(ABANDONED))
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
        for stream in streams.used() {
            // Of each ordered stream the largest sequence number that is skipped.
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
}
