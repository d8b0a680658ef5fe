//! A handshake from its beginning to its verdict.

use embedded_io::ErrorKind;
use embedded_io_async::{Read, Write};
use embedded_tls::{Aes128GcmSha256, TlsConfig, TlsConnection, TlsContext, TlsError};

use super::{Handshake, Records, ServerError};

/// Why a connection was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum OpenError {
    /// The connection below ended or failed.
    Lost,
    /// The server was not authenticated.
    Server(ServerError),
    /// A record of the server's is longer than the buffer for it: 16 640 bytes take any.
    RecordTooLong,
    /// The server ended the handshake with this alert (RFC 8446, 6).
    Alert(u8),
    /// The server does not speak TLS 1.3, or wants what `embedded-tls` does not have: a group other than P-256, a
    /// certificate of the client's, a certificate message in several records.
    Protocol,
}

/// Opens a connection to a server that `handshake` authenticates: `Ok` is its verdict, too.
///
/// An error was sent to the server as an alert; close the connection below so that it arrives.
///
/// # Errors
///
/// See [`OpenError`].
pub async fn open<C: Read + Write>(
    tls: &mut TlsConnection<'_, Records<C>, Aes128GcmSha256>,
    config: &TlsConfig<'_>,
    handshake: &mut Handshake<'_>,
) -> Result<(), OpenError> {
    let result = tls.open(TlsContext::new(config, &mut *handshake)).await;
    let verdict = handshake.verdict().map_err(OpenError::Server);
    match result {
        // `embedded-tls` also succeeds when the server sends no certificate.
        Ok(()) => verdict,
        Err(TlsError::Io(ErrorKind::InvalidData)) => Err(OpenError::Protocol),
        Err(TlsError::Io(_) | TlsError::IoError) => Err(OpenError::Lost),
        Err(TlsError::InsufficientSpace) => Err(OpenError::RecordTooLong),
        Err(TlsError::HandshakeAborted(_, alert)) => Err(OpenError::Alert(alert as u8)),
        Err(TlsError::AbortHandshake(..)) => verdict.and(Err(OpenError::Protocol)),
        Err(_) => Err(OpenError::Protocol),
    }
}
