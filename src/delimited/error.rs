//! Errors of length-delimited streams.

use core::fmt;

use crate::{DecodeError, EncodeError};

/// A message was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum WriteError<E> {
    /// The message does not fit the buffer; nothing was sent.
    Encode(EncodeError),
    /// The stream's own error; part of the frame may have been sent.
    Io(E),
}

/// A message was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReadError<E> {
    /// The message is larger than the buffer. It was read to its end and dropped; the next one can be
    /// read.
    TooLarge {
        /// Bytes of the encoded message.
        needed: usize,
        /// Bytes of the buffer that was passed.
        available: usize,
    },
    /// The bytes are not a valid encoding of this message. They were read to their end; the next
    /// message can be read.
    Decode(DecodeError),
    /// The stream ended inside a frame.
    UnexpectedEof {
        /// Bytes of the message that are missing; `None` if its length is incomplete.
        missing: Option<usize>,
    },
    /// The length is longer than 32 bits: the stream is not length-delimited, or bytes were lost.
    InvalidLength,
    /// The stream's own error.
    Io(E),
}

impl<E: fmt::Debug> fmt::Display for WriteError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encode(error) => error.fmt(f),
            Self::Io(error) => write!(f, "the stream failed: {error:?}"),
        }
    }
}

impl<E: fmt::Debug> fmt::Display for ReadError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { needed, available } => {
                write!(f, "a message of {needed} bytes was dropped, the buffer has {available}")
            }
            Self::Decode(error) => error.fmt(f),
            Self::UnexpectedEof { missing: Some(missing) } => {
                write!(f, "the stream ended {missing} bytes before the end of a message")
            }
            Self::UnexpectedEof { missing: None } => {
                f.write_str("the stream ended inside a length")
            }
            Self::InvalidLength => f.write_str("the length of a message is longer than 32 bits"),
            Self::Io(error) => write!(f, "the stream failed: {error:?}"),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for WriteError<E> {}
impl<E: fmt::Debug> core::error::Error for ReadError<E> {}
