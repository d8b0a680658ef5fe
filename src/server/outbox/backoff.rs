//! Pauses between attempts.

/// Pauses that double from attempt to attempt up to a longest one, each shortened at random by up to
/// its half, so that devices that lost the server together do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Backoff {
    first_ms: u32,
    most_ms: u32,
}

impl Backoff {
    /// The first pause and the longest one, in milliseconds: 1 000 and 30 000 are usual. With a first
    /// one of 0 there are no pauses, and a server that is down is called in a tight loop.
    pub const fn new(first_ms: u32, most_ms: u32) -> Self {
        Self { first_ms, most_ms }
    }

    /// The pause after the attempt number `attempt`, from 0, in milliseconds.
    pub fn pause_ms(&self, attempt: u32, random: u32) -> u32 {
        let doubled = self.first_ms.saturating_mul(1 << attempt.min(30));
        jittered(doubled.min(self.most_ms), random)
    }

    /// The longest pause, in milliseconds: where repeating soon is of no use.
    pub fn longest_ms(&self, random: u32) -> u32 {
        jittered(self.most_ms, random)
    }
}

/// Between half of `pause_ms` and all of it.
fn jittered(pause_ms: u32, random: u32) -> u32 {
    let half = u64::from(pause_ms / 2);
    let less = (half * u64::from(random)) >> 32;
    pause_ms.saturating_sub(less as u32)
}
