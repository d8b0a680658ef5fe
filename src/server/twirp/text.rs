//! A string of JSON, read byte by byte.

/// The longest code of Twirp's, `failed_precondition`, has 19 bytes.
const MAX_CODE_BYTES: usize = 20;

/// A string of JSON: its content as far as it is no longer than a code, and its escapes.
pub(super) struct Text {
    bytes: [u8; MAX_CODE_BYTES],
    /// More than [`MAX_CODE_BYTES`] if it is longer.
    len: usize,
    escape: Escape,
}

#[derive(Clone, Copy, PartialEq)]
enum Escape {
    /// Not in a string.
    Closed,
    None,
    Backslash,
    /// So many hexadecimal digits of `\u` have been read, and their value.
    Unicode(u8, u16),
}

impl Text {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; MAX_CODE_BYTES], len: 0, escape: Escape::Closed }
    }

    pub(super) fn open(&mut self) {
        self.len = 0;
        self.escape = Escape::None;
    }

    pub(super) fn is_open(&self) -> bool {
        self.escape != Escape::Closed
    }

    /// The content; empty if it is longer than any code.
    pub(super) fn content(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Adds a byte; returns the character that ends with it. What is not ASCII is a character that
    /// stands in no code.
    pub(super) fn push(&mut self, byte: u8) -> Option<u8> {
        const NOT_ASCII: u8 = 0xff;
        let (escape, char) = match (self.escape, byte) {
            (Escape::None, b'"') => (Escape::Closed, None),
            (Escape::None, b'\\') => (Escape::Backslash, None),
            (Escape::Backslash, b'u') => (Escape::Unicode(0, 0), None),
            (Escape::Backslash, b'"' | b'\\' | b'/') | (Escape::None, _) => {
                (Escape::None, Some(byte))
            }
            (Escape::Unicode(count, value), _) => {
                let digit = char::from(byte).to_digit(16).unwrap_or(0xf) as u16;
                let value = value << 4 | digit;
                match count {
                    ..3 => (Escape::Unicode(count.saturating_add(1), value), None),
                    _ => (Escape::None, Some(u8::try_from(value).unwrap_or(NOT_ASCII))),
                }
            }
            // \n and the like.
            _ => (Escape::None, Some(NOT_ASCII)),
        };
        self.escape = escape;
        if let Some(char) = char {
            if let Some(slot) = self.bytes.get_mut(self.len) {
                *slot = char;
            }
            self.len = self.len.saturating_add(1);
        }
        char
    }
}
