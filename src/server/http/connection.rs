//! Calls over an open connection (feature `embedded-io`).

use core::fmt;

use embedded_io_async::{Read, Write};

use super::list::ListReader;
use super::{Endpoint, ListItem, Response, ResponseError};
use crate::server::{CallError, Method, RequestError};

/// An open connection to the server, for one call after the other.
///
/// `S` is a connection of `embedded-io-async`: a TCP socket, or TLS over one. Opening and closing it is
/// the caller's, and so is time.
///
/// # Deadlines
///
/// Nothing here has a timeout. Put one around the whole call, 5 s for most: the server itself waits 3 s
/// for a room that is not live. For [`PerformRpc`](crate::server::PerformRpc) add what the receiver may
/// take, `response_timeout_ms`. A timeout of the socket does not replace it: smoltcp's counts from the
/// last byte received, so a server that sends one byte a second is never left.
///
/// A call that is dropped before it ends leaves a connection that is not
/// [reusable](Self::is_reusable), because the rest of the response may still arrive.
///
/// ```
/// # use embedded_io_async::{Read, Write};
/// # async fn with_timeout<T>(time: u64, future: impl Future<Output = T>) -> Result<T, ()> { Ok(future.await) }
/// # struct Duration; impl Duration { fn from_secs(secs: u64) -> u64 { secs } }
/// use livekit_micro::borrowed::SendDataRequest;
/// use livekit_micro::server::{Connection, Endpoint, SendData, Verdict};
///
/// # async fn publish<S: Read + Write>(socket: S, server: &Endpoint<'_>, readings: &[SendDataRequest<'_>]) {
/// let mut buf = [0; 1024]; // for the request, and then for the response
/// let mut connection = Connection::new(socket);
/// for reading in readings {
///     let call = connection.call::<SendData>(server, reading, &mut buf);
///     let verdict = match with_timeout(Duration::from_secs(5), call).await {
///         Ok(result) => Verdict::from(result),
///         Err(_timeout) => Verdict::Retry,
///     };
///     # let _ = verdict;
///     if !connection.is_reusable() {
///         break; // close the socket, open another
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Connection<S> {
    stream: S,
    is_reusable: bool,
    has_served: bool,
}

/// A call over a connection did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ConnectionError<E> {
    /// The request was not encoded: nothing was sent.
    Request(RequestError),
    /// The connection's own error: what became of the call is unknown.
    Io(E),
    /// The connection, kept open after an earlier call, was closed before the first byte of the response:
    /// the server had closed it meanwhile. Repeat the call at once over a new connection.
    Stale,
    /// The connection is not [reusable](Connection::is_reusable): nothing was sent.
    NotReusable,
    /// The server's response, or that there was none.
    Call(CallError),
}

impl<S> Connection<S> {
    /// Makes calls over `stream`, which has just been opened.
    pub const fn new(stream: S) -> Self {
        Self { stream, is_reusable: true, has_served: false }
    }

    /// Returns `true` if the connection may be used for the next call: it is new, or the last response is
    /// complete and the server keeps the connection open.
    pub fn is_reusable(&self) -> bool {
        self.is_reusable
    }

