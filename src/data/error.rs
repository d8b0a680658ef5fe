//! Why a frame was not made.

use core::fmt;

use crate::EncodeError;

/// A frame was not made. Nothing is to be sent, and no number was used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SendError {
    /// A field is longer than receivers or the server take.
    TooLong {
        /// `payload`, `frame`, …
        field: &'static str,
        /// Its bytes.
        len: usize,
        /// The most.
        max: usize,
    },
    /// The buffer is too small for the frame.
    BufferTooSmall {
        /// Bytes that are needed.
        needed: usize,
        /// Bytes of the buffer that was passed.
        available: usize,
    },
    /// A stream would be longer than its header said, or is closed before that many bytes.
    StreamLength {
        /// Bytes written, this call's included.
        written: u32,
        /// `total_length` of its header.
        total: u32,
    },
    /// As many calls as there is space for are waiting for their responses.
    TooManyCalls {
        /// The most at a time.
        max: usize,
    },
    /// All sequence numbers of this connection are used up: connect anew, without a resume.
    OutOfNumbers,
    /// The packet could not be encrypted.
    #[cfg(feature = "e2ee")]
    Encryption(crate::e2ee::SealError),
}

impl SendError {
    /// Checks a length.
    pub(super) fn check(field: &'static str, len: usize, max: usize) -> Result<(), Self> {
        if len > max { Err(Self::TooLong { field, len, max }) } else { Ok(()) }
    }
}

impl From<EncodeError> for SendError {
    fn from(error: EncodeError) -> Self {
        let EncodeError::BufferTooSmall { needed, available } = error;
        Self::BufferTooSmall { needed, available }
    }
}

#[cfg(feature = "e2ee")]
impl From<crate::e2ee::SealError> for SendError {
    fn from(error: crate::e2ee::SealError) -> Self {
        Self::Encryption(error)
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { field, len, max } => {
                write!(f, "{field} has {len} bytes, at most {max} are delivered")
            }
            Self::BufferTooSmall { needed, available } => {
                write!(f, "the frame has {needed} bytes, the buffer {available}")
            }
            Self::StreamLength { written, total } => {
                write!(f, "the stream has {written} bytes, its header said {total}")
            }
            Self::TooManyCalls { max } => {
                write!(f, "{max} calls are waiting for responses already")
            }
            Self::OutOfNumbers => f.write_str("all sequence numbers are used up: connect anew"),
            #[cfg(feature = "e2ee")]
            Self::Encryption(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SendError {}
