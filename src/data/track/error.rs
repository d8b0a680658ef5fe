//! Why a packet or a frame was not received.

use core::fmt;

/// A packet was not read, or a frame not put together. Drop it and go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u32)] // `?` copies it: by words, not by `memcpy`
pub enum TrackError {
    /// The packet ends within its header.
    Truncated {
        /// Bytes of the header, as far as it is known.
        needed: usize,
        /// Bytes of the packet.
        len: usize,
    },
    /// The packet has a version above 0, the one that is known.
    UnsupportedVersion(u8),
    /// The packet has the handle 0, which no track has.
    InvalidHandle,
    /// An extension is longer than the extensions are together.
    MalformedExtension {
        /// Its id: 1 is encryption, 2 the user timestamp.
        id: u8,
    },
    /// The frame is longer than the buffer that was passed.
    FrameTooLong {
        /// Bytes of the frame, as far as they have come.
        len: usize,
        /// Bytes of the buffer.
        max: usize,
    },
}

impl fmt::Display for TrackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { needed, len } => {
                write!(f, "the packet has {len} bytes, its header alone {needed}")
            }
            Self::UnsupportedVersion(version) => {
                write!(f, "the packet has version {version}, which is not supported")
            }
            Self::InvalidHandle => f.write_str("the packet has the handle 0, which no track has"),
            Self::MalformedExtension { id } => {
                write!(f, "extension {id} of the packet is longer than all extensions")
            }
            Self::FrameTooLong { len, max } => {
                write!(f, "the frame has {len} bytes or more, the buffer {max}")
            }
        }
    }
}

impl core::error::Error for TrackError {}
