//! The anti-replay window.

/// RFC 6347, 4.1.2.6: "A minimum window size of 32 MUST be supported, but a window size of 64 is preferred".
#[derive(Clone, Copy)]
pub(super) struct Replay {
    highest: u64,
    /// Bit n: the record `highest` - n was received.
    window: u64,
}

impl Replay {
    pub const fn new() -> Self {
        Self { highest: 0, window: 0 }
    }

    /// Whether the record of this number was received, or is too old to tell.
    pub fn is_repeated(&self, sequence: u64) -> bool {
        match self.highest.checked_sub(sequence) {
            None => false,
            Some(age @ 0..64) => (self.window >> age) & 1 == 1,
            Some(_) => true,
        }
    }

    /// "The receive window is updated only if the MAC verification succeeds."
    pub fn mark(&mut self, sequence: u64) {
        let mut age = self.highest.wrapping_sub(sequence);
        if sequence > self.highest {
            let by = sequence.wrapping_sub(self.highest);
            self.window = if by < 64 { self.window << by } else { 0 };
            self.highest = sequence;
            age = 0;
        }
        self.window |= 1 << (age & 63);
    }
}
