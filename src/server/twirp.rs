//! Twirp's error, a JSON object: `{"code":"unavailable","msg":"…","meta":{…}}`.

mod rpc;
mod text;

use super::RpcCode;
use rpc::RpcScanner;
use text::Text;

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
    rpc: RpcScanner,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    /// Before a member's name.
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
            rpc: RpcScanner::new(),
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
            (
                State::Value | State::Scalar,
                b'0'..=b'9' | b'a'..=b'z' | b'-' | b'+' | b'.' | b'E',
            ) => State::Scalar,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<(Kind, Option<RpcCode>)> {
        let mut error = TwirpError::new();
        error.read(body.as_bytes());
        error.finish()
    }

    #[test]
    fn only_a_whole_object_with_a_code_is_an_error() {
        let body = r#"{"code":"malformed","msg":"x","meta":{"a":["}"]}}"#;
        assert!(matches!(read(body), Some((Kind::Request, None))));
        for end in 0..body.len() {
            assert!(read(&body[..end]).is_none(), "{end}");
        }
        for other in [
            r#"{}"#,
            r#"{"msg":"x"}"#,
            r#"{"code":1}"#,
            r#""code":"malformed""#,
            r#"{"code":"malformed"}}"#,
        ] {
            assert!(read(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_code_that_is_not_known_may_succeed_later() {
        for body in [
            r#"{"code":"internal"}"#,
            r#"{"code":"aborted"}"#,
            r#"{"code":""}"#,
            r#"{"code":"failed_preconditions"}"#,
            r#"{"code":"malformed and more than any code"}"#,
            r#"{"code":"malformed\n"}"#,
            r#"{"code":"\u016dnavailable"}"#,
        ] {
            assert!(matches!(read(body), Some((Kind::Retryable, None))), "{body}");
        }
    }

    #[test]
    fn nesting_of_any_depth_takes_constant_memory() {
        for (depth, is_error) in [(1, true), (255, true), (256, false), (70_000, false)] {
            let mut error = TwirpError::new();
            error.read(br#"{"x":"#);
            (0..depth).for_each(|_| error.push(b'['));
            (0..depth).for_each(|_| error.push(b']'));
            error.read(br#","code":"malformed"}"#);
            assert_eq!(error.finish().is_some(), is_error, "{depth}");
        }
    }
}
