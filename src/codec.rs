//! Encoding and decoding: the functions, which are the same for both families of messages, and their
//! errors.
//!
//! ```
//! use livekit_micro::{borrowed, decode_into, encoded_len, from_bytes, owned, to_slice};
//!
//! let ack = borrowed::RpcAck { request_id: "42" };
//! let mut buf = [0; 64];
//! let encoded = to_slice(&ack, &mut buf)?;
//! assert_eq!(encoded.len(), encoded_len(&ack));
//! assert_eq!(from_bytes::<borrowed::RpcAck>(encoded)?, ack);
//!
//! let mut message = owned::RpcAck::new(); // a static would do as well
//! decode_into(&mut message, encoded)?;
//! assert_eq!(message, ack.try_into()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing here panics, on any bytes. Unknown fields, enum values and oneof cases are skipped or
//! kept, never an error, and so is a field of another wire type than the schema's: Google's own
//! decoders read it as an unknown field too. A string or bytes over their capacity are an error,
//! never truncated. A number that is −0.0 is encoded.

// `#[cfg_attr(target_pointer_width = "32", inline(never))]`, on many functions below: on a
// microcontroller each of them is compiled once and called, because every inlined copy costs flash;
// a 64-bit host may inline them, which takes a third fewer instructions there. To see what one of
// them costs, remove it and run `.ci/run weigh` (flash and instructions of a Cortex-M) and
// `.ci/run bench` (instructions of a host).

// Which of it is needed depends on the messages that the features bring.
#![allow(dead_code)]

use core::ops::Range;

mod element;
mod error;
pub(crate) mod fmt;
mod owned;
pub(crate) mod rt;
mod sealed;
mod view;
mod wire;

pub use element::{Element, Fixed, Message, Scalar, ZigZag};
pub use error::{CapacityKind, DecodeError, EncodeError, Malformed, OverCapacity};
pub use owned::Map;
pub use owned::copy_from::CopyFrom;
pub use sealed::{Decode, Encode, Validate};
pub use view::{Item, MapView, MapViewIter, Repeated, RepeatedIter};
pub use view::{RepeatedMessages, RepeatedMessagesIter, Submessage};
pub use wire::reader::{Packed, Reader};
pub use wire::writer::Writer;

/// Encodes `message` into `buf` and returns the part of `buf` that holds the encoded message: its
/// end, because messages are encoded from the end to the front.
///
/// # Errors
/// [`EncodeError::BufferTooSmall`] says how many bytes are needed.
#[doc(alias("encode", "serialize", "send", "publish", "to_bytes"))]
pub fn to_slice<'b, M: Encode>(message: &M, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
    wire::writer::Writer::encode(message, buf)
}

/// Writes a message into `buf` field by field, from the last to the first, and returns the part of `buf`
/// that holds the encoded message: its end. [`Writer`] has an example.
///
/// # Errors
/// [`EncodeError::BufferTooSmall`] says how many bytes are needed.
pub fn to_slice_with(
    buf: &mut [u8],
    write: impl FnOnce(&mut Writer<'_>),
) -> Result<&[u8], EncodeError> {
    Writer::encode_with(buf, write)
}

/// As [`to_slice`], but returns where in `buf` the encoded message lies, for who needs `buf` again: what
/// is before it is free for another message, or for the header of a lower layer.
///
/// # Errors
/// As of [`to_slice`].
pub fn to_range<M: Encode>(message: &M, buf: &mut [u8]) -> Result<Range<usize>, EncodeError> {
    let end = buf.len();
    let len = to_slice(message, buf)?.len();
    Ok(end.saturating_sub(len)..end)
}

/// Returns the number of bytes that `message` takes when it is encoded.
#[doc(alias("encoded_size", "compute_size", "byte_size", "max_size"))]
pub fn encoded_len<M: Encode>(message: &M) -> usize {
    wire::writer::Writer::len_of(message)
}

/// Decodes one message from all of `encoded` and returns it by value.
///
/// [`decode_into`] saves the copy of a large owned message.
///
/// # Errors
/// See [`DecodeError`]. An error inside a submessage of a borrowed message is returned when that is
/// read, or by [`validate`].
#[doc(alias("decode", "parse", "deserialize", "receive", "from_slice"))]
pub fn from_bytes<'a, M: Decode<'a>>(encoded: &'a [u8]) -> Result<M, DecodeError> {
    let mut message = M::empty();
    message.read(encoded)?;
    Ok(message)
}

/// Decodes one message from all of `encoded` into `message`, which is reset first.
///
/// After an error `message` holds what was decoded up to there and should not be used.
///
/// # Errors
/// As of [`from_bytes`].
#[doc(alias("decode", "parse", "deserialize", "receive", "merge"))]
pub fn decode_into<'a, M: Decode<'a>>(
    message: &mut M,
    encoded: &'a [u8],
) -> Result<(), DecodeError> {
    message.reset();
    message.read(encoded)
}

/// Reads every submessage of a borrowed message, at any depth, to check its encoding. If this returns
/// `Ok`, so does every `read` of a submessage.
///
/// A relay of encoded messages that it does not trust has to call this: decoding a borrowed message
/// checks only the message itself, and encoding it copies submessages as they were received, valid
/// or not.
///
/// Tags of six to ten bytes that would fit in five are accepted, as prost does; Google's C++ decoder
/// rejects them.
///
/// # Errors
/// [`DecodeError::Malformed`], the first error; also where messages are nested deeper than 50, which
/// could still be read one by one.
#[doc(alias("check", "verify", "relay", "forward"))]
pub fn validate<'a, M: Validate<'a>>(message: &M) -> Result<(), DecodeError> {
    message.check(wire::reader::NESTING)
}

/// Copies a borrowed message into an owned one, which is reset first; `owned::X::try_from` returns
/// it by value.
///
/// After an error `message` holds what was copied up to there and should not be used.
///
/// # Errors
/// [`DecodeError::Capacity`] names the field whose capacity is exceeded. [`DecodeError::Malformed`]
/// is about a received submessage. All of that is decoded here, also what a borrowed message does
/// not look at, such as a member of a oneof that a later one replaced.
#[doc(alias("store", "keep", "to_owned", "into_owned", "clone_from"))]
pub fn copy_from<'a, B, M: CopyFrom<'a, B>>(message: &mut M, from: &B) -> Result<(), DecodeError> {
    owned::copy_from::copy_from(message, from)
}
