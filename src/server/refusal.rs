//! What a server's refusal means, sorted by who must act.

use core::fmt;

use super::ReplyError;
use super::framing::number;
use crate::DecodeError;
pub use crate::RpcCode;

/// A call did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CallError {
    /// The server answered, and not with 200.
    Refused(Refusal),
    /// There was no answer that could be understood: what became of the call is unknown.
    Reply(ReplyError),
    /// The server answered 200, but what it said does not fit the buffer: pass a larger one, or read
    /// a list by [`Records`](super::Records).
    BodyTooLarge {
        /// Bytes that it takes, as far as it has arrived.
        needed: usize,
        /// Bytes of the buffer.
        available: usize,
    },
    /// The server answered 200, but what it said is no such message.
    Decode(DecodeError),
}

/// Why the server refused, sorted by who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Refusal {
    /// The server or a proxy could not tell (408, 425, 429, 5xx), or somebody else answered (3xx: a
    /// portal, say): the call may have been carried out. Repeat the same bytes with the same nonce,
    /// later.
    Unknown {
        /// The HTTP status.
        status: u16,
    },
    /// Nobody is there (503 `unavailable`, 404 `not_found`): the room is not live, or has no such
    /// participant. Repeat later; the server itself has looked for 3 s.
    NotLive,
    /// The token is wrong, expired, not valid yet, for another room or without the grant (401, 403); or
    /// the device's clock is wrong, if it minted the token itself. Repeat with another token.
    Token,
    /// More than the server or a proxy takes (413). Never repeat it.
    TooLarge,
    /// The request is wrong (other 4xx, 501): a mistake in the firmware or its configuration. Never
    /// repeat it.
    Request {
        /// The HTTP status.
        status: u16,
    },
    /// [`PerformRpc`](super::PerformRpc) reached the room, and the call itself failed.
    Rpc {
        /// LiveKit's error code, or the receiver's own: see [`RpcCode`].
        code: RpcCode,
    },
}

impl Refusal {
    /// What an answer with this status and body means; `None` for 200. For clients that parse HTTP
    /// themselves. The body's beginning is enough, some 100 bytes; what has not all arrived may turn out
    /// to be another refusal.
    pub fn of(status: u16, body: &[u8]) -> Option<Self> {
        if status == 200 {
            return None;
        }
        if let Some(code) = rpc_code(body) {
            return Some(Self::Rpc { code });
        }
        Some(match status {
            401 | 403 => Self::Token,
            404 if twirp_code(body) == b"not_found" => Self::NotLive,
            503 if twirp_code(body) == b"unavailable" => Self::NotLive,
            413 => Self::TooLarge,
            408 | 425 | 429 => Self::Unknown { status },
            400..=499 | 501 => Self::Request { status },
            _ => Self::Unknown { status },
        })
    }
}

pub(super) fn check(status: u16, body: &[u8]) -> Result<(), CallError> {
    Refusal::of(status, body).map_or(Ok(()), |refusal| Err(CallError::Refused(refusal)))
}

/// The code of Twirp's JSON error, `{"code":"unavailable","msg":"…"}`, which has it first; empty for
/// every other body.
fn twirp_code(body: &[u8]) -> &[u8] {
    let code = body.strip_prefix(br#"{"code":""#).unwrap_or_default();
    let end = code.iter().position(|&byte| byte == b'"').unwrap_or(0);
    code.get(..end).unwrap_or_default()
}

/// The number in `"msg":"RpcError 1400: Method not supported at destination"`.
fn rpc_code(body: &[u8]) -> Option<RpcCode> {
    const BEFORE: &[u8] = b"RpcError ";
    let at = body.windows(BEFORE.len()).position(|window| window == BEFORE)?;
    let rest = body.get(at..)?.strip_prefix(BEFORE)?;
    // What ends the number is here, or it may go on.
    let end = rest.iter().position(|byte| !byte.is_ascii_digit())?;
    let digits = rest.get(..end)?;
    u32::try_from(number(digits, 10)?).ok().map(RpcCode)
}

impl From<ReplyError> for CallError {
    fn from(error: ReplyError) -> Self {
        Self::Reply(error)
    }
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Reply(error) => error.fmt(f),
            Self::BodyTooLarge { needed, available } => {
                write!(f, "the answer takes {needed} bytes or more, the buffer has {available}")
            }
            Self::Decode(error) => write!(f, "the answer is no such message: {error}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { status } => {
                write!(
                    f,
                    "status {status}: it may have been carried out, repeat the same bytes later"
                )
            }
            Self::NotLive => f.write_str("the room is not live, or has no such participant"),
            Self::Token => f.write_str(
                "the token is refused: wrong key, expired, not valid yet, or not for this room",
            ),
            Self::TooLarge => f.write_str("the request is larger than the server takes"),
            Self::Request { status } => write!(f, "status {status}: the request is wrong"),
            Self::Rpc { code } => write!(f, "the call reached the room and failed with {code}"),
        }
    }
}

impl core::error::Error for CallError {}
impl core::error::Error for Refusal {}
