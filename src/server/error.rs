//! What is wrong with a call that did not succeed, sorted by who must act.

use core::fmt;

use super::twirp::{Kind, TwirpError};
use super::{ResponseError, Verdict};
use crate::{DecodeError, RpcCode};

/// A call did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CallError {
    /// The status of the response is not 200.
    Rejected(Rejection),
    /// No complete response was received: what became of the call is unknown.
    Response(ResponseError),
    /// Status 200 without the content type `application/protobuf`: the page of a captive portal or a
    /// proxy, not LiveKit's response.
    ContentType,
    /// Status 200 and a body, where the message has no fields and LiveKit's body is empty.
    UnexpectedBody {
        /// Bytes of the body.
        len: usize,
    },
    /// Status 200, and the body is not a valid encoding of the message.
    Decode(DecodeError),
    /// The call succeeded, but the message is larger than the buffer: pass a larger one, or read a
    /// list with [`ListReader`](super::ListReader).
    BodyTooLarge {
        /// Bytes that the buffer must have.
        needed: usize,
        /// Bytes that it has.
        available: usize,
    },
}

/// Why a call was rejected, sorted by who must act.
///
/// Only what LiveKit itself says is final. Any other server or proxy on the way may say something
/// else later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Rejection {
    /// The server could not tell, or another server responded, such as a proxy, a portal or a backend
    /// that is restarting: the call may have been carried out. Repeat it later, with the same bytes and the
    /// same nonce.
    Retryable {
        /// The HTTP status.
        status: u16,
    },
    /// The room is not live, or has no participant of that name (`unavailable`, `not_found`). Repeat the
    /// call later; the server itself has looked for 3 s.
    NotLive,
    /// The token is wrong, expired, not valid yet, for another room or without the grant (401, 403); or
    /// the device's clock is wrong, if it minted the token itself. Repeat the call with another token.
    Token,
    /// The request is larger than LiveKit accepts (413). Do not repeat it.
    TooLarge,
    /// LiveKit says that the request is wrong: a mistake in the firmware or its configuration. Do not
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

impl Rejection {
    /// Returns what a response with this status and body means; `None` for 200. For firmware with an
    /// HTTP client of its own.
    ///
    /// LiveKit's errors have a JSON object as body, with a string `code`. Pass the whole body: half of
    /// one is never final.
    pub fn of(status: u16, body: &[u8]) -> Option<Self> {
        if status == 200 {
            return None;
        }
        let mut error = TwirpError::new();
        error.read(body);
        Some(Self::new(status, &error, body))
    }

    pub(super) fn new(status: u16, error: &TwirpError, body: &[u8]) -> Self {
        if let Some((kind, rpc)) = error.finish() {
            return match (kind, rpc) {
                (_, Some(code)) => Self::Rpc { code },
                (Kind::NotLive, _) => Self::NotLive,
                (Kind::Token, _) => Self::Token,
                (Kind::Request, _) => Self::Request { status },
                (Kind::Retryable, _) => Self::Retryable { status },
            };
        }
        match status {
            // LiveKit's is text, "invalid token: …" say. A proxy's wants credentials, too.
            401 | 403 => Self::Token,
            413 if body == REQUEST_TOO_LARGE => Self::TooLarge,
            _ => Self::Retryable { status },
        }
    }

    pub(super) fn is_final(self) -> bool {
        Verdict::from(self) == Verdict::Rejected
    }
}

/// What LiveKit 1.13.6 and later say with 413 (pkg/service/utils.go).
const REQUEST_TOO_LARGE: &[u8] = b"request body too large";

impl From<ResponseError> for CallError {
    fn from(error: ResponseError) -> Self {
        Self::Response(error)
    }
}

impl From<Rejection> for CallError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejection) => rejection.fmt(f),
            Self::Response(error) => error.fmt(f),
            Self::ContentType => f.write_str(
                "status 200 without content type application/protobuf: this is not LiveKit's response",
            ),
            Self::UnexpectedBody { len } => write!(
                f,
                "status 200 with a body of {len} bytes, expected none: this is not LiveKit's response"
            ),
            Self::Decode(error) => write!(f, "the response cannot be decoded: {error}"),
            Self::BodyTooLarge { needed, available } => {
                write!(f, "the response needs a buffer of {needed} bytes, it has {available}")
            }
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retryable { status } => write!(
                f,
                "status {status}: the call may have been carried out, repeat the same bytes later"
            ),
            Self::NotLive => {
                f.write_str("the room is not live, or has no participant of that name")
            }
            Self::Token => f.write_str(
                "the token was rejected: wrong key, expired, not valid yet, or not for this room",
            ),
            Self::TooLarge => f.write_str("the request is larger than the server accepts"),
            Self::Request { status } => write!(f, "status {status}: the request is wrong"),
            Self::Rpc { code } => write!(f, "the call reached the room and failed with {code}"),
        }
    }
}

impl core::error::Error for CallError {}
impl core::error::Error for Rejection {}
