//! One call over an open connection.

use embassy_time::{Duration, with_timeout};
use embedded_io_async::{Read, Write};
use livekit_micro::server::{CallError, Reply, RequestError, Verdict};

/// How long an answer may take. The server itself waits 3 s for a room to be live.
pub const ANSWER: Duration = Duration::from_secs(5);

/// Why a reading was not accepted.
#[derive(Clone, Copy, defmt::Format)]
pub enum Failure {
    /// The server, or TLS in front of it, refused the connection or ended it.
    NoConnection,
    /// Nothing came in time.
    Timeout,
    /// The network failed in the middle of a call.
    Lost,
    /// TLS did not come about: the server is not the one it should be, or not what it should be.
    Tls(TlsFailure),
    /// The call was not even made.
    Request(RequestError),
    /// The server's answer.
    Call(CallError),
}

impl Failure {
    /// What it means for a reading.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Call(error) => error.into(),
            Self::Request(_) => Verdict::Refused,
            Self::NoConnection | Self::Timeout | Self::Lost | Self::Tls(_) => Verdict::Unknown,
        }
    }
}

/// Why TLS did not come about. The server may have another certificate tomorrow.
#[derive(Clone, Copy, defmt::Format)]
pub enum TlsFailure {
    /// Nobody whom the device trusts vouches for the server's certificate.
    Issuer,
    /// The certificate is for other names.
    Name,
    /// The certificate is not valid yet, or not any more.
    Expired,
    /// The certificate, or one of those that vouch for it, is for something else, or unreadable.
    Certificate,
    /// The server did not prove that the certificate is its own.
    Proof,
    /// A record is larger than the buffer for it.
    RecordTooLarge,
    /// The server refused, with this alert.
    Alert(u8),
    /// What the server said is no TLS 1.3, or not of the kind that the device knows.
    Protocol,
}

/// Sends `request` and takes in the answer, as far as it fits `reply`, in at most `time`.
pub async fn exchange<C: Read + Write>(
    connection: &mut C,
    request: &[u8],
    reply: &mut Reply<'_>,
    time: Duration,
) -> Result<(), Failure> {
    let call = async {
        connection.write_all(request).await.map_err(|_| Failure::Lost)?;
        connection.flush().await.map_err(|_| Failure::Lost)?;
        while !reply.is_complete() {
            let count = connection.read(reply.space()).await.map_err(|_| Failure::Lost)?;
            reply.advance(count).map_err(|error| Failure::Call(error.into()))?;
        }
        Ok(())
    };
    with_timeout(time, call).await.unwrap_or(Err(Failure::Timeout))
}
