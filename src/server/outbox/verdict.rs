//! What an answer, or none, means for what was sent.

#[cfg(feature = "embedded-io")]
use crate::server::ExchangeError;
use crate::server::{CallError, Refusal, RpcCode};

/// What is known about a call that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Verdict {
    /// 200.
    Accepted,
    /// Nobody knows, or not yet: no connection, no answer in time, half an answer, a room that is not
    /// live. The same again, later.
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
            // Status 200, and no such message: somebody else's page, say of a portal.
            CallError::Reply(_) | CallError::Decode(_) => Self::Unknown,
            // The status was 200.
            CallError::BodyTooLarge { .. } => Self::Accepted,
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

#[cfg(feature = "embedded-io")]
impl<E> From<ExchangeError<E>> for Verdict {
    fn from(error: ExchangeError<E>) -> Self {
        match error {
            ExchangeError::Request(_) => Self::Refused,
            ExchangeError::Io(_) => Self::Unknown,
            ExchangeError::Call(error) => error.into(),
        }
    }
}

impl<T> From<Result<T, CallError>> for Verdict {
    fn from(result: Result<T, CallError>) -> Self {
        result.map_or_else(Self::from, |_| Self::Accepted)
    }
}
