//! A server that a device reaches over TLS, and why it does not.

use embedded_tls::MaxFragmentLength;
use livekit_micro_trust::Verifier;
use livekit_micro_trust::embedded_tls::OpenError;

use crate::{Clock, Host};

/// Where the server is, and what proves that it is the server.
#[derive(Clone, Copy)]
pub struct TlsServer<'s> {
    /// The server, or what stands in front of it. Its certificate has to have this name.
    pub host: Host<'s>,
    /// The roots that the device trusts.
    pub verifier: Verifier<'s>,
    /// The time. The device does not connect without it.
    pub clock: &'s Clock,
    /// Fills a slice with random bytes.
    pub random: fn(&mut [u8]),
}

/// Why a connection failed. The participant tries again, as with any other server that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TlsError {
    /// The device does not know the time: no certificate can be verified.
    NoTime,
    /// The name servers do not know the server's name, or do not answer.
    NotResolved,
    /// Nothing accepts connections at the server's address.
    NotConnected,
    /// The connection, or the handshake, took too long.
    Timeout,
    /// The handshake failed.
    Open(OpenError),
    /// The connection ended without TLS's `close_notify`, or what came over it was not TLS's.
    Lost,
}

/// The longest fragments that a server may send for its records to fit in a buffer of this length; `None` if all fit.
///
/// A record is 256 bytes longer at most (RFC 8446, 5.2).
pub(super) fn longest_fragment(buffer: usize) -> Option<MaxFragmentLength> {
    match buffer.saturating_sub(256) {
        16_384.. => None,
        4096.. => Some(MaxFragmentLength::Bits12),
        2048.. => Some(MaxFragmentLength::Bits11),
        1024.. => Some(MaxFragmentLength::Bits10),
        _ => Some(MaxFragmentLength::Bits9),
    }
}
