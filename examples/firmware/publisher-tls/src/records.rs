//! Between TCP and TLS: what `embedded-tls` 0.19 would panic at does not reach it.
//!
//! Anybody on the way can send these in the server's name, and a panic would start the device anew.

use embassy_net::tcp::{self, TcpSocket};
use embassy_time::{Duration, with_timeout};
use embedded_io::{Error, ErrorKind, ErrorType};
use embedded_io_async::{Read, Write};

const HEADER_BYTES: usize = 5;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
/// The least that is in a sealed record (RFC 8446, 5.2): a byte that says what it is, and 16 that seal it.
const SEALED_BYTES: usize = 1 + 16;

/// A connection whose records are looked at as they come.
pub struct Records<C> {
    connection: C,
    header: [u8; HEADER_BYTES],
    /// How much of the header is there.
    filled: usize,
    /// How much of the record behind it is still to come.
    left: usize,
    /// The server has said hello, in clear; what else belongs to a handshake it says sealed.
    is_greeted: bool,
}

impl<C> Records<C> {
    pub fn new(connection: C) -> Self {
        Self { connection, header: [0; _], filled: 0, left: 0, is_greeted: false }
    }

    fn look_at(&mut self, mut bytes: &[u8]) -> Result<(), RecordError> {
        while let Some((first, rest)) = bytes.split_first() {
            if self.left > 0 {
                let count = self.left.min(bytes.len());
                bytes = bytes.get(count..).unwrap_or_default();
                self.left -= count;
                continue;
            }
            bytes = rest;
            if let Some(place) = self.header.get_mut(self.filled) {
                *place = *first;
                self.filled += 1;
            }
            if self.filled == HEADER_BYTES {
                self.filled = 0;
                self.left = self.record()?;
            }
        }
        Ok(())
    }

    /// The length of the record whose header is there, if it may come.
    fn record(&mut self) -> Result<usize, RecordError> {
        let [kind, _, _, high, low] = self.header;
        let len = usize::from(u16::from_be_bytes([high, low]));
        match kind {
            HANDSHAKE if self.is_greeted => Err(RecordError::Unexpected),
            HANDSHAKE => {
                self.is_greeted = true;
                Ok(len)
            }
            APPLICATION_DATA if len < SEALED_BYTES => Err(RecordError::Unexpected),
            _ => Ok(len),
        }
    }
}

impl Records<TcpSocket<'_>> {
    /// Ends the connection, at most as late as `within`.
    pub async fn end(mut self, within: Duration) {
        self.connection.close();
        let _ = with_timeout(within, self.connection.flush()).await;
    }
}

/// Why nothing more is read.
#[derive(Debug)]
pub enum RecordError {
    Tcp(tcp::Error),
    /// A record that no server sends.
    Unexpected,
}

impl core::fmt::Display for RecordError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("no more records")
    }
}

impl core::error::Error for RecordError {}

impl Error for RecordError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Tcp(error) => error.kind(),
            Self::Unexpected => ErrorKind::InvalidData,
        }
    }
}

impl<C> ErrorType for Records<C> {
    type Error = RecordError;
}

impl<C: Read<Error = tcp::Error>> Read for Records<C> {
    async fn read(&mut self, buf: &mut [u8]) -> Result<usize, RecordError> {
        let count = self.connection.read(buf).await.map_err(RecordError::Tcp)?;
        self.look_at(buf.get(..count).unwrap_or_default())?;
        Ok(count)
    }
}

impl<C: Write<Error = tcp::Error>> Write for Records<C> {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, RecordError> {
        self.connection.write(buf).await.map_err(RecordError::Tcp)
    }

    async fn flush(&mut self) -> Result<(), RecordError> {
        self.connection.flush().await.map_err(RecordError::Tcp)
    }
}
