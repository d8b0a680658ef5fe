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

/// A frame could not be decoded, or a borrowed message does not fit an owned one.
// Whole words, so that it is copied by words.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are no such message: the sender's mistake, or bytes lost on the way.
    Malformed {
        /// What is wrong with them.
        kind: Malformed,
        /// Where: bytes from the start of the frame to the field that is wrong, at whatever depth;
        /// to the byte itself in a text that is not UTF-8.
        offset: usize,
    },
    /// The frame is right but holds more than a field of this build can take: raise the field's
    /// limit (see [`limits`](crate::limits)). Owned messages only.
    Capacity(OverCapacity),
}

/// What came, and what fits, where more came than fits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OverCapacity {
    field: FieldName,
    actual: u32,
    /// In the lowest byte, and above it what fits: with three words an error is four, which are
    /// copied without a call of `memcpy`.
    kind_and_capacity: u32,
}

/// A field's full name: one word instead of two, where it is handed on and on.
pub type FieldName = &'static &'static str;

impl OverCapacity {
    /// For code that makes such errors itself, as tests do.
    pub fn new(
        field: &'static &'static str,
        kind: CapacityKind,
        actual: usize,
        capacity: usize,
    ) -> Self {
        let actual = u32::try_from(actual).unwrap_or(u32::MAX);
        Self { field, actual, kind_and_capacity: kind as u32 | (capacity as u32) << 8 }
    }

    /// The field's full name in the schema, `livekit.UserPacket.payload`; of a
    /// `google.protobuf.Struct`, `Value` or `ListValue` its own name.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Which of the field's limits it is.
    pub fn kind(&self) -> CapacityKind {
        match self.kind_and_capacity & 0xff {
            0 => CapacityKind::Bytes,
            1 => CapacityKind::Items,
            2 => CapacityKind::KeyBytes,
            _ => CapacityKind::ValueBytes,
        }
    }

    /// How much came: bytes, items or entries. Of a list or map that is decoded it counts what
    /// follows in the same message.
    pub fn actual(&self) -> usize {
        self.actual as usize
    }

    /// How much fits.
    pub fn capacity(&self) -> usize {
        (self.kind_and_capacity >> 8) as usize
    }
}

/// What a capacity counts: the parts of [`limits::Field`](crate::limits::Field).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CapacityKind {
    /// Bytes of a text or `bytes` field, or of each text of a list.
    Bytes,
    /// Items of a list, entries of a map.
    Items,
    /// Bytes of each key of a map.
    KeyBytes,
    /// Bytes of each value of a map.
    ValueBytes,
}

/// What is wrong with a malformed frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Malformed {
    /// It ends in the middle of a field, or a message in it does.
    Truncated,
    /// A number of more than 64 bits.
    Varint,
    /// A text that is not UTF-8.
    Utf8,
    /// A field number of 0, or one of more than 29 bits.
    FieldNumber,
    /// A wire type that protobuf does not have.
    WireType,
    /// A group that is closed by another's end, or was never opened. Others are skipped.
    Group,
    /// Messages nested deeper than 50, or unknown groups deeper than 16.
    Nesting,
    /// A submessage came in two parts, and both have the same list, map or submessage: a borrowed
    /// message cannot remember two places. No encoder writes that; an owned message merges it.
    SplitSubmessage,
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
            Self::Truncated => "it ends inside a field",
            Self::Varint => "a number of more than 64 bits",
            Self::Utf8 => "a text is not UTF-8",
            Self::FieldNumber => "a field number out of range",
            Self::WireType => "a wire type that does not exist",
            Self::Group => "a group that does not end as it began",
            Self::Nesting => "nested too deep",
            Self::SplitSubmessage => "one field in both parts of a submessage",
        })
    }
}

impl core::error::Error for EncodeError {}
impl core::error::Error for DecodeError {}
