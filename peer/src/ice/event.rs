//! What an agent tells its caller.

use core::net::SocketAddr;

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event {
    /// The peer is reached, for the first time or after a restart.
    Connected {
        /// Where data goes from now on.
        to: SocketAddr,
    },
    /// Data goes to another address: of a candidate with a higher priority, or of one that answers where the
    /// last one does not.
    Moved {
        /// Where data goes from now on.
        to: SocketAddr,
    },
    /// The peer has not answered for 30 s, and must not be sent to any more. Restart with new credentials.
    Disconnected,
    /// The peer was not reached in time. Restart with new credentials.
    Failed,
}
