//! Length-delimited messages on a serial line, a socket or a file (feature `embedded-io`).
//!
//! A data channel keeps messages apart by itself; a stream of bytes does not. Here each encoded
//! message is a frame: its length as a varint, then its bytes. This is protobuf's own convention:
//! prost's `encode_length_delimited`, Java's `writeDelimitedTo`, Go's `protodelim`.
//!
//! 1. [`write()`] encodes a message into a buffer of the caller's and sends the frame.
//! 2. [`read()`] waits for the next frame, reads it into a buffer of the caller's and decodes it.
//!    `None` is the end of the stream between two frames.
//! 3. After [`ReadError::TooLarge`] and [`ReadError::Decode`] the next frame can be read; after every
//!    other error the stream is lost.
//!
//! [`async_io`] has the same functions for `embedded-io-async`.

pub mod async_io;
mod error;
mod frame;

use embedded_io::{Read, Write};

pub use error::{ReadError, WriteError};
use frame::{Incoming, Prefix};

use crate::{Decode, Encode, from_bytes, to_slice};

/// Encodes `message` into `buf` and writes the frame; returns its length with the prefix.
///
/// # Errors
/// [`WriteError::Encode`] if the message does not fit `buf`: nothing was sent then.
pub fn write<W: Write, M: Encode>(
    writer: &mut W,
    message: &M,
    buf: &mut [u8],
) -> Result<usize, WriteError<W::Error>> {
    let encoded = to_slice(message, buf).map_err(WriteError::Encode)?;
    let prefix = Prefix::new(encoded.len());
    writer.write_all(prefix.as_bytes()).map_err(WriteError::Io)?;
    writer.write_all(encoded).map_err(WriteError::Io)?;
    Ok(prefix.as_bytes().len() + encoded.len())
}

/// Reads the next message into `buf` and decodes it; `None` at the end of the stream.
///
/// # Errors
/// See [`ReadError`].
pub fn read<'b, R: Read, M: Decode<'b>>(
    reader: &mut R,
    buf: &'b mut [u8],
) -> Result<Option<M>, ReadError<R::Error>> {
    match read_frame(reader, buf)? {
        Some(encoded) => from_bytes(encoded).map(Some).map_err(ReadError::Decode),
        None => Ok(None),
    }
}

/// Reads the next message into `buf` and returns it encoded, without its length; `None` at the end
/// of the stream.
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
        frame.advance(count)?;
    }
    frame.finish(buf)
}
