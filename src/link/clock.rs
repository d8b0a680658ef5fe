//! How long the other end takes to acknowledge: RFC 6298, in milliseconds.

/// Before the first acknowledgement.
const FIRST_MS: u32 = 1_000;
const MIN_MS: u32 = 50;
const MAX_MS: u32 = 4_000;

/// When what was sent is sent again.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    smoothed: u32,
    variation: u32,
    /// 0 stands for [`FIRST_MS`], so that a link is all zero at the start.
    timeout: u32,
}

impl Clock {
    pub(super) const NEW: Self = Self { smoothed: 0, variation: 0, timeout: 0 };

    pub(super) const fn timeout(&self) -> u32 {
        if self.timeout == 0 { FIRST_MS } else { self.timeout }
    }

    /// Notes how long an acknowledgement took of what was sent once.
    pub(super) fn measured(&mut self, took: u32) {
        let took = took.clamp(1, MAX_MS);
        if self.smoothed == 0 {
            (self.smoothed, self.variation) = (took, took / 2);
        } else {
            let differs = self.smoothed.abs_diff(took);
            self.variation = self.variation.wrapping_mul(3).wrapping_add(differs) / 4;
            self.smoothed = self.smoothed.wrapping_mul(7).wrapping_add(took) / 8;
        }
        let timeout = self.smoothed.wrapping_add(self.variation.wrapping_mul(4));
        self.timeout = timeout.clamp(MIN_MS, MAX_MS);
    }

    /// Notes that none came in time.
    pub(super) fn expired(&mut self) {
        self.timeout = self.timeout().wrapping_mul(2).min(MAX_MS);
    }
}
