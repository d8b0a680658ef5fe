//! Pauses between attempts.

/// Pauses that double from attempt to attempt up to a longest one, each shortened at random by up to
/// half, so that devices that lost the server together do not all come back at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Backoff {
    first_ms: u32,
    max_ms: u32,
}

impl Backoff {
    /// The first pause and the longest one, in milliseconds: 1 000 and 30 000 are usual. If the first
    /// is 0 there are no pauses, and a server that is down is called in a tight loop.
    pub const fn new(first_ms: u32, max_ms: u32) -> Self {
        Self { first_ms, max_ms }
    }

    /// Returns the pause after attempt number `attempt`, from 0, in milliseconds.
    pub fn pause_ms(&self, attempt: u32, random: u32) -> u32 {
        let doubled = self.first_ms.saturating_mul(1 << attempt.min(30));
        jittered(doubled.min(self.max_ms), random)
    }

    /// Returns the longest pause, in milliseconds: for when repeating soon is of no use.
    pub fn longest_ms(&self, random: u32) -> u32 {
        jittered(self.max_ms, random)
    }

    pub(super) fn max_ms(&self) -> u32 {
        self.max_ms
    }
}

/// Returns something between half of `pause_ms` and all of it.
fn jittered(pause_ms: u32, random: u32) -> u32 {
    let half = u64::from(pause_ms / 2);
    let less = (half * u64::from(random)) >> 32;
    pause_ms.saturating_sub(less as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let backoff = Backoff::new(1_000, 3_600_000);
        let pauses: [u32; 14] = core::array::from_fn(|attempt| backoff.pause_ms(attempt as u32, 0));
        for (attempt, pause) in pauses.into_iter().enumerate() {
            assert_eq!(pause, (1_000 << attempt).min(3_600_000), "attempt {attempt}");
        }
        assert_eq!(backoff.pause_ms(u32::MAX, 0), 3_600_000);
        assert_eq!(Backoff::new(u32::MAX, u32::MAX).pause_ms(30, 0), u32::MAX);
    }

    #[test]
    fn a_pause_is_shortened_by_up_to_half() {
        let backoff = Backoff::new(1_000, 30_000);
        assert_eq!(backoff.pause_ms(0, u32::MAX), 501);
        assert_eq!(backoff.longest_ms(1 << 31), 22_500);
    }
}
