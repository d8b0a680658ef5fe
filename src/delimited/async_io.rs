//! [`write()`](super::write) and [`read()`](super::read) for `embedded-io-async`.
//!
//! A future that is dropped before it is done leaves the stream inside a frame.

use embedded_io_async::{Read, Write};

use super::frame::{Incoming, Prefix};
use super::{ReadError, WriteError};
use crate::{Decode, Encode, from_bytes, to_slice};

/// Encodes `message` into `buf` and writes the frame; returns its length with the prefix.
///
/// # Errors
/// [`WriteError::Encode`] if the message does not fit `buf`: nothing was sent then.
pub async fn write<W: Write, M: Encode>(
    writer: &mut W,
    message: &M,
    buf: &mut [u8],
) -> Result<usize, WriteError<W::Error>> {
    let encoded = to_slice(message, buf).map_err(WriteError::Encode)?;
    let prefix = Prefix::new(encoded.len());
    writer.write_all(prefix.as_bytes()).await.map_err(WriteError::Io)?;
    writer.write_all(encoded).await.map_err(WriteError::Io)?;
    Ok(prefix.as_bytes().len() + encoded.len())
}

/// Reads the next message into `buf` and decodes it; `None` at the end of the stream.
///
/// # Errors
/// See [`ReadError`].
pub async fn read<'b, R: Read, M: Decode<'b>>(
    reader: &mut R,
    buf: &'b mut [u8],
) -> Result<Option<M>, ReadError<R::Error>> {
    match read_frame(reader, buf).await? {
        Some(encoded) => from_bytes(encoded).map(Some).map_err(ReadError::Decode),
        None => Ok(None),
    }
}

/// Reads the next message into `buf` and returns it encoded, without its length; `None` at the end
/// of the stream.
///
/// # Errors
/// See [`ReadError`]; a frame larger than `buf` is read to its end and dropped.
pub async fn read_frame<'b, R: Read>(
    reader: &mut R,
    buf: &'b mut [u8],
) -> Result<Option<&'b [u8]>, ReadError<R::Error>> {
    let mut frame = Incoming::new();
    while let Some(space) = frame.space(buf) {
        let count = reader.read(space).await.map_err(ReadError::Io)?;
        frame.advance(count)?;
    }
    frame.finish(buf)
}
