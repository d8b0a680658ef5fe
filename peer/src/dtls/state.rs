//! Who the device is, and where a session is.

use super::Error;
use crate::Crypto;

/// Who the device is: a certificate, and the private key of its public key.
pub struct Identity<'a, C: Crypto> {
    /// X.509, in DER.
    pub certificate: &'a [u8],
    /// Signs the handshake.
    pub key: &'a C::PrivateKey,
}

/// Where a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum State {
    /// [`Client::start`](super::Client::start) was not called.
    Idle,
    /// The handshake goes on.
    Connecting,
    /// Application data goes both ways.
    Connected,
    /// The session is over.
    Closed(Error),
}

/// Which message is due, or what is to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Idle,
    ServerHello,
    Certificate,
    ServerKeyExchange,
    /// Or ServerHelloDone.
    CertificateRequest,
    ServerHelloDone,
    /// The server waits for us.
    Computing,
    Finished,
    Connected,
    Closed,
}
