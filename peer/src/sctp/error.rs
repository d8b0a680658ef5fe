//! Errors of an association.

use core::fmt;

/// Why an association ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Error {
    /// One of the two ends closed it, and everything that was sent before is acknowledged.
    Shutdown,
    /// The peer broke it off.
    Aborted {
        /// The first error cause of its ABORT (RFC 9260, 3.3.10); 0: it gave none.
        cause: u16,
    },
    /// This end broke it off: [`abort`](super::Association::abort) was called.
    Abandoned,
    /// This end broke it off, because of what the peer sent: a DATA chunk without data.
    NoUserData {
        /// The TSN of the chunk.
        tsn: u32,
    },
    /// The peer acknowledged nothing for [`max_retransmissions`](super::Config::max_retransmissions) timeouts.
    Unreachable,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shutdown => f.write_str("the SCTP association was shut down"),
            Self::Aborted { cause } => {
                write!(f, "the peer aborted the SCTP association, error cause {cause}")
            }
            Self::Abandoned => f.write_str("this end aborted the SCTP association"),
            Self::NoUserData { tsn } => {
                write!(f, "the peer sent a DATA chunk without data, TSN {tsn}")
            }
            Self::Unreachable => f.write_str("the peer acknowledges no SCTP packet"),
        }
    }
}

impl core::error::Error for Error {}

/// Why a message was not taken. Nothing of it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SendError {
    /// The transmit buffer is too full at the moment. [`Event::Writable`](super::Event::Writable) says when the
    /// message can be handed over again.
    Full {
        /// What the message takes of the transmit buffer, in bytes.
        needed: usize,
        /// What is free of it, in bytes.
        free: usize,
    },
    /// The association is not connected yet, is being closed, or has ended.
    NotConnected,
    /// The stream is being reset.
    Resetting,
    /// The message takes more than the whole transmit buffer.
    TooLong {
        /// What the message takes of the transmit buffer, in bytes.
        needed: usize,
        /// The size of the transmit buffer, in bytes.
        capacity: usize,
    },
    /// The message has no bytes: SCTP cannot carry it.
    Empty,
    /// The peer does not take messages on this stream.
    InvalidStream {
        /// The number of the stream.
        stream: u16,
        /// How many streams the peer takes.
        streams: u16,
    },
    /// Ordered messages were sent on as many other streams as the association can count.
    TooManyStreams,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { needed, free } => {
                write!(f, "a message takes {needed} B of the transmit buffer, {free} B are free")
            }
            Self::NotConnected => f.write_str("the SCTP association is not connected"),
            Self::Resetting => f.write_str("the stream is being reset"),
            Self::TooLong { needed, capacity } => {
                write!(f, "a message takes {needed} B of a transmit buffer of {capacity} B")
            }
            Self::Empty => f.write_str("SCTP cannot carry a message of 0 B"),
            Self::InvalidStream { stream, streams } => {
                write!(f, "stream {stream}: the peer takes {streams} streams")
            }
            Self::TooManyStreams => f.write_str("ordered messages were sent on too many streams"),
        }
    }
}

impl core::error::Error for SendError {}
