//! A whole call over an open connection (feature `embedded-io`).

use core::fmt;

use embedded_io_async::{Read, Write};

use super::{Call, CallError, Endpoint, Reply, RequestError};

/// A call over a connection did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ExchangeError<E> {
    /// It was not made: nothing was sent.
    Request(RequestError),
    /// The connection's own error: what became of the call is unknown.
    Io(E),
    /// The server's answer, or that there was none.
    Call(CallError),
}

/// Sends the call, takes in the answer in the same buffer, and reads it.
pub(super) async fn exchange<'b, C: Call, S: Read + Write>(
    connection: &mut S,
    endpoint: &Endpoint<'_>,
    request: &C::Request<'_>,
    buf: &'b mut [u8],
) -> Result<C::Response<'b>, ExchangeError<S::Error>> {
    let bytes = endpoint.request::<C>(request, buf).map_err(ExchangeError::Request)?;
    connection.write_all(bytes).await.map_err(ExchangeError::Io)?;
    connection.flush().await.map_err(ExchangeError::Io)?;
    let mut reply = Reply::new(buf);
    while !reply.is_complete() {
        let count = connection.read(reply.space()).await.map_err(ExchangeError::Io)?;
        if let Err(error) = reply.advance(count) {
            // The status may be known all the same.
            return reply.into_message::<C>().map_err(|_| ExchangeError::Call(error.into()));
        }
    }
    reply.into_message::<C>().map_err(ExchangeError::Call)
}

impl<E: fmt::Debug> fmt::Display for ExchangeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::Io(error) => write!(f, "the connection failed: {error:?}"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for ExchangeError<E> {}
