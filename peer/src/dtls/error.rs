//! Why a session ended.

use core::fmt;

use super::Alert;
use super::alert::{
    BAD_CERTIFICATE, CLOSE_NOTIFY, DECODE_ERROR, DECRYPT_ERROR, HANDSHAKE_FAILURE,
    ILLEGAL_PARAMETER, INTERNAL_ERROR, PROTOCOL_VERSION, UNEXPECTED_MESSAGE,
    UNSUPPORTED_CERTIFICATE, UNSUPPORTED_EXTENSION,
};
use super::message::MessageType;
use crate::certificate::CertificateError;

/// Why a session ended, or could not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    // The network, or the server is away.
    /// The handshake took too long.
    TimedOut {
        /// What the server had not sent.
        waiting_for: MessageType,
        /// The last alert that came without protection. It may be a forgery.
        alert: Option<Alert>,
    },

    // Somebody is in the middle, or signalling named another server.
    /// The server's certificate is not the one of the fingerprint.
    Fingerprint,
    /// The key exchange is not signed with the key of the server's certificate.
    BadSignature,
    /// The server's Finished does not confirm what was said: somebody changed it.
    BadFinished,

    // The server is set up for something else.
    /// The server chose another version than DTLS 1.2 (FE FD).
    Version {
        /// Its version, as on the wire.
        server: [u8; 2],
    },
    /// The server chose another cipher suite than C02B.
    CipherSuite(u16),
    /// The server's key exchange is on another curve than secp256r1 (23); 0 if it is on none with a name.
    Curve(u16),
    /// The server does not know the extended master secret of RFC 7627.
    NoExtendedMasterSecret,
    /// The server signed with another scheme than ecdsa_secp256r1_sha256 (0403).
    SignatureScheme(u16),
    /// The server's certificate cannot be used.
    Certificate(CertificateError),
    /// The server wants no certificate with a P-256 key of us.
    CertificateRequest,

    // The caller's buffer is too small.
    /// A handshake message is larger than the buffer for messages.
    MessageTooLarge {
        /// Which message.
        message: MessageType,
        /// Its length, in bytes.
        bytes: u32,
        /// The buffer's length, in bytes.
        capacity: u16,
    },

    // The server has a fault, or somebody forges messages.
    /// A message does not hold what its lengths say.
    Malformed {
        /// Which message.
        message: MessageType,
    },
    /// Another message than the one that is due.
    UnexpectedMessage {
        /// Which message came.
        got: MessageType,
        /// Which message was due.
        wanted: MessageType,
    },
    /// The server's ephemeral key is not a point of the curve.
    InvalidPoint,
    /// The server chose a compression method, which nobody offered.
    Compression(u8),
    /// The server answered an extension that was not offered, or with a value that was not.
    Extension(u16),

    // Our own key.
    /// [`Crypto::sign`](crate::Crypto::sign) had no signature.
    SigningFailed,

    // The end of a session.
    /// The server sent a fatal alert, under protection.
    Alert(Alert),
    /// The server closed the session.
    ClosedByPeer,
    /// [`Client::close`](super::Client::close) was called.
    Closed,
    /// All record numbers are used up.
    SequenceExhausted,
}

impl Error {
    /// The alert that tells the server, if any.
    ///
    /// RFC 5246, 7.2.2: "Whenever an implementation encounters a condition which is defined as a fatal alert, it
    /// MUST send the appropriate alert prior to closing the connection."
    pub(super) fn alert(&self) -> Option<Alert> {
        let description = match self {
            // RFC 8122, 6.2: an endpoint "MUST terminate the media connection with a bad_certificate error".
            Self::Fingerprint => BAD_CERTIFICATE,
            Self::Certificate(_) | Self::CertificateRequest | Self::MessageTooLarge { .. } => {
                UNSUPPORTED_CERTIFICATE
            }
            Self::BadSignature | Self::BadFinished => DECRYPT_ERROR,
            Self::Version { .. } => PROTOCOL_VERSION,
            // RFC 7627, 5.3: a client that does not continue without it aborts with "handshake_failure".
            Self::NoExtendedMasterSecret => HANDSHAKE_FAILURE,
            Self::CipherSuite(_)
            | Self::Curve(_)
            | Self::SignatureScheme(_)
            | Self::InvalidPoint
            | Self::Compression(_) => ILLEGAL_PARAMETER,
            // RFC 5246, 7.4.1.4.
            Self::Extension(_) => UNSUPPORTED_EXTENSION,
            Self::Malformed { .. } => DECODE_ERROR,
            Self::UnexpectedMessage { .. } => UNEXPECTED_MESSAGE,
            Self::SigningFailed => INTERNAL_ERROR,
            // RFC 5246, 7.2.1: "The other party MUST respond with a close_notify alert of its own".
            Self::Closed | Self::ClosedByPeer | Self::SequenceExhausted => CLOSE_NOTIFY,
            Self::TimedOut { .. } | Self::Alert(_) => NONE,
        };
        let level = if description == CLOSE_NOTIFY { 1 } else { 2 };
        (description != NONE).then_some(Alert { level, description })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut { waiting_for, alert: None } => {
                write!(f, "the handshake timed out waiting for {waiting_for}")
            }
            Self::TimedOut { waiting_for, alert: Some(alert) } => {
                write!(
                    f,
                    "the handshake timed out waiting for {waiting_for}; an alert came: {alert}"
                )
            }
            Self::Fingerprint => {
                f.write_str("the server's certificate is not the one of the fingerprint")
            }
            Self::BadSignature => f.write_str(
                "the key exchange is not signed with the key of the server's certificate",
            ),
            Self::BadFinished => f.write_str("the server's Finished does not match the handshake"),
            Self::Version { server: [major, minor] } => {
                write!(f, "the server chose version {major:02x}{minor:02x}, not DTLS 1.2 (fefd)")
            }
            Self::CipherSuite(suite) => {
                write!(f, "the server chose cipher suite {suite:04x}, not c02b")
            }
            Self::Curve(curve) => write!(f, "the server chose curve {curve}, not secp256r1 (23)"),
            Self::NoExtendedMasterSecret => {
                f.write_str("the server does not support the extended master secret")
            }
            Self::SignatureScheme(scheme) => write!(
                f,
                "the server signed with scheme {scheme:04x}, not ecdsa_secp256r1_sha256 (0403)"
            ),
            Self::Certificate(error) => write!(f, "the server's certificate: {error}"),
            Self::CertificateRequest => {
                f.write_str("the server requests a certificate, but none with a P-256 key")
            }
            Self::MessageTooLarge { message, bytes, capacity } => {
                write!(f, "{message} has {bytes} bytes, the buffer for messages {capacity}")
            }
            Self::Malformed { message } => write!(f, "{message} is malformed"),
            Self::UnexpectedMessage { got, wanted } => {
                write!(f, "{got} came where {wanted} was due")
            }
            Self::InvalidPoint => {
                f.write_str("the server's ephemeral key is not a point of secp256r1")
            }
            Self::Compression(method) => {
                write!(f, "the server chose compression method {method}, not 0")
            }
            Self::Extension(extension) => {
                write!(f, "the server answered extension {extension} with what was not offered")
            }
            Self::SigningFailed => f.write_str("the device's key could not sign"),
            Self::Alert(alert) => write!(f, "the server ended the session: {alert}"),
            Self::ClosedByPeer => f.write_str("the server closed the session"),
            Self::Closed => f.write_str("the session was closed here"),
            Self::SequenceExhausted => f.write_str("all record numbers of the session are used up"),
        }
    }
}

impl core::error::Error for Error {}

/// No alert.
const NONE: u8 = 255;
