//! Requests that are rejected before they are sent, because the server's response would mislead, or
//! the server would accept and drop them.

use core::fmt;

use crate::EncodeError;
use crate::borrowed::{PerformRpcRequest, RoomParticipantIdentity, SendDataRequest};

/// The largest packet that the server forwards to an SDK, in bytes. It drops a larger one, with status
/// 200 all the same. Found by experiment with server 1.13.4.
pub const MAX_FORWARDED_BYTES: usize = 262_144;

pub use crate::MAX_RPC_PAYLOAD_BYTES;

/// A request was not encoded, and nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RequestError {
    /// The buffer is too small for headers and body.
    BufferTooSmall {
        /// Bytes of the whole request.
        needed: usize,
        /// Bytes of the buffer.
        available: usize,
    },
    /// A field is longer than what can be delivered.
    TooLong {
        /// The field, as the schema names it.
        field: &'static str,
        /// Its length in bytes.
        len: usize,
        /// The largest length that can be delivered.
        max: usize,
    },
    /// A field that must not be empty is: without a room the server responds 401, as for a wrong token.
    Empty {
        /// The field, as the schema names it.
        field: &'static str,
    },
    /// An invalid nonce: the server would not drop a repeated packet, or drop the first one.
    Nonce(NonceError),
    /// Host or token contain a character that is not allowed in a header, such as a space or a line
    /// break: a token read from a file often ends in one.
    Header {
        /// `host` or `token`.
        field: &'static str,
    },
}

/// Bytes that are not a valid nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NonceError {
    /// Its length is not 16; 0 if there is none.
    Length(usize),
    /// All 16 bytes are zero: the server always takes that for a repeat, and drops the packet.
    Zero,
}

/// 16 random bytes that make a repeat harmless: the server drops a packet whose nonce it has seen
/// among the last 100 of the room.
///
/// Draw it once for a payload, use it for every attempt to send that payload, and never for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Nonce([u8; 16]);

impl Nonce {
    /// Makes a nonce of 16 bytes from the device's random number generator.
    ///
    /// # Errors
    /// [`NonceError::Zero`]: a generator that has not been started tends to return zeros.
    pub fn new(random: [u8; 16]) -> Result<Self, NonceError> {
        nonce(&random).map(|()| Self(random))
    }

    /// Returns the bytes, for [`SendDataRequest::nonce`].
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

pub(super) fn nonce(nonce: &[u8]) -> Result<(), NonceError> {
    match nonce.len() {
        16 if nonce.iter().all(|&byte| byte == 0) => Err(NonceError::Zero),
        16 => Ok(()),
        other => Err(NonceError::Length(other)),
    }
}

pub(super) fn not_empty(field: &'static str, text: &str) -> Result<(), RequestError> {
    if text.is_empty() { Err(RequestError::Empty { field }) } else { Ok(()) }
}

pub(super) fn participant(request: &RoomParticipantIdentity<'_>) -> Result<(), RequestError> {
    not_empty("room", request.room)?;
    not_empty("identity", request.identity)
}

pub(super) fn send_data(request: &SendDataRequest<'_>) -> Result<(), RequestError> {
    not_empty("room", request.room)?;
    nonce(request.nonce).map_err(RequestError::Nonce)?;
    // The packet that the server makes of it has the destinations twice, each with a tag and a length
    // of at most three bytes, the nonce and the topic.
    let topic = request.topic.map_or(0, str::len);
    let mut overhead = 40usize.saturating_add(topic);
    for to in request.destination_identities.iter().chain(&request.destination_sids) {
        overhead = overhead.saturating_add(to.len().saturating_add(4).saturating_mul(2));
    }
    let max = MAX_FORWARDED_BYTES.saturating_sub(overhead);
    check_len("data", request.data.len(), max)
}

pub(super) fn perform_rpc(request: &PerformRpcRequest<'_>) -> Result<(), RequestError> {
    not_empty("room", request.room)?;
    not_empty("destination_identity", request.destination_identity)?;
    not_empty("method", request.method)?;
    check_len("payload", request.payload.len(), MAX_RPC_PAYLOAD_BYTES)
}

fn check_len(field: &'static str, len: usize, max: usize) -> Result<(), RequestError> {
    if len > max { Err(RequestError::TooLong { field, len, max }) } else { Ok(()) }
}

impl From<EncodeError> for RequestError {
    fn from(error: EncodeError) -> Self {
        let EncodeError::BufferTooSmall { needed, available } = error;
        Self::BufferTooSmall { needed, available }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall { needed, available } => {
                write!(f, "the request has {needed} bytes, the buffer {available}")
            }
            Self::TooLong { field, len, max } => {
                write!(f, "{field} has {len} bytes, at most {max} can be delivered")
            }
            Self::Empty { field } => write!(f, "{field} must not be empty"),
            Self::Nonce(error) => error.fmt(f),
            Self::Header { field } => {
                write!(f, "{field} contains a character that is not allowed in a header")
            }
        }
    }
}

impl fmt::Display for NonceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(len) => write!(f, "a nonce has 16 random bytes, not {len}"),
            Self::Zero => f.write_str("a nonce of 16 zero bytes is always taken for a repeat"),
        }
    }
}

impl core::error::Error for RequestError {}
impl core::error::Error for NonceError {}
