//! Twirp's error, a JSON object: `{"code":"unavailable","msg":"…","meta":{…}}`.

mod rpc;
mod text;

use crate::RpcCode;
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

/// One string for each kind: a table of pairs takes 90 bytes more.
const KINDS: [(&[u8], Kind); 3] = [
    (b"not_found unavailable", Kind::NotLive),
    (b"unauthenticated permission_denied", Kind::Token),
    (
        b"already_exists bad_route failed_precondition invalid_argument malformed out_of_range unimplemented",
        Kind::Request,
    ),
];

/// Reads Twirp's error as it arrives, whatever the order of its members, in constant memory.
///
/// It follows strings, brackets and the members of the outermost object, and takes what lies between for
/// JSON: a page that is not JSON does not begin with a bracket, or holds no member `code`.
pub(super) struct TwirpError {
    state: State,
    /// Lists and objects around the current byte.
    depth: u8,
    text: Text,
    /// The last name of a member.
    member: Member,
    /// Between the colon and the comma of a member.
    is_value: bool,
    kind: Option<Kind>,
    rpc: RpcScanner,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Object,
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
            is_value: false,
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
        match (self.state, byte) {
            (_, b' ' | b'\t' | b'\n' | b'\r') => {}
            (State::Start, b'{') | (State::Object, b'{' | b'[') => {
                self.state = State::Object;
                self.depth = self.depth.saturating_add(1);
            }
            (State::Object, b'}' | b']') => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.state = State::End;
                }
            }
            (State::Object, b'"') => self.text.open(),
            (State::Object, b':' | b',') => self.is_value = byte == b':',
            (State::Object, _) => {}
            _ => self.state = State::Other,
        }
    }

    fn push_text(&mut self, byte: u8) {
        let char = self.text.push(byte);
        if self.depth != 1 {
            return;
        }
        match (self.is_value, self.member, char) {
            (true, Member::Msg, Some(char)) => self.rpc.push(char),
            _ if self.text.is_open() => {}
            (true, Member::Msg, None) => self.rpc.end(),
            (true, Member::Code, _) => self.kind = Some(kind(self.text.content())),
            (true, Member::Other, _) => {}
            (false, ..) => {
                self.member = match self.text.content() {
                    b"code" => Member::Code,
                    b"msg" => Member::Msg,
                    _ => Member::Other,
                };
            }
        }
    }
}

fn kind(code: &[u8]) -> Kind {
    for (codes, kind) in KINDS {
        if codes.split(|&byte| byte == b' ').any(|known| known == code) {
            return kind;
        }
    }
    Kind::Retryable
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
        for (depth, is_error) in [(1, true), (254, true), (255, false), (70_000, false)] {
            let mut error = TwirpError::new();
            error.read(br#"{"x":"#);
            (0..depth).for_each(|_| error.push(b'['));
            (0..depth).for_each(|_| error.push(b']'));
            error.read(br#","code":"malformed"}"#);
            assert_eq!(error.finish().is_some(), is_error, "{depth}");
        }
    }
}
