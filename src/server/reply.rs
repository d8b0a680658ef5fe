//! An answer, taken in as it arrives.

use core::fmt;

use super::framing::{Framing, LOOKED_AT, Step};
use super::{Call, CallError, Refusal};
use crate::{DecodeError, Malformed, from_bytes};

/// Bytes behind the body that are kept free: what frames the body is understood there.
const RESERVE: usize = LOOKED_AT;

/// The answer to one call, in a buffer of yours.
///
/// ```
/// # use livekit_micro::server::{Reply, SendData};
/// let mut buf = [0; 512];
/// let mut reply = Reply::new(&mut buf);
/// while !reply.is_complete() {
///     let space = reply.space();
///     // let count = socket.read(space).await?;
/// #   let text = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
/// #   space[..text.len()].copy_from_slice(text);
/// #   let count = text.len();
///     reply.advance(count)?;
/// }
/// reply.message::<SendData>()?; // accepted
/// # Ok::<(), livekit_micro::server::CallError>(())
/// ```
///
/// The head passes through, however long it is. Of a body that does not fit, the beginning is kept and
/// the rest is counted: enough to know a refusal by. The smallest useful buffer has 128 bytes, of which
/// 32 are for what frames the body. Long lists are read by [`Records`](super::Records).
pub struct Reply<'b> {
    buf: &'b mut [u8],
    /// `buf[..body]` is what is kept of the body.
    body: usize,
    /// `buf[body..filled]` has been received and is not understood yet.
    filled: usize,
    /// Bytes of the body that had no room; none if they wait until there is.
    lost: Option<usize>,
    framing: Framing,
}

/// An answer could not be taken in. What became of the request is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReplyError {
    /// The connection was closed before a byte of an answer came: it was dead already, or the server
    /// is going down.
    Closed,
    /// The connection was closed in the middle of an answer.
    Cut,
    /// This is no HTTP/1.x: another server, or a connection that is used twice.
    Malformed,
}

impl<'b> Reply<'b> {
    /// Nothing has arrived yet.
    pub fn new(buf: &'b mut [u8]) -> Self {
        Self { buf, body: 0, filled: 0, lost: Some(0), framing: Framing::new() }
    }

    /// One whose body is consumed while it arrives, and of which nothing is lost.
    pub(super) fn streamed(buf: &'b mut [u8]) -> Self {
        Self { lost: None, ..Self::new(buf) }
    }

    /// Where to put the bytes that arrive next; in a buffer of 128 bytes or more never empty before the
    /// answer is complete.
    pub fn space(&mut self) -> &mut [u8] {
        self.buf.get_mut(self.filled..).unwrap_or_default()
    }

    /// Takes in the `count` bytes that were put into [`space`](Self::space); 0 says that the
    /// connection was closed.
    ///
    /// # Errors
    /// See [`ReplyError`]; the connection cannot be used for another call then.
    pub fn advance(&mut self, count: usize) -> Result<(), ReplyError> {
        if count == 0 {
            return self.framing.close(self.filled > self.body);
        }
        self.filled = self.filled.saturating_add(count).min(self.buf.len());
        self.take_in()
    }

    /// Understands what has been received, as far as there is room for it.
    fn take_in(&mut self) -> Result<(), ReplyError> {
        let mut at = self.body;
        loop {
            let room = self.lost.map_or(self.room(), |_| usize::MAX);
            let raw = self.buf.get(at..self.filled).unwrap_or_default();
            let is_full = self.body == at && self.filled == self.buf.len();
            match self.framing.next(raw, room, is_full)? {
                Step::Skip(count) => at = at.saturating_add(count),
                Step::Body(count) => {
                    self.keep(at, count);
                    at = at.saturating_add(count);
                }
                Step::Wait => break,
            }
        }
        self.filled = shift(self.buf, at..self.filled, self.body);
        Ok(())
    }

    /// How many more bytes of the body can be kept.
    fn room(&self) -> usize {
        self.buf.len().saturating_sub(RESERVE).saturating_sub(self.body)
    }

