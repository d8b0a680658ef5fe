//! Errors say what happened, which value, and what was allowed.

use livekit_micro::borrowed::RpcAck;
use livekit_micro::server::{
    CallError, ConnectionError, NonceError, PayloadTooLong, Rejection, RequestError, ResponseError,
};
use livekit_micro::{EncodeError, RpcCode, from_bytes};

#[test]
fn errors_of_requests_name_the_field_and_the_limit() {
    let small = RequestError::from(EncodeError::BufferTooSmall { needed: 9, available: 8 });
    let payload = PayloadTooLong { len: 5, max: 4 };
    for (error, expected) in [
        (small.to_string(), "the request has 9 bytes, the buffer 8"),
        (
            RequestError::TooLong { field: "data", len: 9, max: 8 }.to_string(),
            "data has 9 bytes, at most 8 can be delivered",
        ),
        (RequestError::Empty { field: "room" }.to_string(), "room must not be empty"),
        (
            RequestError::Nonce(NonceError::Length(3)).to_string(),
            "a nonce has 16 random bytes, not 3",
        ),
        (
            RequestError::Nonce(NonceError::Zero).to_string(),
            "a nonce of 16 zero bytes is always taken for a repeat",
        ),
        (
            RequestError::Header { field: "token" }.to_string(),
            "token contains a character that is not allowed in a header",
        ),
        (payload.to_string(), "the payload has 5 bytes, the outbox takes at most 4"),
    ] {
        assert_eq!(error, expected);
    }
}

#[test]
fn errors_of_connections_say_what_to_do() {
    type Error = ConnectionError<std::io::ErrorKind>;
    for (error, expected) in [
        (Error::Request(RequestError::Empty { field: "room" }), "room must not be empty"),
        (Error::Io(std::io::ErrorKind::TimedOut), "the connection failed: TimedOut"),
        (Error::Stale, "the server had closed the connection: open another"),
        (Error::NotReusable, "the connection cannot be used again: open another"),
        (Error::Call(ResponseError::Malformed.into()), "the response is not HTTP/1.x"),
    ] {
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn errors_of_calls_say_who_must_act() {
    let decode = from_bytes::<RpcAck>(b"\x0a").expect_err("truncated");
    let expected = format!("the response cannot be decoded: {decode}");
    assert_eq!(CallError::Decode(decode).to_string(), expected);
    let rejected = |rejection: Rejection| CallError::Rejected(rejection).to_string();
    for (error, expected) in [
        (
            rejected(Rejection::Retryable { status: 503 }),
            "status 503: the call may have been carried out, repeat the same bytes later",
        ),
        (rejected(Rejection::NotLive), "the room is not live, or has no participant of that name"),
        (
            rejected(Rejection::Token),
            "the token was rejected: wrong key, expired, not valid yet, or not for this room",
        ),
        (rejected(Rejection::TooLarge), "the request is larger than the server accepts"),
        (rejected(Rejection::Request { status: 400 }), "status 400: the request is wrong"),
        (
            rejected(Rejection::Rpc { code: RpcCode(2001) }),
            "the call reached the room and failed with 2001",
        ),
        (
            CallError::from(ResponseError::Closed).to_string(),
            "the connection was closed before a response",
        ),
        (
            CallError::from(ResponseError::UnexpectedEof).to_string(),
            "the connection was closed in the middle of the response",
        ),
        (CallError::from(ResponseError::Malformed).to_string(), "the response is not HTTP/1.x"),
        (
            CallError::ContentType.to_string(),
            "status 200 without content type application/protobuf: this is not LiveKit's response",
        ),
        (
            CallError::UnexpectedBody { len: 9 }.to_string(),
            "status 200 with a body of 9 bytes, expected none: this is not LiveKit's response",
        ),
        (
            CallError::BodyTooLarge { needed: 9, available: 8 }.to_string(),
            "the response needs a buffer of 9 bytes, it has 8",
        ),
    ] {
        assert_eq!(error, expected);
    }
}
