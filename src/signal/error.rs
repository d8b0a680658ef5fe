//! Why signalling ended.

use core::fmt;

use super::WebSocketError;
use crate::DecodeError;

/// The connection is over: close it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SignalError {
    /// The server refuses the request, by a status of HTTP. 401: the token is not valid, or has expired. 403: it does
    /// not allow to join. 404: the room does not exist, or the server is older than this way to join; 5xx: later,
    /// perhaps.
    Refused {
        /// The status.
        status: u16,
    },
    /// What the server sends is not a valid WebSocket stream.
    WebSocket(WebSocketError),
    /// A message of the server is malformed.
    Message(MessageError),
    /// Nothing came for too long.
    TimedOut,
    /// The connection was closed without a word, or by the code of a WebSocket.
    Closed {
        /// The code of RFC 6455, 7.4; 1006 without one.
        code: u16,
    },
}

/// A message of the server's is malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MessageError {
    /// Bytes from the beginning of the message, or of the field that is malformed.
    pub offset: u32,
}

impl SignalError {
    /// Whether it is of no use to connect again with the same token: a status of 4xx that does not go by itself.
    pub fn is_final(&self) -> bool {
        // 408, 425 and 429 ask for another attempt.
        matches!(self, Self::Refused { status: 400..=499 } if !matches!(self, Self::Refused { status: 408 | 425 | 429 }))
    }
}

impl From<WebSocketError> for SignalError {
    fn from(error: WebSocketError) -> Self {
        Self::WebSocket(error)
    }
}

impl From<MessageError> for SignalError {
    fn from(error: MessageError) -> Self {
        Self::Message(error)
    }
}

impl From<DecodeError> for SignalError {
    fn from(error: DecodeError) -> Self {
        let offset = match error {
            DecodeError::Malformed { offset, .. } => u32::try_from(offset).unwrap_or(u32::MAX),
            DecodeError::Capacity(_) => 0,
        };
        Self::Message(MessageError { offset })
    }
}

impl fmt::Display for SignalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status: 401 } => {
                f.write_str("the server refuses the token (401): it is not valid, or has expired")
            }
            Self::Refused { status } => write!(f, "the server refuses to connect ({status})"),
            Self::WebSocket(error) => error.fmt(f),
            Self::Message(error) => error.fmt(f),
            Self::TimedOut => f.write_str("the server has not said anything for too long"),
            Self::Closed { code } => write!(f, "the server closed the connection ({code})"),
        }
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a message of the server is malformed at byte {}", self.offset)
    }
}

impl core::error::Error for SignalError {}
impl core::error::Error for MessageError {}
