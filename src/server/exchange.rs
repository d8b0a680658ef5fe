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
    // Who refuses a request may close before it has all gone: the answer says why.
    let sent = async {
        connection.write_all(bytes).await?;
        connection.flush().await
    };
    let sent = sent.await.map_err(ExchangeError::Io);
    let mut reply = Reply::new(buf);
    let received = loop {
        if reply.is_complete() {
            break Ok(());
        }
        match connection.read(reply.space()).await.map(|count| reply.advance(count)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => break Err(ExchangeError::Call(error.into())),
            Err(error) => break Err(ExchangeError::Io(error)),
        }
    };
    match reply.into_message::<C>() {
        // What ended it says more.
        Err(CallError::Reply(error)) => {
            Err(sent.and(received).err().unwrap_or(ExchangeError::Call(error.into())))
        }
        known => known.map_err(ExchangeError::Call),
    }
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
