//! A response, parsed as it arrives.

use core::fmt;

use super::framing::{Framing, Step};
use crate::server::twirp::TwirpError;
use crate::server::{CallError, Method, Rejection};
use crate::{DecodeError, Malformed, from_bytes};

/// Bytes of the buffer that never hold the body, so that there is always space to receive into.
const RESERVE: usize = 32;

/// The response to one call, in the caller's buffer.
///
/// ```
/// # use livekit_micro::server::{Response, SendData};
/// let mut buf = [0; 512];
/// let mut response = Response::new(&mut buf);
/// while !response.is_complete() {
///     let space = response.space();
///     // let count = socket.read(space).await?;
/// #   let text = b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 0\r\n\r\n";
/// #   space[..text.len()].copy_from_slice(text);
/// #   let count = text.len();
///     response.advance(count)?;
/// }
/// response.message::<SendData>()?; // accepted
/// # Ok::<(), livekit_micro::server::CallError>(())
/// ```
///
/// Headers may have any length. Of a body that is larger than the buffer, the beginning is kept and
/// the rest is counted. The smallest useful buffer has 128 bytes, of which 32 never hold the body.
/// Read long lists with [`ListReader`](super::ListReader).
pub struct Response<'b> {
    buf: &'b mut [u8],
    /// `buf[..body]` is what is kept of the body.
    body: usize,
    /// `buf[body..filled]` has been received and not parsed yet.
    filled: usize,
    /// Bytes of the body that the buffer had no capacity for.
    dropped_body_bytes: usize,
    /// The body of a status 200 is consumed while it arrives, and nothing of it is dropped.
    is_streamed: bool,
    framing: Framing,
    error: TwirpError,
}

/// A response could not be received. What became of the call is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ResponseError {
    /// The connection was closed before the first byte of a response: it was dead already, or the
    /// server is shutting down.
    Closed,
    /// The connection was closed in the middle of the response.
    UnexpectedEof,
    /// The response is not HTTP/1.x: it comes from another kind of server, or the connection is used
    /// twice.
    Malformed,
}

impl<'b> Response<'b> {
    /// A response of which nothing has arrived yet.
    pub fn new(buf: &'b mut [u8]) -> Self {
        Self {
            buf,
            body: 0,
            filled: 0,
            dropped_body_bytes: 0,
            is_streamed: false,
            framing: Framing::new(),
            error: TwirpError::new(),
        }
    }

    pub(super) fn streamed(buf: &'b mut [u8]) -> Self {
        Self { is_streamed: true, ..Self::new(buf) }
    }

    /// Returns where to put the bytes that arrive next. In a buffer of 128 bytes or more it is never
    /// empty before the response is complete.
    pub fn space(&mut self) -> &mut [u8] {
        self.buf.get_mut(self.filled..).unwrap_or_default()
    }

    /// Parses the `count` bytes that were put into [`space`](Self::space); 0 says that the connection
    /// was closed.
    ///
    /// # Errors
    /// See [`ResponseError`]; the connection cannot be used for another call then.
    pub fn advance(&mut self, count: usize) -> Result<(), ResponseError> {
        if count == 0 {
            return self.framing.close();
        }
        self.filled = self.filled.saturating_add(count).min(self.buf.len());
        self.parse()
    }

    /// Parses what has been received, as far as there is capacity for the body.
    fn parse(&mut self) -> Result<(), ResponseError> {
        let mut at = self.body;
        loop {
            let is_waiting = self.is_streamed && self.status() == Some(200);
            let capacity = if is_waiting { self.capacity() } else { usize::MAX };
            let raw = self.buf.get(at..self.filled).unwrap_or_default();
            match self.framing.next(raw, capacity)? {
                Step::Skip(count) => at = at.saturating_add(count),
                Step::Body(count) => {
                    self.add_body(at, count);
                    at = at.saturating_add(count);
                }
                Step::Wait => break,
            }
        }
        self.filled = shift(self.buf, at..self.filled, self.body);
        Ok(())
    }

    /// Returns how many more bytes of the body can be kept.
    fn capacity(&self) -> usize {
        self.buf.len().saturating_sub(RESERVE).saturating_sub(self.body)
    }

    /// Adds the `count` bytes at `at` to the body, as far as there is capacity.
    fn add_body(&mut self, at: usize, count: usize) {
        let end = at.saturating_add(count);
        if self.status() != Some(200) {
            self.error.read(self.buf.get(at..end).unwrap_or_default());
        }
        let kept = count.min(self.capacity());
        let dropped = count.saturating_sub(kept);
        self.dropped_body_bytes = self.dropped_body_bytes.saturating_add(dropped);
        self.body = shift(self.buf, at..at.saturating_add(kept), self.body);
    }

    /// Returns `true` once the whole response has arrived.
    pub fn is_complete(&self) -> bool {
        self.framing.is_complete()
    }

