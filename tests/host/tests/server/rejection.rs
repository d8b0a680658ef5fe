//! Rejections: those of the real server 1.13.4 and 1.13.11 and of proxies, sorted by who must act.

use livekit_micro::RpcCode;
use livekit_micro::server::{CallError, Rejection, Response, ResponseError, SendData, Verdict};

use crate::response::{json, result, text};

#[track_caller]
pub fn assert_rejected(bytes: &[u8], rejection: Rejection, verdict: Verdict) {
    let said = String::from_utf8_lossy(bytes).into_owned();
    let error = result(bytes).expect_err("it is not 200");
    assert_eq!((error, Verdict::from(error)), (CallError::Rejected(rejection), verdict), "{said}");
}

#[test]
fn recorded_rejections_are_sorted_by_who_must_act() {
    let token = "e".repeat(200);
    let expired =
        format!("invalid token: {token}, error: token has invalid claims: token is expired");
    let request = |status| (Rejection::Request { status }, Verdict::Rejected);
    let again = |status| (Rejection::Retryable { status }, Verdict::Retry);
    let rpc = |code| Rejection::Rpc { code: RpcCode(code) };
    let twirp = |status, code: &str, msg: &str| {
        json(status, &format!(r#"{{"code":"{code}","msg":"{msg}"}}"#))
    };
    for (bytes, (rejection, verdict)) in [
        (
            twirp("401 Unauthorized", "unauthenticated", "permissions denied"),
            (Rejection::Token, Verdict::Token),
        ),
        (
            text("401 Unauthorized", "invalid authorization token"),
            (Rejection::Token, Verdict::Token),
        ),
        (
            text("401 Unauthorized", "invalid authorization header. Must start with Bearer "),
            (Rejection::Token, Verdict::Token),
        ),
        (text("401 Unauthorized", &expired), (Rejection::Token, Verdict::Token)),
        (
            twirp(
                "503 Service Unavailable",
                "unavailable",
                "twirp error unknown: no response from servers",
            ),
            (Rejection::NotLive, Verdict::Retry),
        ),
        (
            twirp("404 Not Found", "not_found", "participant does not exist"),
            (Rejection::NotLive, Verdict::Retry),
        ),
        (
            twirp("400 Bad Request", "malformed", "the protobuf request could not be decoded"),
            request(400),
        ),
        (
            twirp(
                "400 Bad Request",
                "invalid_argument",
                "nonce should be 16-bytes or not present, got: 15 bytes",
            ),
            request(400),
        ),
        (
            json(
                "404 Not Found",
                r#"{"code":"bad_route","msg":"unexpected Content-Type: \"text/plain\"","meta":{"twirp_invalid_route":"POST /"}}"#,
            ),
            request(404),
        ),
        (
            text("413 Request Entity Too Large", "request body too large"),
            (Rejection::TooLarge, Verdict::Rejected),
        ),
        (
            twirp("408 Request Timeout", "canceled", "failed to read request: context canceled"),
            again(408),
        ),
        // The server's own wait for the receiver was over first.
        (
            twirp(
                "408 Request Timeout",
                "deadline_exceeded",
                "twirp error unknown: request timed out",
            ),
            again(408),
        ),
        (
            twirp(
                "400 Bad Request",
                "invalid_argument",
                "twirp error unknown: RpcError 1400: Method not supported at destination",
            ),
            (rpc(1400), Verdict::Retry),
        ),
        (
            twirp(
                "500 Internal Server Error",
                "internal",
                "twirp error unknown: RpcError 2001: stuck: valve 3",
            ),
            (rpc(2001), Verdict::Rejected),
        ),
        (
            twirp(
                "500 Internal Server Error",
                "internal",
                "twirp error unknown: RpcError 1500: Application error in method handler",
            ),
            (rpc(1500), Verdict::Rejected),
        ),
        (
            twirp(
                "500 Internal Server Error",
                "internal",
                "twirp error unknown: RpcError 1504: Response payload too large",
            ),
            (rpc(1504), Verdict::Rejected),
        ),
        (
            twirp(
                "408 Request Timeout",
                "canceled",
                "twirp error unknown: RpcError 1502: Response timeout",
            ),
            (rpc(1502), Verdict::Retry),
        ),
        (twirp("500 Internal Server Error", "internal", "RpcError of a kind"), again(500)),
    ] {
        assert_rejected(&bytes, rejection, verdict);
    }
    assert_eq!(Rejection::of(200, b""), None);
}

/// A reading is never dropped because of what a proxy or a restarting backend says.
#[test]
fn only_the_word_of_livekit_is_final() {
    let later = |status| (Rejection::Retryable { status }, Verdict::RetryLater);
    let again = |status| (Rejection::Retryable { status }, Verdict::Retry);
    for (bytes, (rejection, verdict)) in [
        (text("404 Not Found", "404 page not found"), later(404)),
        (text("404 Not Found", "default backend - 404"), later(404)),
        (text("400 Bad Request", "400 Bad Request"), later(400)),
        (text("405 Method Not Allowed", ""), later(405)),
        (text("407 Proxy Authentication Required", "<html>squid</html>"), later(407)),
        (text("411 Length Required", ""), later(411)),
        (text("413 Request Entity Too Large", "<html>nginx</html>"), later(413)),
        (text("421 Misdirected Request", ""), later(421)),
        (text("460 Client Closed", ""), later(460)),
        (text("499 Client Closed Request", "\r\n<html>nginx</html>"), later(499)),
        (text("501 Not Implemented", ""), later(501)),
        (json("409 Conflict", r#"{"code":"aborted","msg":"x"}"#), later(409)),
        (json("404 Not Found", r#"{"code":"a_later_code","msg":"x"}"#), later(404)),
        (json("404 Not Found", r#"{"code":404,"msg":"not_found"}"#), later(404)),
        (json("404 Not Found", r#"{"message":"no Route matched with those values"}"#), later(404)),
        (json("404 Not Found", r#"{"error":{"code":"malformed","msg":"x"}}"#), later(404)),
        (json("404 Not Found", r#"[{"code":"malformed","msg":"x"}]"#), later(404)),
        (json("404 Not Found", r#"{"msg":"{\"code\":\"malformed\"}"}"#), later(404)),
        (json("400 Bad Request", r#"{"code":"malformed","msg":"x""#), later(400)),
        (json("400 Bad Request", r#"{"code":"malformed","msg":"x"} and more"#), later(400)),
        (text("400 Bad Request", r#"<html>{"code":"malformed","msg":"x"}"#), later(400)),
        (text("400 Bad Request", "RpcError 2001: x"), later(400)),
        (json("429 Too Many Requests", r#"{"code":"resource_exhausted","msg":"x"}"#), again(429)),
        (text("408 Request Timeout", ""), again(408)),
        (text("425 Too Early", ""), again(425)),
        (text("429 Too Many Requests", "slow down"), again(429)),
        (text("302 Found", ""), again(302)),
        (text("301 Moved Permanently", ""), again(301)),
        (text("500 Internal Server Error", "RpcError of a kind"), again(500)),
        (text("502 Bad Gateway", "<html>nginx</html>"), again(502)),
        (text("503 Service Unavailable", "no backend"), again(503)),
        (text("511 Network Authentication Required", "<html>log in</html>"), again(511)),
        (text("599 Of Nobody", ""), again(599)),
        (text("201 Created", ""), again(201)),
        // A proxy that wants credentials keeps the reading, too.
        (text("401 Unauthorized", "<html>nginx</html>"), (Rejection::Token, Verdict::Token)),
        (text("403 Forbidden", ""), (Rejection::Token, Verdict::Token)),
    ] {
        assert_rejected(&bytes, rejection, verdict);
    }
}

/// What is tried again anyway is told by its status.
#[test]
fn half_a_rejection_that_is_not_final_is_known_by_its_status() {
    for (status, rejection) in [
        ("503 Service Unavailable", Rejection::Retryable { status: 503 }),
        ("401 Unauthorized", Rejection::Token),
    ] {
        let half = format!("HTTP/1.1 {status}\r\nContent-Length: 9\r\n\r\nhalf");
        let mut buf = [0; 256];
        let mut response = Response::new(&mut buf);
        response.space()[..half.len()].copy_from_slice(half.as_bytes());
        response.advance(half.len()).expect("a beginning");
        let rejected = Err(CallError::Rejected(rejection));
        assert_eq!(response.message::<SendData>().map(drop), rejected);
    }
}

/// What decides may be still to arrive.
#[test]
fn half_a_rejection_is_never_final() {
    for (status, body) in [
        ("404 Not Found", r#"{"code":"bad_route","msg":"x"}"#),
        ("400 Bad Request", r#"{"code":"invalid_argument","msg":"RpcError 2001: x"}"#),
        ("413 Request Entity Too Large", "request body too large"),
    ] {
        let bytes = json(status, body);
        assert_eq!(Verdict::from(result(&bytes)), Verdict::Rejected);
        // The end of the body has arrived, but not that of the response.
        let head = format!("HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n");
        let mut chunked = format!("{head}{:x}\r\n{body}\r\n", body.len()).into_bytes();
        let mut buf = [0; 256];
        let mut response = Response::new(&mut buf);
        response.space()[..chunked.len()].copy_from_slice(&chunked);
        response.advance(chunked.len()).expect("a chunk");
        let eof = CallError::Response(ResponseError::UnexpectedEof);
        assert_eq!(response.message::<SendData>().map(drop), Err(eof));
        chunked.extend(b"0\r\n\r\n");
        assert_eq!(Verdict::from(result(&chunked)), Verdict::Rejected);
        for end in 1..bytes.len() {
            let mut buf = [0; 256];
            let mut response = Response::new(&mut buf);
            response.space()[..end].copy_from_slice(&bytes[..end]);
            response.advance(end).expect("a beginning");
            assert_eq!(response.advance(0), Err(ResponseError::UnexpectedEof));
            let verdict = Verdict::from(response.message::<SendData>());
            assert!(matches!(verdict, Verdict::Retry | Verdict::RetryLater), "{end} bytes");
        }
    }
}
