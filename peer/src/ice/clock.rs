//! Moments in milliseconds, as 32 bits that wrap after 49 days: only the difference of two moments within
//! 24 days of each other means anything.

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(u32);

impl Moment {
    pub(super) const ZERO: Self = Self(0);

    pub(super) fn new(now_ms: u64) -> Self {
        let [a, b, c, d, ..] = now_ms.to_le_bytes();
        Self(u32::from_le_bytes([a, b, c, d]))
    }

    pub(super) fn after(self, ms: u32) -> Self {
        Self(self.0.wrapping_add(ms))
    }

    /// Milliseconds from `now` until this moment; 0 once it has come.
    pub(super) fn until(self, now: Self) -> u32 {
        let left = self.0.wrapping_sub(now.0);
        if left >> 31 == 0 { left } else { 0 }
    }

    pub(super) fn is_due(self, now: Self) -> bool {
        self.until(now) == 0
    }
}
