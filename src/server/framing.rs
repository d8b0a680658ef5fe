//! HTTP/1.1: where an answer's head ends, and what of the rest is its body.

use httparse::{EMPTY_HEADER, Response, Status, parse_chunk_size};

use super::ReplyError;

/// More header fields than a server and the proxies in front of it send.
const HEADERS: usize = 32;

pub(super) struct Framing {
    state: State,
    status: u16,
    keeps_alive: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Head,
    /// So many bytes of the body are still to come, and nothing behind them.
    Length(u64),
    /// All that comes until the connection is closed.
    UntilClosed,
    /// A line with the size of the next chunk.
    ChunkSize,
    /// So many bytes of the chunk, and then the end of its line.
    Chunk(u64),
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
        Self { state: State::Head, status: 0, keeps_alive: false }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    pub(super) fn status(&self) -> Option<u16> {
        (self.state != State::Head).then_some(self.status)
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
            State::Head if !pending => Err(ReplyError::Closed),
            _ => Err(ReplyError::Cut),
        }
    }

    /// What the first of the bytes `raw` are; of the body at most `room` are taken at once.
    pub(super) fn next(&mut self, raw: &[u8], room: usize) -> Result<Step, ReplyError> {
        let body = raw.get(..room).unwrap_or(raw);
        let is_body =
            matches!(self.state, State::Length(_) | State::UntilClosed | State::Chunk(1..));
        if raw.is_empty() || (is_body && body.is_empty()) {
            return Ok(Step::Wait);
        }
        let (state, step) = match self.state {
            State::Head => return self.head(raw),
            State::Length(left) => take(left, body, State::Complete, State::Length),
            State::UntilClosed => (State::UntilClosed, Step::Body(body.len())),
            State::ChunkSize => match parse_chunk_size(raw) {
                Ok(Status::Complete((count, 0))) => (State::Trailer, Step::Skip(count)),
                Ok(Status::Complete((count, size))) => (State::Chunk(size), Step::Skip(count)),
                Ok(Status::Partial) => return Ok(Step::Wait),
                Err(_) => return Err(ReplyError::Malformed),
            },
            State::Chunk(0) => match raw {
                [b'\r', b'\n', ..] => (State::ChunkSize, Step::Skip(2)),
                [b'\r'] => return Ok(Step::Wait),
                _ => return Err(ReplyError::Malformed),
            },
            State::Chunk(left) => take(left, body, State::Chunk(0), State::Chunk),
            State::Trailer => match raw.iter().position(|&byte| byte == b'\n') {
                Some(end) if end <= 1 => (State::Complete, Step::Skip(end.saturating_add(1))),
                Some(end) => (State::Trailer, Step::Skip(end.saturating_add(1))),
                None => return Ok(Step::Wait),
            },
            State::Complete => return Ok(Step::Wait),
        };
        self.state = state;
        Ok(step)
    }

    fn head(&mut self, raw: &[u8]) -> Result<Step, ReplyError> {
        let mut headers = [EMPTY_HEADER; HEADERS];
        let mut head = Response::new(&mut headers);
        let count = match head.parse(raw) {
            Ok(Status::Complete(count)) => count,
            Ok(Status::Partial) => return Ok(Step::Wait),
            Err(_) => return Err(ReplyError::Malformed),
        };
        let status = head.code.unwrap_or(0);
        // 100 Continue and its like: the answer is still to come.
        if status < 200 {
            return Ok(Step::Skip(count));
        }
        self.status = status;
        self.keeps_alive = head.version == Some(1);
        self.state = State::UntilClosed;
        for header in head.headers.iter() {
            if header.name.eq_ignore_ascii_case("content-length") {
                if self.state != State::ChunkSize {
                    self.state = State::Length(decimal(header.value).ok_or(ReplyError::Malformed)?);
                }
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
                self.state = State::ChunkSize;
            } else if header.name.eq_ignore_ascii_case("connection") {
                self.keeps_alive &= !header.value.eq_ignore_ascii_case(b"close");
            }
        }
        if self.state == State::Length(0) || status == 204 || status == 304 {
            self.state = State::Complete;
        }
        Ok(Step::Skip(count))
    }
}

/// A decimal number and nothing else.
fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |number, &digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}

/// As many of `left` bytes of a body as have arrived.
fn take(left: u64, arrived: &[u8], end: State, more: fn(u64) -> State) -> (State, Step) {
    let count = usize::try_from(left).map_or(arrived.len(), |left| left.min(arrived.len()));
    match left.saturating_sub(count as u64) {
        0 => (end, Step::Body(count)),
        left => (more(left), Step::Body(count)),
    }
}
