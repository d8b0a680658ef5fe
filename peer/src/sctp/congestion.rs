//! How much may be under way (RFC 9260, 7).

use super::bytes::before;

/// The congestion window, in bytes.
#[derive(Clone, Copy)]
pub(super) struct Congestion {
    pub(super) window: u32,
    threshold: u32,
    /// partial_bytes_acked
    partial: u32,
    /// In fast recovery, and the TSN with which it ends.
    recovering: bool,
    recovery_end: u32,
}

impl Congestion {
    pub(super) const ZERO: Self =
        Self { window: 0, threshold: 0, partial: 0, recovering: false, recovery_end: 0 };

    /// RFC 9260, 7.2.1: the initial window is min(4 * PMTU, max(2 * PMTU, 4404)), the initial threshold may be
    /// the window of the peer.
    pub(super) fn start(&mut self, packet: u32, peer_window: u32) {
        *self = Self { window: initial(packet), threshold: peer_window, ..Self::ZERO };
    }

    /// RFC 9260, 7.2.1: after a time in which nothing was sent the window shrinks.
    pub(super) fn idle(&mut self, packet: u32) {
        self.window = self.window.min(initial(packet));
    }

    pub(super) fn in_recovery(&self) -> bool {
        self.recovering
    }

    /// A SACK moved the Cumulative TSN to `cumulative`, and acknowledged `bytes` that were not before;
    /// `in_flight` were under way until then.
    pub(super) fn acknowledged(
        &mut self,
        cumulative: u32,
        bytes: u32,
        in_flight: u32,
        packet: u32,
    ) {
        self.recovering &= before(cumulative, self.recovery_end);
        // 7.2.1: the window grows only when it was used up, and outside of fast recovery.
        if self.recovering {
            return;
        }
        if self.window <= self.threshold {
            if in_flight >= self.window {
                // Slow start.
                self.window = self.window.saturating_add(bytes.min(packet));
            }
        } else {
            // 7.2.2, congestion avoidance: a packet more each round trip.
            self.partial = self.partial.saturating_add(bytes);
            if self.partial >= self.window && in_flight >= self.window {
                self.partial = self.partial.wrapping_sub(self.window);
                self.window = self.window.saturating_add(packet);
            }
        }
    }

    /// Nothing is under way (7.2.2).
    pub(super) fn all_acknowledged(&mut self) {
        self.partial = 0;
    }

    /// Fast retransmit found a loss; `last` is the highest TSN that was sent. 7.2.4: once for each recovery.
    pub(super) fn lost(&mut self, last: u32, packet: u32) {
        if !self.recovering {
            self.halve(packet);
            self.window = self.threshold;
            self.recovering = true;
            self.recovery_end = last;
        }
    }

    /// T3-rtx expired (7.2.3).
    pub(super) fn timeout(&mut self, packet: u32) {
        self.halve(packet);
        self.window = packet;
        self.recovering = false;
    }

    /// 7.2.3: ssthresh = max(cwnd / 2, 4 * PMTU).
    fn halve(&mut self, packet: u32) {
        self.threshold = (self.window >> 1).max(packet.wrapping_mul(4));
        self.partial = 0;
    }
}

fn initial(packet: u32) -> u32 {
    packet.wrapping_mul(4).min(packet.wrapping_mul(2).max(4404))
}
