//! What can go wrong, sorted by who must act.

use core::fmt;

/// A message could not be encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EncodeError {
    /// The encoded message does not fit: pass a larger buffer, or send less.
    BufferTooSmall {
        /// Bytes of the whole encoded message.
        needed: usize,
        /// Bytes of the buffer.
        available: usize,
    },
}

/// A message could not be decoded, or a borrowed message does not fit an owned one.
// Whole words, so that it is copied by words.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DecodeError {
    /// The input is not a valid encoding of this message: an error of the sender, or bytes were lost.
    Malformed {
        /// What is wrong with it.
        kind: Malformed,
        /// Bytes from the start of the encoded message to the malformed field, at any depth; in a
        /// string that is not UTF-8, to the first invalid byte.
        offset: usize,
    },
    /// The encoding is valid, but exceeds the capacity of a field of this build: raise the field's
    /// limit (see [`limits`](crate::limits)). Owned messages only.
    Capacity(OverCapacity),
}

/// A field over its capacity: which one, what was received and what fits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OverCapacity {
    field: FieldName,
    actual: u32,
    /// Low byte: kind; upper bits: capacity. Keeps the error at four words, which LLVM copies without
    /// `memcpy`.
    kind_and_capacity: u32,
}

/// A field's full name, in one word instead of two, because it is passed through many calls.
pub type FieldName = &'static &'static str;

impl OverCapacity {
    /// Creates an error, for code that makes such errors itself, as tests do.
    pub fn new(
        field: &'static &'static str,
        kind: CapacityKind,
        actual: usize,
        capacity: usize,
    ) -> Self {
        let actual = u32::try_from(actual).unwrap_or(u32::MAX);
        Self { field, actual, kind_and_capacity: kind as u32 | (capacity as u32) << 8 }
    }

    /// Returns the field's full name in the schema, `livekit.UserPacket.payload`; of a
    /// `google.protobuf.Struct`, `Value` or `ListValue` the message's name.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Returns what the capacity counts.
    pub fn kind(&self) -> CapacityKind {
        match self.kind_and_capacity & 0xff {
            0 => CapacityKind::Bytes,
            1 => CapacityKind::Items,
            2 => CapacityKind::KeyBytes,
            _ => CapacityKind::ValueBytes,
        }
    }

    /// Returns how much was received: bytes, items or entries. For a list or map that is decoded,
    /// all that follow in the same message are counted.
    pub fn actual(&self) -> usize {
        self.actual as usize
    }

    /// Returns how much fits.
    pub fn capacity(&self) -> usize {
        (self.kind_and_capacity >> 8) as usize
    }
}

/// What a capacity counts: the parts of [`limits::Field`](crate::limits::Field).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CapacityKind {
    /// Bytes of a `string` or `bytes` field, or of each string of a list.
    Bytes,
    /// Items of a list, entries of a map.
    Items,
    /// Bytes of each key of a map.
    KeyBytes,
    /// Bytes of each value of a map.
    ValueBytes,
}

/// What is wrong with a malformed encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Malformed {
    /// The encoding, or that of a message in it, ends inside a field.
    Truncated,
    /// A varint of more than 64 bits.
    Varint,
    /// A string that is not UTF-8.
    Utf8,
    /// A field number of 0, or one of more than 29 bits.
    FieldNumber,
    /// A wire type that protobuf does not have.
    WireType,
    /// A group with an end tag of another number, or an end tag without a group. Valid groups are
    /// skipped.
    Group,
    /// Messages nested deeper than 50, or unknown groups deeper than 16.
    Nesting,
    /// A submessage was received in two parts, and both have the same list, map or submessage, which
    /// a borrowed message cannot refer to in two places. LiveKit's encoders never write that; two
    /// encodings that are concatenated can hold it. An owned message merges the parts, except inside
    /// a `google.protobuf.Struct`, `Value` or `ListValue`.
    SplitSubmessage,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::BufferTooSmall { needed, available } = self;
        write!(f, "the encoded message takes {needed} bytes, the buffer has {available}")
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { kind, offset } => {
                write!(f, "malformed message: {kind}, at byte {offset}")
            }
            Self::Capacity(over) => over.fmt(f),
        }
    }
}

impl fmt::Display for OverCapacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (field, kind) = (self.field(), self.kind());
        write!(
            f,
            "{field}: {} {kind} received, capacity is {}; raise its limit",
            self.actual(),
            self.capacity()
        )
    }
}

impl fmt::Debug for OverCapacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OverCapacity")
            .field("field", &self.field())
            .field("kind", &self.kind())
            .field("actual", &self.actual())
            .field("capacity", &self.capacity())
            .finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for OverCapacity {
    fn format(&self, f: defmt::Formatter<'_>) {
        let (field, actual, capacity) = (self.field(), self.actual(), self.capacity());
        defmt::write!(
            f,
            "{=str}: {=usize} {} received, capacity is {=usize}",
            field,
            actual,
            self.kind(),
            capacity
        );
    }
}

impl fmt::Display for CapacityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Items => "items",
            Self::KeyBytes => "bytes in a key",
            Self::ValueBytes => "bytes in a value",
        })
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "truncated inside a field",
            Self::Varint => "a varint of more than 64 bits",
            Self::Utf8 => "a string is not UTF-8",
            Self::FieldNumber => "a field number out of range",
            Self::WireType => "a wire type that does not exist",
            Self::Group => "a group whose end tag does not match",
            Self::Nesting => "nested too deep",
            Self::SplitSubmessage => "the same field in two parts of a submessage",
        })
    }
}

impl core::error::Error for EncodeError {}
impl core::error::Error for DecodeError {}
