//! Errors of channels.

use core::fmt;

use super::LABEL;
use crate::sctp;

/// Why a channel was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum OpenError {
    /// The label is longer than [`LABEL`].
    LabelTooLong {
        /// Its length, in bytes.
        len: usize,
    },
    /// The label and the protocol are longer than a DATA_CHANNEL_OPEN can be here.
    ProtocolTooLong {
        /// Its length, in bytes.
        len: usize,
    },
    /// As many channels are open or closing as can be.
    TooManyChannels {
        /// How many that are.
        capacity: usize,
    },
    /// SCTP did not take the message that opens it.
    Sctp(sctp::SendError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LabelTooLong { len } => {
                write!(f, "a label of {len} B, allowed are {LABEL} B")
            }
            Self::ProtocolTooLong { len } => {
                write!(f, "a subprotocol of {len} B, allowed are 65535 B")
            }
            Self::TooManyChannels { capacity } => {
                write!(f, "all of {capacity} data channels are in use")
            }
            Self::Sctp(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for OpenError {}

/// Why a message was not taken. Nothing of it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SendError {
    /// The channel is not open, or being closed.
    NotOpen {
        /// Its number.
        channel: u16,
    },
    /// SCTP did not take the message.
    Sctp(sctp::SendError),
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOpen { channel } => write!(f, "data channel {channel} is not open"),
            Self::Sctp(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SendError {}
