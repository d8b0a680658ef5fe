//! What is to become of the handshake when a message is not accepted.

use super::Error;
use crate::bytes::Malformed;

pub(super) enum Reject {
    /// The message is discarded. The same one, received again after our next retransmission, ends the handshake.
    Malformed,
    /// The same, for a message that is not the one that is due.
    Unexpected,
    /// The handshake ends.
    Fatal(Error),
}

impl From<Malformed> for Reject {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}
