//! What can go wrong, sorted by who must act.

use core::fmt;

/// A message could not be encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EncodeError {
    /// The frame does not fit: pass a larger buffer, or send less.
    BufferTooSmall {
        /// Bytes that the whole frame takes.
        needed: usize,
        /// Bytes of the buffer that was passed.
        available: usize,
    },
}

/// A frame could not be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are no such message: the sender's mistake, or bytes lost on the way.
    Malformed {
        /// What is wrong with them.
        kind: Malformed,
        /// Where decoding stopped: bytes from the start of the frame, behind what was read last.
        offset: usize,
    },
    /// The frame is right but holds more than a field of this build can take: raise the field's
    /// limit (see [`limits`](crate::limits)).
    #[non_exhaustive]
    Capacity {
        /// Where decoding stopped: bytes from the start of the frame, behind what was read last.
        offset: usize,
    },
}

/// What is wrong with a malformed frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Malformed {
    /// It ends in the middle of a field.
    Truncated,
    /// A number of more than ten bytes.
    Varint,
    /// A text that is not UTF-8.
    Utf8,
    /// A field number of 0.
    FieldNumber,
    /// A field of this schema with another wire type than the schema's, or a wire type that
    /// protobuf does not have.
    WireType,
    /// A group, which protobuf gave up long ago and LiveKit never used.
    Group,
    /// Messages nested deeper than 32.
    Nesting,
    /// A length that disagrees with what stands inside.
    Length,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::BufferTooSmall { needed, available } = self;
        write!(f, "the frame takes {needed} bytes, the buffer has {available}")
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { kind, offset } => {
                write!(f, "malformed frame: {kind}, at byte {offset}")
            }
            Self::Capacity { offset } => {
                write!(f, "over capacity at byte {offset}: raise the limit of the field there")
            }
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "it ends inside a field",
            Self::Varint => "a number of more than ten bytes",
            Self::Utf8 => "a text is not UTF-8",
            Self::FieldNumber => "field number 0",
            Self::WireType => "a field of the wrong wire type",
            Self::Group => "a group",
            Self::Nesting => "nested deeper than 32 messages",
            Self::Length => "a length that disagrees with its content",
        })
    }
}

impl core::error::Error for EncodeError {}
impl core::error::Error for DecodeError {}