    #[cfg(feature = "embedded-io")]
    pub(super) fn has_started(&self) -> bool {
        self.framing.has_started()
    }

    /// Returns the HTTP status, once all headers have arrived.
    pub fn status(&self) -> Option<u16> {
        self.framing.head().map(|head| head.status)
    }

    /// Returns the body, as far as it has arrived and the buffer holds it.
    pub fn body(&self) -> &[u8] {
        self.buf.get(..self.body).unwrap_or_default()
    }

    /// Returns `true` if the connection may be reused; only after a complete response.
    pub fn keeps_alive(&self) -> bool {
        self.framing.keeps_alive() && self.filled == self.body
    }

    /// Decodes the response to the call `M`.
    ///
    /// It is LiveKit's response only with status 200, the content type that LiveKit always sends, and
    /// a complete body. A message without fields, such as [`SendData`](crate::server::SendData)'s, has
    /// an empty body. Everything else is an error: a page of a proxy or a captive portal never counts
    /// as success.
    ///
    /// # Errors
    /// [`CallError::Rejected`] for every status but 200; [`CallError::ContentType`],
    /// [`CallError::UnexpectedBody`], [`CallError::Decode`] and [`CallError::BodyTooLarge`] for a body
    /// that is not that message; [`CallError::Response`] before the response is complete.
    pub fn message<M: Method>(&self) -> Result<M::Response<'_>, CallError> {
        self.check::<M>()?;
        from_bytes(self.body()).map_err(CallError::Decode)
    }

    /// As [`message`](Self::message), but the message borrows the buffer and not the response.
    ///
    /// # Errors
    /// As of [`message`](Self::message).
    pub fn into_message<M: Method>(self) -> Result<M::Response<'b>, CallError> {
        self.check::<M>()?;
        let buf: &'b [u8] = self.buf;
        from_bytes(buf.get(..self.body).unwrap_or_default()).map_err(CallError::Decode)
    }

    /// Checks that the body is complete and may be the message.
    fn check<M: Method>(&self) -> Result<(), CallError> {
        self.check_head()?;
        if !self.is_complete() {
            return Err(ResponseError::UnexpectedEof.into());
        }
        let len = self.body.saturating_add(self.dropped_body_bytes);
        if len > 0 && size_of::<M::Response<'_>>() == 0 {
            return Err(CallError::UnexpectedBody { len });
        }
        if self.dropped_body_bytes == 0 {
            return Ok(());
        }
        // What was dropped makes the message truncated. If it is malformed otherwise, a larger buffer
        // does not help.
        match from_bytes::<M::Response<'_>>(self.body()) {
            Err(DecodeError::Malformed { kind: Malformed::Truncated, .. }) | Ok(_) => {
                let needed = len.saturating_add(RESERVE);
                Err(CallError::BodyTooLarge { needed, available: self.buf.len() })
            }
            Err(error) => Err(CallError::Decode(error)),
        }
    }

    /// Checks that status and headers are those of a successful call.
    pub(super) fn check_head(&self) -> Result<(), CallError> {
        let head = self.framing.head().ok_or(ResponseError::UnexpectedEof)?;
        if head.status == 200 {
            return head.is_protobuf().then_some(()).ok_or(CallError::ContentType);
        }
        let rejection = Rejection::new(head.status, &self.error, self.body());
        // Half a response is not LiveKit's last word.
        if rejection.is_final() && !self.is_complete() {
            return Err(ResponseError::UnexpectedEof.into());
        }
        Err(rejection.into())
    }

    /// Drops the first `count` bytes of the body, and parses what there was no capacity for.
    pub(super) fn consume(&mut self, count: usize) -> Result<(), ResponseError> {
        let count = count.min(self.body);
        self.filled = shift(self.buf, count..self.filled, 0);
        self.body = self.body.saturating_sub(count);
        self.parse()
    }

    /// Returns `true` if no more of the body can be kept.
    pub(super) fn is_full(&self) -> bool {
        self.capacity() == 0
    }
}

/// Moves the bytes of `from` down to `to`; returns where they end.
///
/// Byte by byte: there are few of them, and `copy_within` has a panic path.
fn shift(buf: &mut [u8], from: core::ops::Range<usize>, to: usize) -> usize {
    let mut end = to;
    for at in from {
        let Some(&byte) = buf.get(at) else { break };
        let Some(slot) = buf.get_mut(end) else { break };
        *slot = byte;
        end = end.saturating_add(1);
    }
    end
}

impl fmt::Debug for Response<'_> {
    /// Without the content of the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status())
            .field("body_len", &self.body)
            .field("is_complete", &self.is_complete())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "the connection was closed before a response",
            Self::UnexpectedEof => "the connection was closed in the middle of the response",
            Self::Malformed => "the response is not HTTP/1.x",
        })
    }
}

impl core::error::Error for ResponseError {}
