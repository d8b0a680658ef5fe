//! HTTP/1.1: where a response's headers end, and which of the bytes after them are its body.

use super::ResponseError;
use super::head::{Head, Line, number};

pub(super) struct Framing {
    state: State,
    /// Bytes of the body, or of the chunk, that are still to come.
    left: u32,
    line: Line,
    head: Head,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    /// In the status line.
    Status,
    /// In the header lines, up to an empty one.
    Field,
    /// In a body of known length, with nothing after it.
    Length,
    /// Everything up to the end of the connection is body.
    UntilClosed,
    /// In the line with the size of the next chunk.
    ChunkSize,
    /// In a chunk.
    Chunk,
    /// In the end of the line after a chunk.
    ChunkEnd,
    /// In the lines after the last chunk, up to an empty one.
    Trailer,
    Complete,
}

/// What to do with received bytes.
pub(super) enum Step {
    /// This many of them are not body.
    Skip(usize),
    /// This many of them are body.
    Body(usize),
    /// There are none, or there is no space for them, or the response is complete.
    Wait,
}

impl Framing {
    pub(super) const fn new() -> Self {
        Self { state: State::Status, left: 0, line: Line::new(), head: Head::new() }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// Returns `true` once a byte of a response has arrived.
    pub(super) fn has_started(&self) -> bool {
        !self.line.is_empty() || self.state != State::Status || self.head.status != 0
    }

    /// The head, once all of it has arrived.
    pub(super) fn head(&self) -> Option<&Head> {
        match self.state {
            State::Status | State::Field => None,
            _ => Some(&self.head),
        }
    }

    pub(super) fn keeps_alive(&self) -> bool {
        self.head.keeps_alive && self.is_complete()
    }

    /// The connection was closed.
    pub(super) fn close(&mut self) -> Result<(), ResponseError> {
        self.head.keeps_alive = false;
        match self.state {
            State::UntilClosed | State::Complete => {
                self.state = State::Complete;
                Ok(())
            }
            _ if self.has_started() => Err(ResponseError::UnexpectedEof),
            _ => Err(ResponseError::Closed),
        }
    }

    /// Says what the first of the bytes `raw` are. At most `capacity` bytes of the body are taken at
    /// once.
    pub(super) fn next(&mut self, raw: &[u8], capacity: usize) -> Result<Step, ResponseError> {
        let body = raw.get(..capacity).unwrap_or(raw);
        let end = match self.state {
            _ if raw.is_empty() => return Ok(Step::Wait),
            State::Complete => return Ok(Step::Wait),
            State::Length | State::Chunk | State::UntilClosed if body.is_empty() => {
                return Ok(Step::Wait);
            }
            State::UntilClosed => return Ok(Step::Body(body.len())),
            State::Length => State::Complete,
            State::Chunk => State::ChunkEnd,
            _ => return self.next_line(raw),
        };
        let count = body.len().min(self.left as usize);
        self.left = self.left.saturating_sub(count as u32);
        if self.left == 0 {
            self.state = end;
        }
        Ok(Step::Body(count))
    }

    /// Adds bytes to the current line, and parses it when its end is among them.
    fn next_line(&mut self, raw: &[u8]) -> Result<Step, ResponseError> {
        let end = raw.iter().position(|&byte| byte == b'\n');
        let part = end.and_then(|end| raw.get(..end)).unwrap_or(raw);
        part.iter().for_each(|&byte| self.line.push(byte));
        if self.state == State::Status && !self.line.may_be_status() {
            return Err(ResponseError::Malformed);
        }
        if end.is_none() {
            return Ok(Step::Skip(raw.len()));
        }
        self.state = self.parse_line().ok_or(ResponseError::Malformed)?;
        self.line.clear();
        Ok(Step::Skip(part.len().saturating_add(1)))
    }

    /// Returns what follows the current line, `None` if the line is malformed.
    fn parse_line(&mut self) -> Option<State> {
        let line = self.line.content();
        match self.state {
            State::Status => self.head.parse_status(line),
            State::Field if line.is_empty() => {
                self.left = self.head.length;
                Some(self.head.end())
            }
            State::Field => self.head.parse_field(line, self.line.is_overflowed()),
            State::ChunkSize => {
                let size = line.split(|byte| b"; ".contains(byte)).next()?;
                self.left = number(size, 16)?;
                Some(if self.left == 0 { State::Trailer } else { State::Chunk })
            }
            State::ChunkEnd => line.is_empty().then_some(State::ChunkSize),
            State::Trailer if line.is_empty() => Some(State::Complete),
            State::Trailer => Some(State::Trailer),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of the body, whether the response is complete, and what the end of the connection is then.
    fn read(bytes: &[u8]) -> (usize, bool, Result<(), ResponseError>) {
        let (mut framing, mut rest, mut body) = (Framing::new(), bytes, 0);
        loop {
            match framing.next(rest, 3).expect("it is HTTP") {
                Step::Skip(count) => rest = &rest[count..],
                Step::Body(count) => (rest, body) = (&rest[count..], body + count),
                Step::Wait => return (body, framing.is_complete(), framing.close()),
            }
        }
    }

    const EOF: Result<(), ResponseError> = Err(ResponseError::UnexpectedEof);

    #[test]
    fn chunks_are_complete_after_the_empty_line() {
        let bytes =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\nX: y\r\n\r\n";
        assert_eq!(read(bytes), (5, true, Ok(())));
        for end in 1..bytes.len() {
            let (_, is_complete, closed) = read(&bytes[..end]);
            assert_eq!((is_complete, closed), (false, EOF), "cut at {end}");
        }
    }

    #[test]
    fn a_length_is_complete_after_so_many_bytes() {
        let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcdefgh";
        assert_eq!(read(bytes), (5, true, Ok(())));
        assert_eq!(read(&bytes[..bytes.len() - 4]), (4, false, EOF));
    }

    #[test]
    fn without_either_the_connection_ends_the_body() {
        assert_eq!(read(b"HTTP/1.1 200 OK\r\n\r\nabcde"), (5, false, Ok(())));
        assert_eq!(read(b"HTTP/1.1 204 No Content\r\n\r\n"), (0, true, Ok(())));
    }

    #[test]
    fn only_before_the_first_byte_there_is_no_response() {
        assert_eq!(read(b""), (0, false, Err(ResponseError::Closed)));
        assert_eq!(read(b"H"), (0, false, EOF));
        assert_eq!(read(b"HTTP/1.1 100 Continue\r\n\r\n"), (0, false, EOF));
    }
}
