//! Frames behind their length, on a serial line, a socket or a file (feature `embedded-io`).
//!
//! A data channel keeps messages apart by itself; a stream of bytes does not. Here each frame
//! stands behind its length as a varint, which is protobuf's own convention: prost's
//! `encode_length_delimited`, Java's `writeDelimitedTo`, Go's `protodelim`.
//!
//! 1. [`write()`] encodes a message into a buffer of yours and sends length and frame.
//! 2. [`read()`] waits for the next frame, reads it into a buffer of yours and decodes it. `None`
//!    is the end of the stream between two frames.
//! 3. After [`ReadError::TooLarge`] and [`ReadError::Decode`] the reader stands before the next
//!    frame, and one can go on; after every other error the stream is lost.
//!
//! The same verbs for `embedded-io-async` are in [`asynch`].

pub mod asynch;
mod error;
mod frame;

use embedded_io::{Read, Write};

pub use error::{ReadError, WriteError};
use frame::{Incoming, Prefix};

use crate::{Decode, Encode, from_bytes, to_slice};

/// Writes `message` behind its length, by way of `buf`; returns the bytes that were sent.
///
/// # Errors
/// [`WriteError::Encode`] if the frame does not fit `buf`: nothing was sent then.
pub fn write<W: Write, M: Encode>(
    writer: &mut W,
    message: &M,
    buf: &mut [u8],
) -> Result<usize, WriteError<W::Error>> {
    let frame = to_slice(message, buf).map_err(WriteError::Encode)?;
    let prefix = Prefix::new(frame.len());
    writer.write_all(prefix.as_bytes()).map_err(WriteError::Io)?;
    writer.write_all(frame).map_err(WriteError::Io)?;
    Ok(prefix.as_bytes().len() + frame.len())
}

/// Reads the next message, by way of `buf`; `None` at the end of the stream.
///
/// # Errors
/// See [`ReadError`].
pub fn read<'b, R: Read, M: Decode<'b>>(
    reader: &mut R,
    buf: &'b mut [u8],
) -> Result<Option<M>, ReadError<R::Error>> {
    match read_frame(reader, buf)? {
        Some(frame) => from_bytes(frame).map(Some).map_err(ReadError::Decode),
        None => Ok(None),
    }
}

/// Reads the next frame into `buf` and leaves it encoded; `None` at the end of the stream.
///
/// # Errors
/// See [`ReadError`]; a frame larger than `buf` is read to its end and dropped.
pub fn read_frame<'b, R: Read>(
    reader: &mut R,
    buf: &'b mut [u8],
) -> Result<Option<&'b [u8]>, ReadError<R::Error>> {
    let mut frame = Incoming::new();
    while let Some(space) = frame.space(buf) {
        let count = reader.read(space).map_err(ReadError::Io)?;
        frame.fill(count)?;
    }
    frame.finish(buf)
}
