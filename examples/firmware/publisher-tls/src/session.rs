//! An open connection.

use embassy_net::tcp::TcpSocket;
use embedded_io::ErrorType;
use embedded_io_async::{Read, Write};
use embedded_tls::{Aes128GcmSha256, TlsConnection, TlsError};
use livekit_micro_trust::embedded_tls::Records;

/// A TLS connection that reads 0 bytes after the server's `close_notify`; an end without it is an error.
pub struct Session<'a>(pub TlsConnection<'a, Records<TcpSocket<'a>>, Aes128GcmSha256>);

impl ErrorType for Session<'_> {
    type Error = TlsError;
}

impl Read for Session<'_> {
    async fn read(&mut self, buf: &mut [u8]) -> Result<usize, TlsError> {
        match self.0.read(buf).await {
            Err(TlsError::ConnectionClosed) => Ok(0),
            result => result,
        }
    }
}

impl Write for Session<'_> {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, TlsError> {
        self.0.write(buf).await
    }

    async fn flush(&mut self) -> Result<(), TlsError> {
        self.0.flush().await
    }
}
