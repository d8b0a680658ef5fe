//! What goes wrong with a participant.

use core::fmt;

use livekit_micro_peer::peer;

use crate::EncodeError;
use crate::borrowed::DisconnectReason;
use crate::data;
use crate::signal::SignalError;

/// Why a connection broke, or was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// The signalling.
    Signal(SignalError),
    /// The connection for signalling could not be opened, or its end came without a word.
    SignalClosed,
    /// The server's answer cannot be read, or has no section for data channels.
    Answer,
    /// The server was not reached by UDP, or stopped answering.
    Unreachable,
    /// The server says that the connection is to be made again: it moves this participant, or has lost it.
    Server(DisconnectReason),
    /// The server closed a data channel.
    ChannelClosed,
    /// The peer connection ended.
    Peer(peer::Error),
    /// The server did not let this participant in, or did not open the channels, in time.
    TimedOut,
    /// The buffer of [`poll`](super::Participant::poll) is too small for a request: the one that joins, or one of the
    /// device's own.
    BufferTooSmall {
        /// Bytes that are needed.
        needed: usize,
        /// Bytes of the buffer.
        available: usize,
    },
    /// The token is empty, has characters that no token has, or is longer than [`Memory::token`](super::Memory).
    Token,
}

/// Why something was not sent. Nothing of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SendError {
    /// The participant is not in the room, or its connection is broken: [`Event::Connected`](super::Event) or
    /// [`Event::Reconnected`](super::Event) comes first.
    NotConnected,
    /// What was sent before is not acknowledged yet, or a request is not sent yet: [`Event::Writable`](super::Event) says
    /// when there is space.
    Full,
    /// The frame is longer than [`Memory::frame`](super::Memory), than the memory of what is sent, or than the server
    /// takes; a request is longer than [`Memory::request`](super::Memory).
    TooLong {
        /// Bytes of the frame.
        needed: usize,
        /// The most.
        max: usize,
    },
    /// The session did not make a frame of it.
    Data(data::SendError),
}

impl From<EncodeError> for Error {
    fn from(error: EncodeError) -> Self {
        let EncodeError::BufferTooSmall { needed, available } = error;
        Self::BufferTooSmall { needed, available }
    }
}

impl From<SignalError> for Error {
    fn from(error: SignalError) -> Self {
        Self::Signal(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(error) => error.fmt(f),
            Self::SignalClosed => {
                f.write_str("the connection to the server was not opened, or was closed")
            }
            Self::Answer => f.write_str("the server's answer has no section for data channels"),
            Self::Unreachable => {
                f.write_str("the server does not answer at its candidates' addresses")
            }
            Self::Server(reason) => write!(f, "the server says to connect anew: {reason:?}"),
            Self::ChannelClosed => f.write_str("the server closed a data channel"),
            Self::Peer(error) => error.fmt(f),
            Self::TimedOut => f.write_str("the server did not complete the join in time"),
            Self::BufferTooSmall { needed, available } => {
                write!(f, "a request to the server has {needed} bytes, the buffer {available}")
            }
            Self::Token => f.write_str("the token is empty, too long, or none"),
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => f.write_str("the participant is not connected to the room"),
            Self::Full => f.write_str("what was sent before is not acknowledged yet"),
            Self::TooLong { needed, max } => {
                write!(f, "the frame has {needed} bytes, at most {max} are sent")
            }
            Self::Data(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}
impl core::error::Error for SendError {}
