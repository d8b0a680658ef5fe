//! The verbs of the codec, and what they report. They are the same for both families of messages.
//!
//! ```
//! use livekit_micro::{borrowed, decode_into, encoded_len, from_bytes, owned, to_slice};
//!
//! let ack = borrowed::RpcAck { request_id: "42" };
//! let mut buf = [0; 64];
//! let frame = to_slice(&ack, &mut buf)?;
//! assert_eq!(frame.len(), encoded_len(&ack));
//! assert_eq!(from_bytes::<borrowed::RpcAck>(frame)?, ack);
//!
//! let mut room = owned::RpcAck::new(); // a static would do as well
//! decode_into(&mut room, frame)?;
//! assert_eq!(room, ack.try_into()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing here panics, on any bytes. Unknown fields, enum values and oneof cases are skipped or
//! kept, never an error, and so is a field of another wire type than the schema's: Google's own
//! decoders read it as an unknown one too. Text or bytes that do not fit are an error, never cut.
//! A number that is −0.0 is sent.

// Which of it is needed depends on the messages that the features bring.
#![allow(dead_code)]

mod assign;
mod copy;
mod entries;
mod error;
pub(crate) mod log;
mod many;
mod map;
mod messages;
mod nested;
mod numbers;
pub(crate) mod open_enum;
mod owned;
mod reader;
mod received;
mod repeated;
mod sealed;
mod value;
mod writer;

pub use entries::{MapView, MapViewIter};
pub use error::{CapacityKind, DecodeError, EncodeError, Malformed, OverCapacity};
pub use map::Map;
pub use messages::{RepeatedMessages, RepeatedMessagesIter};
pub use nested::{Item, Submessage};
pub use reader::{Packed, Reader};
pub use repeated::{Repeated, RepeatedIter};
pub use value::{Element, Fixed, Message, Scalar, ZigZag};

/// What generated code is written with.
#[allow(unused_imports, reason = "a build without messages needs nothing of it")]
pub(crate) mod rt {
    pub use super::assign::{Assign, AssignMessage};
    pub use super::error::{CapacityKind, FieldName};
    pub use super::nested::Raw;
    pub use super::numbers::Open;
    pub use super::reader::{some_text, text};
    pub use super::received::Located;
    pub use super::sealed::{Borrowed, Merge, Oneof, Owned, Read, Write, keep, write_member};
    pub(crate) use super::sealed::{borrowed, owned};
    pub use super::writer::Writer;
    pub use super::{
        DecodeError, Fixed, MapView, Reader, Repeated, RepeatedMessages, Scalar, Submessage,
    };
    pub use super::{Message, ZigZag};
}

/// A message that can be encoded.
///
/// Implemented by every message of this crate, and by no other type.
pub trait Encode: sealed::Write {}

/// A message that can be decoded from bytes that live as long as `'a`.
///
/// Implemented by every message of this crate, and by no other type.
pub trait Decode<'a>: sealed::Read<'a> {}

/// Encodes `message` into `buf` and returns the part of it that holds the frame: its end, for
/// messages are encoded backwards.
///
/// # Errors
/// [`EncodeError::BufferTooSmall`] says how many bytes are needed.
pub fn to_slice<'b, M: Encode>(message: &M, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
    writer::Writer::encode(message, buf)
}

/// How many bytes `message` takes on the wire.
pub fn encoded_len<M: Encode>(message: &M) -> usize {
    writer::Writer::len_of(message)
}

/// Decodes one message from all of `frame`.
///
/// The message is returned by value; [`decode_into`] spares the copy where it is large.
///
/// # Errors
/// See [`DecodeError`]. Of a borrowed message what is wrong inside a submessage is told when that
/// is read, or by [`validate`].
pub fn from_bytes<'a, M: Decode<'a>>(frame: &'a [u8]) -> Result<M, DecodeError> {
    let mut message = M::empty();
    message.read(frame)?;
    Ok(message)
}

/// Decodes one message from all of `frame` into a message that already has its place.
///
/// What `message` held before is gone, also after an error; then it holds what was read up to
/// there and should not be used.
///
/// # Errors
/// As of [`from_bytes`].
pub fn decode_into<'a, M: Decode<'a>>(message: &mut M, frame: &'a [u8]) -> Result<(), DecodeError> {
    message.reset();
    message.read(frame)
}

/// Reads every submessage of a borrowed message, at any depth, and forgets it: if all is in order,
/// so is each `read` of it afterwards.
///
/// # Errors
/// [`DecodeError::Malformed`], the first error there is; also where messages are nested deeper than
/// 50, which one could still read one by one.
pub fn validate<'a, M: Validate<'a>>(message: &M) -> Result<(), DecodeError> {
    message.check(reader::NESTING)
}

/// Takes all that a borrowed message holds into an owned one that already has its place; by value
/// it is `owned::X::try_from`.
///
/// What `message` held before is gone, also after an error.
///
/// # Errors
/// [`DecodeError::Capacity`] names the field that does not fit; [`DecodeError::Malformed`] is of a
/// received submessage, which is read here as an owned one is: all of it, also what a borrowed one
/// need not look at, such as a member of a oneof that a later one replaced.
pub fn copy_from<'a, B, M: CopyFrom<'a, B>>(message: &mut M, from: &B) -> Result<(), DecodeError> {
    message.clear();
    let mut r = Reader::new(&[]);
    message.assign_message(from, &mut r);
    r.finish()
}

/// An owned message, the twin of the borrowed message `B`.
///
/// Implemented by every message of [`owned`](crate::owned), and by no other type.
pub trait CopyFrom<'a, B>: assign::AssignMessage<'a, B> {}

impl<'a, B, M: assign::AssignMessage<'a, B>> CopyFrom<'a, B> for M {}

/// A borrowed message, whose submessages are read on demand.
///
/// Implemented by every message of [`borrowed`](crate::borrowed), and by no other type.
pub trait Validate<'a>: sealed::Borrowed<'a> {}

impl<'a, M: sealed::Borrowed<'a>> Validate<'a> for M {}
