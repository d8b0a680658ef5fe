//! What a session starts with.

/// Who nominates. The side that sends the offer is controlling, unless only the other is a full agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Role {
    /// This agent nominates.
    Controlling,
    /// The peer nominates.
    Controlled,
}

/// How long things take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Timing {
    /// From one check of a connected peer to the next: 5 000, and up to a fifth more or less. RFC 7675 wants no
    /// less than 4 000; a lite server that misses a peer after 10 s is safer with 2 500. 500 to 15 000: what is
    /// outside is moved there.
    pub consent_ms: u32,
    /// From the start to [`Event::Failed`](super::Event::Failed): 30 000, and 12 days at most.
    pub fail_ms: u32,
}

impl Timing {
    /// As the fields say.
    pub const DEFAULT: Self = Self { consent_ms: 5_000, fail_ms: 30_000 };
}

impl Default for Timing {
    fn default() -> Self {
        Self::DEFAULT
    }
}
