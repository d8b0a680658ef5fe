//! What can go wrong with frames on a stream.

use core::fmt;

use crate::{DecodeError, EncodeError};

/// A message could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum WriteError<E> {
    /// The message did not fit the buffer; nothing was sent.
    Encode(EncodeError),
    /// The stream's own error; part of the frame may have been sent.
    Io(E),
}

/// A message could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReadError<E> {
    /// The frame was larger than the buffer. It was read to its end and dropped, so the next one
    /// can be read.
    TooLarge {
        /// Bytes of the frame.
        needed: usize,
        /// Bytes of the buffer that was passed.
        available: usize,
    },
    /// The frame is no such message. It was read to its end, so the next one can be read.
    Decode(DecodeError),
    /// The stream ended inside a frame.
    Torn {
        /// Bytes that the frame still lacked; `None` if even its length was not whole.
        missing: Option<usize>,
    },
    /// What stands before a frame is no length of 32 bits: this is no stream of frames, or bytes
    /// were lost on the way.
    Length,
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
                write!(f, "a frame of {needed} bytes was dropped, the buffer has {available}")
            }
            Self::Decode(error) => error.fmt(f),
            Self::Torn { missing: Some(missing) } => {
                write!(f, "the stream ended {missing} bytes before the end of a frame")
            }
            Self::Torn { missing: None } => f.write_str("the stream ended inside a length"),
            Self::Length => f.write_str("no length of 32 bits stands before the frame"),
            Self::Io(error) => write!(f, "the stream failed: {error:?}"),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for WriteError<E> {}
impl<E: fmt::Debug> core::error::Error for ReadError<E> {}
