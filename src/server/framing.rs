//! HTTP/1.1: where an answer's head ends, and what of the rest is its body.
//!
//! Line by line, so that a head of any length passes through a small buffer: of its fields three
//! matter.

use super::ReplyError;

/// Bytes of a line that are looked at: what matters stands at its beginning.
///
/// Of every line, so that what an answer means does not depend on the room there is for it.
pub(super) const LOOKED_AT: usize = 32;

pub(super) struct Framing {
    state: State,
    /// What follows the head.
    body: State,
    status: u16,
    keeps_alive: bool,
    /// The line at hand is longer than the buffer: what comes of it is passed over.
    is_long: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// The first line.
    Status,
    /// Lines up to an empty one.
    Field,
    /// So many bytes of the body are still to come, and nothing behind them.
    Length(u64),
    /// All that comes until the connection is closed.
    UntilClosed,
    /// A line with the size of the next chunk.
    ChunkSize,
    /// So many bytes of the chunk.
    Chunk(u64),
    /// The end of the line behind a chunk.
    ChunkEnd,
    /// Lines behind the last chunk, up to an empty one.
    Trailer,
    Complete,
}

/// What to do with bytes that arrived.
pub(super) enum Step {
    /// So many of them frame the body.
    Skip(usize),
    /// So many of them are the body's.
    Body(usize),
    /// They are not enough to tell, there is no room, or there are no more.
    Wait,
}

impl Framing {
    pub(super) fn new() -> Self {
        let (state, body) = (State::Status, State::UntilClosed);
        Self { state, body, status: 0, keeps_alive: false, is_long: false }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self.state {
            State::Status | State::Field => None,
            _ => Some(self.status),
        }
    }

    pub(super) fn keeps_alive(&self) -> bool {
        self.keeps_alive && self.is_complete()
    }

    /// The connection was closed; `pending` says whether bytes are left that nobody understood.
    pub(super) fn close(&mut self, pending: bool) -> Result<(), ReplyError> {
        self.keeps_alive = false;
        match self.state {
            State::UntilClosed | State::Complete => {
                self.state = State::Complete;
                Ok(())
            }
            State::Status if !pending => Err(ReplyError::Closed),
            _ => Err(ReplyError::Cut),
        }
    }

    /// What the first of the bytes `raw` are; of the body at most `room` are taken at once. No more
    /// can arrive before some are taken if the buffer `is_full`.
    pub(super) fn next(
        &mut self,
        raw: &[u8],
        room: usize,
        is_full: bool,
    ) -> Result<Step, ReplyError> {
        let body = raw.get(..room).unwrap_or(raw);
        let (left, end, more): (u64, State, fn(u64) -> State) = match self.state {
            _ if self.is_long => return self.line(raw, is_full),
            State::Length(left) => (left, State::Complete, State::Length),
            State::Chunk(left) => (left, State::ChunkEnd, State::Chunk),
            State::UntilClosed => (u64::MAX, State::UntilClosed, |_| State::UntilClosed),
            State::Complete => return Ok(Step::Wait),
            _ => return self.line(raw, is_full),
        };
        if body.is_empty() {
            return Ok(Step::Wait);
        }
        let count = usize::try_from(left).map_or(body.len(), |left| left.min(body.len()));
        let left = left.saturating_sub(count as u64);
        self.state = if left == 0 { end } else { more(left) };
        Ok(Step::Body(count))
    }

    fn line(&mut self, raw: &[u8], is_full: bool) -> Result<Step, ReplyError> {
        const FIRST: &[u8] = b"HTTP/1.";
        let is_first = self.state == State::Status;
        if is_first && !raw.iter().zip(FIRST).all(|(byte, first)| byte == first) {
            return Err(ReplyError::Malformed);
        }
        let end = raw.iter().position(|&byte| byte == b'\n');
        if end.is_none() && !is_full {
            return Ok(Step::Wait);
        }
        let line = raw.get(..end.unwrap_or(LOOKED_AT)).unwrap_or(raw);
        if !core::mem::replace(&mut self.is_long, end.is_none()) {
            self.state = self.understand(line).ok_or(ReplyError::Malformed)?;
        }
        Ok(Step::Skip(end.map_or(raw.len(), |end| end.saturating_add(1))))
    }

    /// What follows the line; `None` if it is wrong.
    fn understand(&mut self, line: &[u8]) -> Option<State> {
        let (line, is_whole) = match line.get(..LOOKED_AT) {
            Some(start) => (start, false),
            None => (line.strip_suffix(b"\r").unwrap_or(line), true),
        };
        match (self.state, line) {
            (State::Status, [_, _, _, _, _, _, _, minor, b' ', status @ ..]) => {
                let (status, reason) = status.split_at_checked(3)?;
                self.status = number(status, 10).filter(|status| *status >= 100)? as u16;
                self.keeps_alive = *minor == b'1';
                self.body = State::UntilClosed;
                matches!(reason, [] | [b' ', ..]).then_some(State::Field)
            }
            (State::Field, []) => match (self.status, self.body) {
                // 100 Continue and its like: the answer is still to come.
                (..200, _) => Some(State::Status),
                (204 | 304, _) | (_, State::Length(0)) => Some(State::Complete),
                (_, body) => Some(body),
            },
            // What folds a long line; none that matters is folded.
            (State::Field, [b' ' | b'\t', ..]) => Some(State::Field),
            (State::Field, line) => {
                let Some(colon) = line.iter().position(|&byte| byte == b':') else {
                    return (!is_whole).then_some(State::Field);
                };
                let (name, value) = line.split_at_checked(colon)?;
                self.field(name, value.strip_prefix(b":")?.trim_ascii(), is_whole)
            }
            (State::ChunkSize, line) => {
                let size = line.split(|byte| b"; \t".contains(byte)).next()?;
                match number(size, 16)? {
                    0 => Some(State::Trailer),
                    size => Some(State::Chunk(size)),
                }
            }
            (State::ChunkEnd, []) => Some(State::ChunkSize),
            (State::Trailer, []) => Some(State::Complete),
            (State::Trailer, _) => Some(State::Trailer),
            _ => None,
        }
    }

    fn field(&mut self, name: &[u8], value: &[u8], is_whole: bool) -> Option<State> {
        if name.eq_ignore_ascii_case(b"content-length") {
            let length = State::Length(number(value, 10).filter(|_| is_whole)?);
            // Chunks count, and of two lengths neither.
            match self.body {
                State::ChunkSize => self.keeps_alive = false,
                State::UntilClosed => self.body = length,
                other => return (other == length).then_some(State::Field),
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            // Who says both may mean either, and the connection is not to be trusted.
            self.keeps_alive &= !matches!(self.body, State::Length(_));
            self.body = State::ChunkSize;
            return value.eq_ignore_ascii_case(b"chunked").then_some(State::Field);
        } else if name.eq_ignore_ascii_case(b"connection") {
            let mut options = value.split(|&byte| byte == b',');
            self.keeps_alive &= !options.any(|it| it.trim_ascii().eq_ignore_ascii_case(b"close"));
        }
        Some(State::Field)
    }
}

/// A number of digits of `base` and nothing else. No 64 bits take more than 20.
pub(super) fn number(digits: &[u8], base: u32) -> Option<u64> {
    if !matches!(digits.len(), 1..=20) {
        return None;
    }
    digits.iter().try_fold(0u64, |number, &digit| {
        let digit = char::from(digit).to_digit(base)?;
        number.checked_mul(base.into())?.checked_add(digit.into())
    })
}
