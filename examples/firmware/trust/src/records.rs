//! Between TCP and TLS: what `embedded-tls` 0.19 would panic at does not reach it.
//!
//! Anybody on the way can send these in the server's name, and a panic would start the device anew.

use core::fmt::{self, Display, Formatter};

use embedded_io::{Error, ErrorKind, ErrorType};
use embedded_io_async::{Read, Write};

const HEADER_BYTES: usize = 5;
const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
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
    /// Nothing has come over `connection` yet.
    pub fn new(connection: C) -> Self {
        Self { connection, header: [0; _], filled: 0, left: 0, is_greeted: false }
    }

    /// Back to what is underneath.
    pub fn into_inner(self) -> C {
        self.connection
    }

    fn look_at(&mut self, mut bytes: &[u8]) -> Result<(), Unexpected> {
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
    fn record(&mut self) -> Result<usize, Unexpected> {
        let [kind, _, _, high, low] = self.header;
        let len = usize::from(u16::from_be_bytes([high, low]));
        match kind {
            HANDSHAKE if self.is_greeted => Err(Unexpected),
            HANDSHAKE => {
                self.is_greeted = true;
                Ok(len)
            }
            APPLICATION_DATA if len < SEALED_BYTES => Err(Unexpected),
            _ => Ok(len),
        }
    }
}

/// Why nothing more is read.
#[derive(Debug)]
pub enum RecordError<E> {
    /// The connection's own error.
    Connection(E),
    /// A record that no server sends.
    Unexpected,
}

impl<E: Error> Display for RecordError<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(error) => Display::fmt(error, f),
            Self::Unexpected => f.write_str("unexpected record"),
        }
    }
}

impl<E: Error> core::error::Error for RecordError<E> {}

impl<E: Error> Error for RecordError<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Connection(error) => error.kind(),
            Self::Unexpected => ErrorKind::InvalidData,
        }
    }
}

impl<C: ErrorType> ErrorType for Records<C> {
    type Error = RecordError<C::Error>;
}

impl<C: Read> Read for Records<C> {
    async fn read(&mut self, buf: &mut [u8]) -> Result<usize, Self::Error> {
        let count = self.connection.read(buf).await.map_err(RecordError::Connection)?;
        self.look_at(buf.get(..count).unwrap_or_default())
            .map_err(|Unexpected| RecordError::Unexpected)?;
        Ok(count)
    }
}

impl<C: Write> Write for Records<C> {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, Self::Error> {
        // An alert in clear. `embedded-tls` calls it a change of ciphers, which it never has to
        // say, and so the server would not know why it was refused.
        if let [CHANGE_CIPHER_SPEC, _, _, 0, 2, level, description] = *buf {
            let alert = [ALERT, 3, 3, 0, 2, level, description];
            self.connection.write_all(&alert).await.map_err(RecordError::Connection)?;
            return Ok(buf.len());
        }
        self.connection.write(buf).await.map_err(RecordError::Connection)
    }

    async fn flush(&mut self) -> Result<(), Self::Error> {
        self.connection.flush().await.map_err(RecordError::Connection)
    }
}

/// See [`RecordError`].
struct Unexpected;
