//! A filter between TCP and TLS that rejects the records at which `embedded-tls` 0.19 panics.
//!
//! An attacker on the network path can send them, and a panic resets the device.

use core::fmt::{self, Display, Formatter};

use embedded_io::{Error, ErrorKind, ErrorType};
use embedded_io_async::{Read, Write};

const HEADER_BYTES: usize = 5;
const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
/// The shortest encrypted record (RFC 8446, 5.2): one byte of content type and a tag of 16 bytes.
const MIN_ENCRYPTED_BYTES: usize = 1 + 16;

/// A connection whose records are checked as they are read.
///
/// Of clones, which `TlsConnection::split` makes, one may read.
#[derive(Clone)]
pub struct Records<C> {
    connection: C,
    header: [u8; HEADER_BYTES],
    /// Bytes of the header received so far.
    filled: usize,
    /// Bytes of the record's body still to be received.
    left: usize,
    /// The unencrypted ServerHello has been received; all later handshake messages are encrypted.
    has_hello: bool,
}

impl<C> Records<C> {
    /// Wraps a connection over which nothing has been received.
    pub fn new(connection: C) -> Self {
        Self { connection, header: [0; _], filled: 0, left: 0, has_hello: false }
    }

    /// Returns the connection.
    pub fn into_inner(self) -> C {
        self.connection
    }

    fn check(&mut self, mut bytes: &[u8]) -> Result<(), Unexpected> {
        while let Some((first, rest)) = bytes.split_first() {
            if self.left > 0 {
                let count = self.left.min(bytes.len());
                bytes = bytes.get(count..).unwrap_or_default();
                self.left = self.left.saturating_sub(count);
                continue;
            }
            bytes = rest;
            if let Some(slot) = self.header.get_mut(self.filled) {
                *slot = *first;
                self.filled = self.filled.saturating_add(1);
            }
            if self.filled == HEADER_BYTES {
                self.filled = 0;
                self.left = self.record()?;
            }
        }
        Ok(())
    }

    /// Returns the length of the record whose header is complete, if the record is acceptable.
    fn record(&mut self) -> Result<usize, Unexpected> {
        let [kind, _, _, high, low] = self.header;
        let len = usize::from(u16::from_be_bytes([high, low]));
        match kind {
            HANDSHAKE if self.has_hello => Err(Unexpected),
            HANDSHAKE => {
                self.has_hello = true;
                Ok(len)
            }
            APPLICATION_DATA if len < MIN_ENCRYPTED_BYTES => Err(Unexpected),
            _ => Ok(len),
        }
    }
}

/// Why reading or writing failed.
#[derive(Debug)]
pub enum RecordError<E> {
    /// The connection's own error.
    Connection(E),
    /// A record that no correct server sends.
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
        self.check(buf.get(..count).unwrap_or_default())
            .map_err(|Unexpected| RecordError::Unexpected)?;
        Ok(count)
    }
}

impl<C: Write> Write for Records<C> {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, Self::Error> {
        // `embedded-tls` sends an unencrypted alert with the type of ChangeCipherSpec, which it never
        // has to send. Without the right type the server would not log the reason.
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
