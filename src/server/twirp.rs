//! Twirp's error, a JSON object: `{"code":"unavailable","msg":"…","meta":{…}}`.

use super::RpcCode;

/// The longest code of Twirp's, `failed_precondition`, has 19 bytes.
const MAX_CODE_BYTES: usize = 20;

/// What Twirp's code says about the call, for the codes that say more than the status.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    NotLive,
    Token,
    Request,
    /// Any other code: the call may succeed later.
    Retryable,
}

const KINDS: [(&[u8], Kind); 11] = [
    (b"not_found", Kind::NotLive),
    (b"unavailable", Kind::NotLive),
    (b"unauthenticated", Kind::Token),
    (b"permission_denied", Kind::Token),
    (b"already_exists", Kind::Request),
    (b"bad_route", Kind::Request),
    (b"failed_precondition", Kind::Request),
    (b"invalid_argument", Kind::Request),
    (b"malformed", Kind::Request),
    (b"out_of_range", Kind::Request),
    (b"unimplemented", Kind::Request),
];

/// Reads Twirp's error as it arrives, whatever the order of its members, in constant memory.
///
/// Of the values it does not need it only follows the brackets.
pub(super) struct TwirpError {
    state: State,
    /// Lists and objects around the current byte, inside the value of a member.
    depth: u8,
    text: Text,
    /// The member whose value is being read.
    member: Member,
    kind: Option<Kind>,
    rpc: Rpc,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    /// Before a member's name, or the end of an empty object.
    Name,
    Colon,
    Value,
    /// In a number, `true`, `false` or `null`.
    Scalar,
    /// In a list or an object.
    Nested,
    /// After a member.
    Comma,
    End,
    /// Not a JSON object.
    Other,
}

#[derive(Clone, Copy, PartialEq)]
enum Member {
    Code,
    Msg,
    Other,
}

impl TwirpError {
    pub(super) const fn new() -> Self {
        Self {
            state: State::Start,
            depth: 0,
            text: Text::new(),
            member: Member::Other,
            kind: None,
            rpc: Rpc::new(),
        }
    }

    pub(super) fn read(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.push(byte));
    }

    /// What the code says, and the RPC code in the message; `None` if this is not Twirp's error, or
    /// not all of it.
    pub(super) fn finish(&self) -> Option<(Kind, Option<RpcCode>)> {
        let kind = self.kind.filter(|_| self.state == State::End)?;
        Some((kind, self.rpc.code))
    }

    fn push(&mut self, byte: u8) {
        if self.text.is_open() {
            return self.push_text(byte);
        }
        self.state = match (self.state, byte) {
            (State::Scalar, b' ' | b'\t' | b'\n' | b'\r') => State::Comma,
            (state, b' ' | b'\t' | b'\n' | b'\r') => state,
            (state @ (State::Name | State::Value | State::Nested), b'"') => {
                self.text.open();
                state
            }
            (State::Start, b'{') => State::Name,
            (State::Colon, b':') => State::Value,
            (State::Value | State::Nested, b'{' | b'[') => {
                self.depth = self.depth.saturating_add(1);
                State::Nested
            }
            (State::Nested, b'}' | b']') => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 { State::Comma } else { State::Nested }
            }
            (State::Nested, _) => State::Nested,
            (State::Value | State::Scalar, b'0'..=b'9' | b'a'..=b'z' | b'-' | b'+' | b'.' | b'E') => {
                State::Scalar
            }
            (State::Comma | State::Scalar, b',') => State::Name,
            (State::Comma | State::Scalar, b'}') => State::End,
            _ => State::Other,
        };
    }

    fn push_text(&mut self, byte: u8) {
        let char = self.text.push(byte);
        if let Some(char) = char
            && (self.state, self.member) == (State::Value, Member::Msg)
        {
            self.rpc.push(char);
        }
        if self.text.is_open() {
            return;
        }
        self.rpc.end();
        let text = self.text.content();
        self.state = match self.state {
            State::Name => {
                self.member = match text {
                    b"code" => Member::Code,
                    b"msg" => Member::Msg,
                    _ => Member::Other,
                };
                State::Colon
            }
            State::Value => {
                if self.member == Member::Code {
                    let known = KINDS.iter().find(|(code, _)| *code == text);
                    self.kind = Some(known.map_or(Kind::Retryable, |(_, kind)| *kind));
                }
                State::Comma
            }
            other => other,
        };
    }
}

/// A string of JSON: its content as far as it is no longer than a code, and its escapes.
struct Text {
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
    const fn new() -> Self {
        Self { bytes: [0; MAX_CODE_BYTES], len: 0, escape: Escape::Closed }
    }

    fn open(&mut self) {
        self.len = 0;
        self.escape = Escape::None;
    }

    fn is_open(&self) -> bool {
        self.escape != Escape::Closed
    }

    /// The content; empty if it is longer than any code.
    fn content(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Adds a byte; returns the character that ends with it. What is not ASCII is a character that
    /// stands in no code.
    fn push(&mut self, byte: u8) -> Option<u8> {
        const NOT_ASCII: u8 = 0xff;
        let (escape, char) = match (self.escape, byte) {
            (Escape::None, b'"') => (Escape::Closed, None),
            (Escape::None, b'\\') => (Escape::Backslash, None),
            (Escape::Backslash, b'u') => (Escape::Unicode(0, 0), None),
            (Escape::Backslash, b'"' | b'\\' | b'/') | (Escape::None, _) => (Escape::None, Some(byte)),
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

/// Finds the number in `twirp error unknown: RpcError 1400: Method not supported at destination`.
struct Rpc {
    /// Bytes of [`PREFIX`] that have just been read.
    matched: usize,
    /// The digits after it; `None` if they are no 32-bit number.
    number: Option<u32>,
    has_digits: bool,
    code: Option<RpcCode>,
}

const PREFIX: &[u8] = b"RpcError ";

impl Rpc {
    const fn new() -> Self {
        Self { matched: 0, number: Some(0), has_digits: false, code: None }
    }

    fn push(&mut self, byte: u8) {
        if let Some(expected) = PREFIX.get(self.matched) {
            self.matched = match byte {
                _ if byte == *expected => self.matched.saturating_add(1),
                // The prefix has no other R.
                b'R' => 1,
                _ => 0,
            };
            return;
        }
        match char::from(byte).to_digit(10) {
            Some(digit) => {
                self.number = self.number.and_then(|it| it.checked_mul(10)?.checked_add(digit));
                self.has_digits = true;
            }
            None => self.end(),
        }
    }

    /// The number, if there is one, has ended.
    fn end(&mut self) {
        let number = self.number.filter(|_| self.has_digits);
        let code = self.code.or(number.map(RpcCode));
        *self = Self { code, ..Self::new() };
    }
}
