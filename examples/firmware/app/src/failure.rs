//! Why a call failed.

use embassy_time::{Duration, TimeoutError};
use livekit_micro::data::SendError;
use livekit_micro::server::{CallError, ConnectionError, RequestError, Verdict};

/// The deadline for a whole response. The server itself waits 3 s for a room to be live.
pub const RESPONSE: Duration = Duration::from_secs(5);

/// Why a call failed.
#[derive(Clone, Copy, defmt::Format)]
pub enum Failure {
    /// The name servers do not know the server's name, or do not answer.
    NotResolved,
    /// The server, or TLS in front of it, refused the connection or closed it.
    NoConnection,
    /// The deadline passed, whether the connection was silent or not.
    Timeout,
    /// The network failed during the call.
    Lost,
    /// The server had closed the connection, which was kept open after an earlier call.
    Stale,
    /// The TLS handshake failed.
    Tls(TlsFailure),
    /// The request could not be written.
    Request(RequestError),
    /// The response was an error, or invalid.
    Call(CallError),
    /// A frame for a data channel could not be made, which was logged.
    Frame,
}

impl Failure {
    /// What it means for the outbox.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Call(error) => error.into(),
            Self::Request(_) | Self::Frame => Verdict::Rejected,
            Self::NotResolved
            | Self::NoConnection
            | Self::Timeout
            | Self::Lost
            | Self::Stale
            | Self::Tls(_) => Verdict::Retry,
        }
    }
}

impl<E> From<ConnectionError<E>> for Failure {
    fn from(error: ConnectionError<E>) -> Self {
        match error {
            ConnectionError::Request(error) => Self::Request(error),
            ConnectionError::Call(error) => Self::Call(error),
            ConnectionError::Stale => Self::Stale,
            _ => Self::Lost,
        }
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        defmt::error!("not sent: {}", error);
        Self::Frame
    }
}

/// Why a TLS handshake failed. The server may have another certificate at the next attempt.
#[derive(Clone, Copy, defmt::Format)]
pub enum TlsFailure {
    /// The device does not know the time: no certificate can be accepted.
    NoTime,
    /// The certificate was not issued under the root that the device trusts.
    Issuer,
    /// The certificate is for other names.
    Name,
    /// A certificate is not valid yet, or has expired.
    Expired,
    /// A certificate of the chain is for another use, malformed or of an unsupported kind.
    Certificate,
    /// The server did not prove that it owns the certificate.
    Proof,
    /// A record is larger than the buffer for it.
    RecordTooLarge,
    /// The server sent this alert.
    Alert(u8),
    /// The server does not speak TLS 1.3, or uses a feature that the device does not support.
    Protocol,
}

/// Joins the two errors of a call in `with_timeout`. Every call has such a deadline for the whole of it: the
/// timeout of a socket starts again with each byte, so a server that sends one now and then never times out.
///
/// It is passed the result and not the call, as an `async fn` would store the call's future twice.
pub fn joined<T, E: Into<Failure>>(
    result: Result<Result<T, E>, TimeoutError>,
) -> Result<T, Failure> {
    result.map_or(Err(Failure::Timeout), |result| result.map_err(Into::into))
}
