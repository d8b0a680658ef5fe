//! Errors of a peer.

use core::fmt;

use crate::channel;
use crate::dtls;
use crate::sctp;
use crate::sdp::{BufferTooSmall, ReadError, Setup};

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Error {
    /// DTLS failed, or was closed.
    Dtls(dtls::Error),
    /// SCTP failed, or was closed.
    Sctp(sctp::Error),
}

/// Why an answer was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum OfferError<'t> {
    /// The offer cannot be read, or offers no data channels.
    Description(ReadError<'t>),
    /// The other wants to open DTLS, and this peer can do nothing else.
    Setup(Setup),
    /// The answer does not fit the buffer.
    BufferTooSmall(BufferTooSmall),
}

/// Why an answer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AnswerError<'t> {
    /// The answer cannot be read, or rejects data channels.
    Description(ReadError<'t>),
    /// The other does not wait for this peer to open DTLS.
    Setup(Setup),
    /// There is no offer that it answers.
    NoOffer,
}

/// Why a message was not taken. Nothing of it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SendError {
    /// The message is longer than the longest that the other takes.
    TooLong {
        /// Its length, in bytes.
        len: usize,
        /// `a=max-message-size` of the other's description.
        max: u32,
    },
    /// The channel did not take it.
    Channel(channel::SendError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dtls(error) => error.fmt(f),
            Self::Sctp(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for OfferError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Description(error) => error.fmt(f),
            Self::Setup(setup) => {
                write!(f, "the offer says setup:{}; actpass and passive are allowed", setup.name())
            }
            Self::BufferTooSmall(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for AnswerError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Description(error) => error.fmt(f),
            Self::Setup(setup) => {
                write!(f, "the answer says setup:{}; only passive is allowed", setup.name())
            }
            Self::NoOffer => f.write_str("there is no offer that the answer could be to"),
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { len, max } => {
                write!(f, "a message of {len} B; the other takes {max} B at most")
            }
            Self::Channel(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}
impl core::error::Error for OfferError<'_> {}
impl core::error::Error for AnswerError<'_> {}
impl core::error::Error for SendError {}