    /// Returns the stream, to be closed.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: Read + Write> Connection<S> {
    /// Makes a call; `buf` is for the request, and then for the response.
    ///
    /// # Errors
    /// See [`ConnectionError`].
    pub async fn call<'b, M: Method>(
        &mut self,
        endpoint: &Endpoint<'_>,
        request: &M::Request<'_>,
        buf: &'b mut [u8],
    ) -> Result<M::Response<'b>, ConnectionError<S::Error>> {
        let len = endpoint.request::<M>(request, buf).map_err(ConnectionError::Request)?.len();
        self.call_encoded::<M>(len, buf).await
    }

    /// Makes a call whose request of `len` bytes [`Endpoint::request`] has already encoded at the end of
    /// `buf`, as it does when the payload cannot be borrowed while the call is made.
    ///
    /// # Errors
    /// See [`ConnectionError`].
    pub async fn call_encoded<'b, M: Method>(
        &mut self,
        len: usize,
        buf: &'b mut [u8],
    ) -> Result<M::Response<'b>, ConnectionError<S::Error>> {
        let request = buf.get(buf.len().saturating_sub(len)..).unwrap_or_default();
        let has_served = self.has_served;
        // A server that rejects a request may close the connection before all of it has been sent: its
        // response says why.
        let sent = match self.send(request).await {
            Err(ConnectionError::NotReusable) => return Err(ConnectionError::NotReusable),
            sent => sent,
        };
        let mut response = Response::new(buf);
        let received = self.receive(&mut response).await;
        let is_stale = has_served && !response.has_started();
        match response.into_message::<M>() {
            Err(CallError::Response(_)) if is_stale => Err(ConnectionError::Stale),
            // What ended it says more.
            Err(CallError::Response(error)) => {
                Err(sent.and(received).err().unwrap_or(ConnectionError::Call(error.into())))
            }
            known => known.map_err(ConnectionError::Call),
        }
    }

    /// Calls a method whose response is a list, and returns it, to be read item by item.
    ///
    /// The buffer is for the request, and then for one item at a time. See [`ListReader`].
    ///
    /// # Errors
    /// [`ConnectionError::Request`], [`ConnectionError::Io`] and [`ConnectionError::NotReusable`].
    pub async fn list<'c, 'b, M: Method>(
        &'c mut self,
        endpoint: &Endpoint<'_>,
        request: &M::Request<'_>,
        buf: &'b mut [u8],
    ) -> Result<List<'c, 'b, S>, ConnectionError<S::Error>> {
        let has_served = self.has_served;
        let request = endpoint.request::<M>(request, buf).map_err(ConnectionError::Request)?;
        self.send(request).await?;
        Ok(List { connection: self, reader: ListReader::new(buf), has_served })
    }

    /// Sends a request. The connection is not reusable until the response is complete.
    async fn send(&mut self, request: &[u8]) -> Result<(), ConnectionError<S::Error>> {
        if !core::mem::take(&mut self.is_reusable) {
            return Err(ConnectionError::NotReusable);
        }
        self.has_served = true;
        self.stream.write_all(request).await.map_err(ConnectionError::Io)?;
        self.stream.flush().await.map_err(ConnectionError::Io)
    }

    async fn receive(
        &mut self,
        response: &mut Response<'_>,
    ) -> Result<(), ConnectionError<S::Error>> {
        while !response.is_complete() {
            let count = self.stream.read(response.space()).await.map_err(ConnectionError::Io)?;
            response.advance(count)?;
        }
        self.is_reusable = response.keeps_alive();
        Ok(())
    }
}

/// A list that is read while it arrives over a [`Connection`].
#[derive(Debug)]
pub struct List<'c, 'b, S> {
    connection: &'c mut Connection<S>,
    reader: ListReader<'b>,
    has_served: bool,
}

impl<S: Read + Write> List<'_, '_, S> {
    /// Returns the next item, `None` after the last.
    ///
    /// # Errors
    /// See [`ConnectionError`]. The items before were part of the list all the same.
    pub async fn next(&mut self) -> Result<Option<ListItem<'_>>, ConnectionError<S::Error>> {
        loop {
            if let Some(found) = self.reader.find()? {
                return Ok(Some(self.reader.item(found)));
            }
            if self.reader.is_complete() {
                return Ok(None);
            }
            let read = self.connection.stream.read(self.reader.space()).await;
            let read = read.map_err(ConnectionError::Io);
            if let Err(error) = read.and_then(|count| Ok(self.reader.advance(count)?)) {
                let is_stale = self.has_served && !self.reader.has_started();
                return Err(if is_stale { ConnectionError::Stale } else { error });
            }
            if self.reader.is_complete() {
                self.connection.is_reusable = self.reader.keeps_alive();
            }
        }
    }
}

impl<E> From<CallError> for ConnectionError<E> {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl<E> From<ResponseError> for ConnectionError<E> {
    fn from(error: ResponseError) -> Self {
        Self::Call(error.into())
    }
}

impl<E: fmt::Debug> fmt::Display for ConnectionError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::Io(error) => write!(f, "the connection failed: {error:?}"),
            Self::Stale => f.write_str("the server had closed the connection: open another"),
            Self::NotReusable => f.write_str("the connection cannot be used again: open another"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for ConnectionError<E> {}
