//! What a response, or that there was none, means for the payload that was sent.

use crate::RpcCode;
#[cfg(feature = "embedded-io")]
use crate::server::ConnectionError;
use crate::server::{CallError, Rejection};

/// What is known about a call that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Verdict {
    /// LiveKit's response says that the call succeeded.
    Accepted,
    /// Nothing is known, or nothing final: no connection, no response in time, half a response, the page of
    /// a portal, a room that is not live. The call is repeated after a growing pause.
    Retry,
    /// Another server or proxy responded with a client error (400 to 499, 501), or LiveKit aborted the call.
    /// The call is repeated after the longest pause.
    RetryLater,
    /// The token was rejected. The call is repeated after the longest pause, with another token.
    Token,
    /// LiveKit rejected the call for good.
    Rejected,
}

impl From<CallError> for Verdict {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Rejected(rejection) => rejection.into(),
            // Without a response of LiveKit's nothing is known.
            CallError::Response(_)
            | CallError::ContentType
            | CallError::UnexpectedBody { .. }
            | CallError::Decode(_) => Self::Retry,
            // The response is LiveKit's and complete: the call was carried out, and a repeated PerformRpc
            // would run the receiver's method again, for a response that is as large.
            CallError::BodyTooLarge { .. } => Self::Accepted,
        }
    }
}

impl From<Rejection> for Verdict {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Retryable { status: 408 | 425 | 429 } => Self::Retry,
            Rejection::Retryable { status: 400..=499 | 501 } => Self::RetryLater,
            Rejection::Retryable { .. } | Rejection::NotLive => Self::Retry,
            Rejection::Token => Self::Token,
            Rejection::TooLarge | Rejection::Request { .. } => Self::Rejected,
            Rejection::Rpc { code } => code.into(),
        }
    }
}

impl From<RpcCode> for Verdict {
    /// A receiver that is not there, does not respond in time or does not have the method yet may do so later.
    /// Its own errors are final.
    fn from(code: RpcCode) -> Self {
        match code {
            RpcCode::UNSUPPORTED_METHOD
            | RpcCode::RECIPIENT_NOT_FOUND
            | RpcCode::CONNECTION_TIMEOUT
            | RpcCode::RESPONSE_TIMEOUT
            | RpcCode::RECIPIENT_DISCONNECTED
            | RpcCode::SEND_FAILED => Self::Retry,
            _ => Self::Rejected,
        }
    }
}

impl<T> From<Result<T, CallError>> for Verdict {
    fn from(result: Result<T, CallError>) -> Self {
        result.map_or_else(Self::from, |_| Self::Accepted)
    }
}

#[cfg(feature = "embedded-io")]
impl<E> From<ConnectionError<E>> for Verdict {
    fn from(error: ConnectionError<E>) -> Self {
        match error {
            ConnectionError::Request(_) => Self::Rejected,
            ConnectionError::Io(_) | ConnectionError::Stale | ConnectionError::NotReusable => {
                Self::Retry
            }
            ConnectionError::Call(error) => error.into(),
        }
    }
}

#[cfg(feature = "embedded-io")]
impl<T, E> From<Result<T, ConnectionError<E>>> for Verdict {
    fn from(result: Result<T, ConnectionError<E>>) -> Self {
        result.map_or_else(Self::from, |_| Self::Accepted)
    }
}