    /// Adds the `count` bytes at `at` to the body, as far as there is room.
    fn keep(&mut self, at: usize, count: usize) {
        let kept = count.min(self.room());
        if let Some(lost) = &mut self.lost {
            *lost = lost.saturating_add(count.saturating_sub(kept));
        }
        self.body = shift(self.buf, at..at.saturating_add(kept), self.body);
    }

    /// Has all of the answer arrived?
    pub fn is_complete(&self) -> bool {
        self.framing.is_complete()
    }

    /// The status, once the head is here: 200 is a verdict even if the connection is cut behind it.
    pub fn status(&self) -> Option<u16> {
        self.framing.status()
    }

    /// The body, as far as it has arrived and fits.
    pub fn body(&self) -> &[u8] {
        self.buf.get(..self.body).unwrap_or_default()
    }

    /// Can the connection be used for another call? Only behind a complete answer.
    pub fn keeps_alive(&self) -> bool {
        self.framing.keeps_alive() && self.filled == self.body
    }

    /// What the server answered to the call `C`.
    ///
    /// # Errors
    /// [`CallError::Refused`] for every status but 200; [`CallError::BodyTooLarge`] and
    /// [`CallError::Decode`] if it cannot be read; [`CallError::Reply`] before the head is here, or
    /// where the answer has a body that is not complete.
    pub fn message<C: Call>(&self) -> Result<C::Response<'_>, CallError> {
        self.check::<C>()?;
        from_bytes(self.body()).map_err(CallError::Decode)
    }

    /// As [`message`](Self::message), of an answer that is no longer needed: it refers to the buffer.
    ///
    /// # Errors
    /// As of [`message`](Self::message).
    pub fn into_message<C: Call>(self) -> Result<C::Response<'b>, CallError> {
        self.check::<C>()?;
        let buf: &'b [u8] = self.buf;
        from_bytes(buf.get(..self.body).unwrap_or_default()).map_err(CallError::Decode)
    }

    /// Is all here that is needed to read it?
    fn check<C: Call>(&self) -> Result<(), CallError> {
        let status = self.status().ok_or(ReplyError::Cut)?;
        match super::refusal::check(status, self.body()) {
            // What is still to come of it can say that it is none of the request.
            Err(CallError::Refused(Refusal::Request { .. }))
                if self.lost == Some(0) && !self.is_complete() =>
            {
                return Err(ReplyError::Cut.into());
            }
            other => other?,
        }
        if let Some(lost @ 1..) = self.lost {
            // What is cut is malformed too; what is somebody else's page is so otherwise.
            match from_bytes::<C::Response<'_>>(self.body()) {
                Err(DecodeError::Malformed { kind: Malformed::Truncated, .. }) | Ok(_) => {}
                Err(error) => return Err(CallError::Decode(error)),
            }
            let needed = self.body.saturating_add(lost).saturating_add(RESERVE);
            return Err(CallError::BodyTooLarge { needed, available: self.buf.len() });
        }
        // An answer without fields says nothing beside its status: what of it has not come is not missed.
        match self.is_complete() || size_of::<C::Response<'_>>() == 0 {
            true => Ok(()),
            false => Err(ReplyError::Cut.into()),
        }
    }

    /// Drops the first `count` bytes of the body, and takes in what had no room.
    pub(super) fn consume(&mut self, count: usize) -> Result<(), ReplyError> {
        let count = count.min(self.body);
        self.filled = shift(self.buf, count..self.filled, 0);
        self.body = self.body.saturating_sub(count);
        self.take_in()
    }

    /// No more of the body can be kept.
    pub(super) fn is_full(&self) -> bool {
        self.room() == 0
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

impl fmt::Debug for Reply<'_> {
    /// Without what the answer says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status())
            .field("body", &self.body)
            .field("is_complete", &self.is_complete())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ReplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the connection was closed before an answer"),
            Self::Cut => f.write_str("the connection was closed in the middle of the answer"),
            Self::Malformed => f.write_str("the answer is no HTTP/1.x"),
        }
    }
}

impl core::error::Error for ReplyError {}
