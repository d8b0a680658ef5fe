//! WebSocket (RFC 6455), the client's side.

mod frame;
mod handshake;
mod send;

pub(super) use frame::{Frames, Opcode, Piece};
pub(super) use handshake::Handshake;
pub(super) use send::{accept_key, head_of, nonce};

use core::fmt;

/// What a server sent that is not a valid WebSocket stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum WebSocketError {
    /// The response to the request is not one of HTTP/1.1.
    NotHttp,
    /// A header of the response is missing, or has another value than the request calls for.
    Header {
        /// `Upgrade`, `Connection` or `Sec-WebSocket-Accept`.
        name: &'static str,
    },
    /// A frame breaks a rule of RFC 6455, 5.
    Frame {
        /// Its first byte: FIN, RSV and opcode.
        first: u8,
        /// Which rule.
        rule: &'static str,
    },
}

impl fmt::Display for WebSocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHttp => f.write_str("the response is not HTTP/1.1: is this a LiveKit server?"),
            Self::Header { name } => {
                write!(f, "the header {name} of the response does not upgrade to a WebSocket")
            }
            Self::Frame { first, rule } => {
                write!(f, "a WebSocket frame that begins with {first:#04x}: {rule}")
            }
        }
    }
}

impl core::error::Error for WebSocketError {}
