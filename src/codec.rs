//! The four verbs of the codec, and what they report.
//!
//! ```
//! use livekit_micro::{decode_into, encoded_len, from_bytes, to_slice};
//! use livekit_micro::owned::RpcAck;
//!
//! let mut ack = RpcAck::new();
//! ack.request_id.push_str("42").unwrap();
//!
//! let mut buf = [0; 64];
//! let frame = to_slice(&ack, &mut buf)?;
//! assert_eq!(frame.len(), encoded_len(&ack));
//! assert_eq!(from_bytes::<RpcAck>(frame)?, ack);
//!
//! let mut room = RpcAck::new(); // a static would do as well
//! decode_into(&mut room, frame)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing here panics, on any bytes. Unknown fields, enum values and oneof cases are skipped or
//! kept, never an error; text or bytes that do not fit are an error, never cut.

mod bridge;
mod entry;
mod error;
pub(crate) mod log;
mod map;
pub(crate) mod open_enum;

pub use error::{DecodeError, EncodeError, Malformed};
pub use map::Map;

#[allow(unused_imports, reason = "a build without messages needs neither")]
pub(crate) use {entry::map_entry, sealed::Message};

/// A message that can be encoded.
///
/// Implemented by every message of this crate, and by no other type.
pub trait Encode: sealed::Wire {}

/// A message that can be decoded from bytes that live as long as `'a`.
///
/// Implemented by every message of this crate, and by no other type.
pub trait Decode<'a>: sealed::Read<'a> {}

/// Encodes `message` into `buf` and returns the part of it that holds the frame.
///
/// The frame may lie anywhere in `buf`: use the slice that is returned.
///
/// # Errors
/// [`EncodeError::BufferTooSmall`] says how many bytes are needed; `buf` is then left as it was.
pub fn to_slice<'b, M: Encode>(message: &M, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
    message.write(buf)
}

/// How many bytes `message` takes on the wire.
pub fn encoded_len<M: Encode>(message: &M) -> usize {
    message.wire_len()
}

/// Decodes one message from all of `frame`.
///
/// The message is returned by value; [`decode_into`] spares the copy where it is large.
///
/// # Errors
/// See [`DecodeError`].
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
/// See [`DecodeError`].
pub fn decode_into<'a, M: Decode<'a>>(message: &mut M, frame: &'a [u8]) -> Result<(), DecodeError> {
    message.reset();
    message.read(frame)
}

mod sealed {
    use super::{DecodeError, EncodeError};

    /// An owned message: what the generator writes for each beside micropb's traits.
    pub trait Message {
        fn clear(&mut self);
    }

    pub trait Wire {
        #[doc(hidden)]
        fn wire_len(&self) -> usize;
        #[doc(hidden)]
        fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError>;
    }

    pub trait Read<'a>: Sized {
        #[doc(hidden)]
        fn empty() -> Self;
        #[doc(hidden)]
        fn reset(&mut self);
        #[doc(hidden)]
        fn read(&mut self, frame: &'a [u8]) -> Result<(), DecodeError>;
    }
}
