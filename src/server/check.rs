//! What is refused before it is sent, because the server would answer something misleading, or
//! accept it and lose it.

use core::fmt;

use crate::EncodeError;
use crate::borrowed::{PerformRpcRequest, RoomParticipantIdentity, SendDataRequest};

/// The largest packet that the server hands on to an SDK, in bytes; a larger one is lost, and the
/// answer is 200 all the same. Found by experiment with server 1.13.4.
pub const MAX_FORWARDED_BYTES: usize = 262_144;

/// The largest payload of an RPC call, in bytes: SDKs and server refuse more.
pub const MAX_RPC_PAYLOAD_BYTES: usize = 15_360;

/// A request was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RequestError {
    /// Head and body do not fit: pass a larger buffer, or send less.
    BufferTooSmall {
        /// Bytes that the whole request takes.
        needed: usize,
        /// Bytes of the buffer that was passed.
        available: usize,
    },
    /// More than can be delivered.
    TooLong {
        /// The field, as the schema names it.
        field: &'static str,
        /// Bytes that were asked for.
        came: usize,
        /// Bytes that are possible.
        most: usize,
    },
    /// A field that must not be empty: without a room the server answers 401, as for a wrong token.
    Empty {
        /// The field, as the schema names it.
        field: &'static str,
    },
    /// A nonce that does not make a repeat harmless.
    Nonce(NonceError),
    /// Host or token hold a character that cannot stand in a header, a space or line break say: a
    /// token read from a file often ends in one.
    Header {
        /// `host` or `token`.
        field: &'static str,
    },
}

/// A nonce that does not make a repeat harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NonceError {
    /// It has not 16 bytes; 0 if there is none.
    Length(usize),
    /// 16 zero bytes: the server always takes them for a repeat, and drops the packet.
    Zero,
}

/// 16 random bytes that make a repeat harmless: the server drops a packet whose nonce it has seen
/// among the last 100 of the room.
///
/// Drawn once for a payload and used for it again until the verdict, never for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Nonce([u8; 16]);

impl Nonce {
    /// A nonce of 16 bytes from the device's source of random numbers.
    ///
    /// # Errors
    /// [`NonceError::Zero`]: a source that is not running yet tends to give these.
    pub fn new(random: [u8; 16]) -> Result<Self, NonceError> {
        nonce(&random).map(|()| Self(random))
    }

    /// The bytes, for [`SendDataRequest::nonce`].
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

pub(super) fn present(field: &'static str, text: &str) -> Result<(), RequestError> {
    if text.is_empty() { Err(RequestError::Empty { field }) } else { Ok(()) }
}

pub(super) fn participant(request: &RoomParticipantIdentity<'_>) -> Result<(), RequestError> {
    present("room", request.room)?;
    present("identity", request.identity)
}

pub(super) fn send_data(request: &SendDataRequest<'_>) -> Result<(), RequestError> {
    present("room", request.room)?;
    nonce(request.nonce).map_err(RequestError::Nonce)?;
    // What the server makes of it: a packet with the destinations, identities twice, lengths of at most
    // three bytes each, and the nonce.
    let topic = request.topic.map_or(0, str::len);
    let mut rest = 40usize.saturating_add(topic);
    for to in request.destination_identities.iter().chain(&request.destination_sids) {
        rest = rest.saturating_add(to.len().saturating_add(4).saturating_mul(2));
    }
    let most = MAX_FORWARDED_BYTES.saturating_sub(rest);
    fits("data", request.data.len(), most)
}

pub(super) fn perform_rpc(request: &PerformRpcRequest<'_>) -> Result<(), RequestError> {
    present("room", request.room)?;
    present("destination_identity", request.destination_identity)?;
    present("method", request.method)?;
    fits("payload", request.payload.len(), MAX_RPC_PAYLOAD_BYTES)
}

fn fits(field: &'static str, came: usize, most: usize) -> Result<(), RequestError> {
    if came > most { Err(RequestError::TooLong { field, came, most }) } else { Ok(()) }
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
                write!(f, "the request takes {needed} bytes, the buffer has {available}")
            }
            Self::TooLong { field, came, most } => {
                write!(f, "{field} has {came} bytes, at most {most} can be delivered")
            }
            Self::Empty { field } => write!(f, "{field} must not be empty"),
            Self::Nonce(error) => error.fmt(f),
            Self::Header { field } => {
                write!(f, "{field} holds a character that cannot stand in a header")
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
