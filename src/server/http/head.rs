//! The status line and the three headers that matter.

use super::CONTENT_TYPE;
use super::framing::State;

/// Bytes of a line that are kept: enough for each header that matters. Of `Content-Length` that is 20
/// digits, of `Content-Type` the media type.
const MAX_LINE_PREFIX: usize = 48;

/// The beginning of a line, however the line is cut into pieces and however long it is.
pub(super) struct Line {
    bytes: [u8; MAX_LINE_PREFIX],
    len: usize,
    is_overflowed: bool,
}

impl Line {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; MAX_LINE_PREFIX], len: 0, is_overflowed: false }
    }

    pub(super) fn clear(&mut self) {
        self.len = 0;
        self.is_overflowed = false;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a byte. Of several spaces and tabs one space is kept, and none after a header's colon, where
    /// any number is allowed (RFC 9112, 5).
    pub(super) fn push(&mut self, byte: u8) {
        let byte = if byte == b'\t' { b' ' } else { byte };
        if byte == b' ' && matches!(self.kept().last(), Some(b' ' | b':')) {
            return;
        }
        match self.bytes.get_mut(self.len) {
            Some(slot) => {
                *slot = byte;
                self.len = self.len.saturating_add(1);
            }
            None => self.is_overflowed = true,
        }
    }

    fn kept(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// The line without its end and the space before it, or its first [`MAX_LINE_PREFIX`] bytes.
    pub(super) fn content(&self) -> &[u8] {
        let line = self.kept();
        trim(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// Returns `true` if there is more of the line than [`content`](Self::content).
    pub(super) fn is_overflowed(&self) -> bool {
        self.is_overflowed
    }

    /// Returns `false` as soon as the line cannot become an HTTP/1.x status line.
    pub(super) fn may_be_status(&self) -> bool {
        self.kept().iter().zip(VERSION).all(|(byte, expected)| byte == expected)
    }
}

const VERSION: &[u8] = b"HTTP/1.";

/// What is known from the status line and the headers.
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) keeps_alive: bool,
    content_type: ContentType,
    /// What follows the headers.
    body: State,
    /// The length of the body, if that is known.
    pub(super) length: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum ContentType {
    Missing,
    Protobuf,
    Other,
}

impl Head {
    pub(super) const fn new() -> Self {
        Self {
            status: 0,
            keeps_alive: false,
            content_type: ContentType::Missing,
            body: State::UntilClosed,
            length: 0,
        }
    }

    /// Returns `true` if the body is what LiveKit responds with to a call.
    pub(super) fn is_protobuf(&self) -> bool {
        self.content_type == ContentType::Protobuf
    }

    pub(super) fn parse_status(&mut self, line: &[u8]) -> Option<State> {
        let [minor, b' ', status @ ..] = line.strip_prefix(VERSION)? else { return None };
        let (status, reason) = status.split_at_checked(3)?;
        let status = number(status, 10).filter(|status| *status >= 100)?;
        *self = Self { status: status as u16, keeps_alive: *minor == b'1', ..Self::new() };
        matches!(reason, [] | [b' ', ..]).then_some(State::Field)
    }

    /// Returns what follows the headers.
    pub(super) fn end(&self) -> State {
        match (self.status, self.body) {
            // 100 Continue and the like: the response is still to come.
            (..200, _) => State::Status,
            (204 | 304, _) => State::Complete,
            (_, State::Length) if self.length == 0 => State::Complete,
            (_, body) => body,
        }
    }

    /// Parses a header line, of which there may be more than `line`.
    pub(super) fn parse_field(&mut self, line: &[u8], is_overflowed: bool) -> Option<State> {
        // Obsolete line folding (RFC 9112, 5.2). No header that matters is folded.
        if line.first() == Some(&b' ') {
            return Some(State::Field);
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            return is_overflowed.then_some(State::Field);
        };
        let (name, value) = line.split_at_checked(colon)?;
        let value = value.strip_prefix(b":")?;
        if is(name, "content-length") {
            let length = number(value, 10).filter(|_| !is_overflowed)?;
            // Transfer-Encoding overrides Content-Length, two different Content-Lengths are an error
            // (RFC 9112, 6.3).
            match self.body {
                State::ChunkSize => self.keeps_alive = false,
                State::UntilClosed => (self.body, self.length) = (State::Length, length),
                _ => return (self.length == length).then_some(State::Field),
            }
        } else if is(name, "transfer-encoding") {
            // Both headers present: possibly request smuggling (RFC 9112, 6.3), so the connection is
            // not reused.
            self.keeps_alive &= self.body != State::Length;
            self.body = State::ChunkSize;
            return is(value, "chunked").then_some(State::Field);
        } else if is(name, "connection") {
            let mut options = value.split(|&byte| byte == b',');
            let closes = |it: &[u8]| is(trim(it.strip_prefix(b" ").unwrap_or(it)), "close");
            self.keeps_alive &= !is_overflowed && !options.any(closes);
        } else if is(name, "content-type") {
            let media_type = trim(value.split(|&byte| byte == b';').next()?);
            let is_protobuf = is(media_type, CONTENT_TYPE);
            self.content_type = match self.content_type {
                ContentType::Missing | ContentType::Protobuf if is_protobuf => {
                    ContentType::Protobuf
                }
                // Another type, or two that differ.
                _ => ContentType::Other,
            };
        }
        Some(State::Field)
    }
}

/// Returns `true` if `text` is `expected`, whatever its case.
#[cfg_attr(target_pointer_width = "32", inline(never))] // one copy for seven uses
fn is(text: &[u8], expected: &str) -> bool {
    text.eq_ignore_ascii_case(expected.as_bytes())
}

/// Removes the space at the end; a [`Line`] has only one in a row.
fn trim(text: &[u8]) -> &[u8] {
    text.strip_suffix(b" ").unwrap_or(text)
}

/// Parses a number of at most 20 digits of `base`, and of 32 bits: longer bodies do not fit a device.
#[cfg_attr(target_pointer_width = "32", inline(never))] // one copy for three uses
pub(super) fn number(digits: &[u8], base: u32) -> Option<u32> {
    if !matches!(digits.len(), 1..=20) {
        return None;
    }
    digits.iter().try_fold(0u32, |number, &digit| {
        let digit = char::from(digit).to_digit(base)?;
        number.checked_mul(base)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        let mut line = Line::new();
        text.bytes().for_each(|byte| line.push(byte));
        line
    }

    #[test]
    fn space_around_a_value_takes_no_capacity() {
        assert_eq!(line("Content-Length: \t   5 \t \r").content(), b"Content-Length:5");
        assert_eq!(line(" folded  value").content(), b" folded value");
        let long =
            line("Content-Length:                                                      12345\r");
        assert_eq!((long.content(), long.is_overflowed()), (&b"Content-Length:12345"[..], false));
    }

    #[test]
    fn a_long_line_keeps_its_beginning() {
        let long = line("Content-Security-Policy: default-src 'self'; img-src 'self'");
        assert!(long.is_overflowed());
        assert_eq!(long.content().len(), MAX_LINE_PREFIX);
    }

    #[test]
    fn the_media_type_and_20_digits_fit_the_prefix() {
        for text in ["Content-Type:application/protobuf;", "Content-Length:18446744073709551615 \r"]
        {
            assert!(!line(text).is_overflowed(), "{text}");
        }
    }

    #[test]
    fn a_number_is_digits_and_nothing_else() {
        assert_eq!(number(b"00000000004294967295", 10), Some(u32::MAX));
        assert_eq!(number(b"00000000000000000ffF", 16), Some(0xfff));
        for digits in ["", "+5", "-5", " 5", "5 ", "0x5", "4294967296", "000000000000000000005"] {
            assert_eq!(number(digits.as_bytes(), 10), None, "{digits:?}");
        }
    }
}
