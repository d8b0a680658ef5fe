//! What an answer, or none, means for what was sent.

use crate::server::{CallError, Refusal, RpcCode};

/// What is known about a call that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Verdict {
    /// 200.
    Accepted,
    /// Nobody knows, or not yet: no connection, no answer in time (wait 4 s at least: the server itself
    /// takes 3), half an answer, a room that is not live. The same again, later.
    Unknown,
    /// The token was refused: the same again with another one, after the longest pause.
    Token,
    /// Refused for good.
    Refused,
}

impl From<CallError> for Verdict {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(refusal) => refusal.into(),
            CallError::Reply(_) => Self::Unknown,
            // The status was 200.
            CallError::BodyTooLarge { .. } | CallError::Decode(_) => Self::Accepted,
        }
    }
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unknown { .. } | Refusal::NotLive => Self::Unknown,
            Refusal::Token => Self::Token,
            Refusal::TooLarge | Refusal::Request { .. } => Self::Refused,
            Refusal::Rpc { code } => code.into(),
        }
    }
}

impl From<RpcCode> for Verdict {
    /// A receiver that is not there, does not answer in time or has no such method yet may do so
    /// later. Its own errors are its verdict.
    fn from(code: RpcCode) -> Self {
        match code {
            RpcCode::UNSUPPORTED_METHOD
            | RpcCode::RECIPIENT_NOT_FOUND
            | RpcCode::CONNECTION_TIMEOUT
            | RpcCode::RESPONSE_TIMEOUT
            | RpcCode::RECIPIENT_DISCONNECTED
            | RpcCode::SEND_FAILED => Self::Unknown,
            _ => Self::Refused,
        }
    }
}

impl<T> From<Result<T, CallError>> for Verdict {
    fn from(result: Result<T, CallError>) -> Self {
        result.map_or_else(Self::from, |_| Self::Accepted)
    }
}
