//! What an association counts.

use super::association::Association;

impl<const STREAMS: usize> Association<'_, STREAMS> {
    /// What went wrong so far and was put right.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            retransmitted: self.sender.retransmitted,
            dropped: self.receiver.dropped,
            round_trip_ms: self.sender.rto.smoothed_ms(),
        }
    }
}

/// What went wrong so far and was put right, and how far away the peer is. Counts wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Statistics {
    /// Chunks that were sent again.
    pub retransmitted: u16,
    /// Chunks that came out of order and were dropped, because no slot was free: the peer had to send them again.
    pub dropped: u16,
    /// The smoothed round trip, in ms; 0: none was measured.
    pub round_trip_ms: u32,
}
