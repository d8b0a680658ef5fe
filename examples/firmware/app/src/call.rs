//! One call over an open connection.

use embassy_time::{Duration, with_timeout};
use embedded_io_async::{Read, Write};
use livekit_micro::server::{CallError, Reply, RequestError, Verdict};

/// How long an answer may take. The server itself waits 3 s for a room to be live; a call of a
/// participant may take 7 s more.
const ANSWER: Duration = Duration::from_secs(5);

/// Why a reading was not accepted.
#[derive(Clone, Copy, defmt::Format)]
pub enum Failure {
    /// The server, or TLS in front of it, refused the connection or ended it.
    NoConnection,
    /// Nothing came in time.
    Timeout,
    /// The network failed in the middle of a call.
    Lost,
    /// The server at the other end is not the one it should be, or not at all what it should be.
    Tls,
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
            Self::NoConnection | Self::Timeout | Self::Lost | Self::Tls => Verdict::Unknown,
        }
    }
}

/// Sends `request` and takes in the answer, as far as it fits `reply`.
pub async fn exchange<C: Read + Write>(
    connection: &mut C,
    request: &[u8],
    reply: &mut Reply<'_>,
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
    with_timeout(ANSWER, call).await.unwrap_or(Err(Failure::Timeout))
}
