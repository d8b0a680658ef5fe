//! Rejections: those of the real server 1.13.4 and 1.13.11 and of proxies, sorted by who must act.

use livekit_micro::server::{
    CallError, Rejection, Response, ResponseError, RpcCode, SendData, Verdict,
};
use serde_json::{Value, json};

use crate::response::{json, result, text};

#[track_caller]
fn assert_rejected(bytes: &[u8], rejection: Rejection, verdict: Verdict) {
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

#[test]
fn an_error_is_json_whatever_its_order_space_and_escapes() {
    let long = "x".repeat(3_000);
    for body in [
        r#"{"code": "not_found", "msg": "x"}"#,
        r#"{"msg":"participant does not exist","code":"not_found"}"#,
        "\r\n {\n  \"code\" :\t\"not_found\"\n }\n",
        r#"{"code":"\u006eot\u005Ffound","msg":""}"#,
        r#"{"\u0063ode":"not_found"}"#,
        r#"{"meta":{"code":"malformed","a":[{"code":"malformed"},"]}"]},"code":"not_found","msg":""}"#,
        r#"{"msg":"a \" , \"code\":\"malformed\" \\","code":"not_found"}"#,
        r#"{"msg":null,"n":-1.5e+3,"t":true , "f":false,"code":"not_found"}"#,
        r#"{"code":"malformed","code":"not_found"}"#,
        // Longer than any buffer, before what matters.
        &format!(r#"{{"msg":"{long}","code":"not_found"}}"#),
        &format!(r#"{{"{long}":[{{}}],"code":"not_found"}}"#),
    ] {
        let value: Value = serde_json::from_str(body).expect("it is JSON");
        assert_eq!(value["code"], "not_found", "{body}");
        assert_rejected(&json("404 Not Found", body), Rejection::NotLive, Verdict::Retry);
    }
    for (msg, code) in [
        (r"RpcError 1400: x", Some(1400)),
        (r"RpcError 1400", Some(1400)),
        (r"\u0052pcError\u00201400: x", Some(1400)),
        (r"RpcErRpcError 7: x", Some(7)),
        (r"RpcError RpcError 7: x", Some(7)),
        (r"RpcError 4294967295 x", Some(u32::MAX)),
        (r"RpcError 4294967296 x", None),
        (r"RpcError  7", None),
        (r"RpcError -7", None),
        (r"RpcError: 7", None),
    ] {
        let body = format!(r#"{{"msg":"{msg}","code":"internal"}}"#);
        let rejection = match code {
            Some(code) => Rejection::Rpc { code: RpcCode(code) },
            None => Rejection::Retryable { status: 500 },
        };
        assert_eq!(Rejection::of(500, body.as_bytes()), Some(rejection), "{body}");
    }
}

/// Compared with serde_json, on objects of any shape.
#[test]
fn errors_mean_what_they_mean_to_serde_json() {
    const CODES: [(&str, Option<Rejection>); 17] = [
        ("canceled", None),
        ("unknown", None),
        ("invalid_argument", Some(Rejection::Request { status: 418 })),
        ("malformed", Some(Rejection::Request { status: 418 })),
        ("deadline_exceeded", None),
        ("not_found", Some(Rejection::NotLive)),
        ("bad_route", Some(Rejection::Request { status: 418 })),
        ("already_exists", Some(Rejection::Request { status: 418 })),
        ("permission_denied", Some(Rejection::Token)),
        ("unauthenticated", Some(Rejection::Token)),
        ("resource_exhausted", None),
        ("failed_precondition", Some(Rejection::Request { status: 418 })),
        ("aborted", None),
        ("out_of_range", Some(Rejection::Request { status: 418 })),
        ("unimplemented", Some(Rejection::Request { status: 418 })),
        ("internal", None),
        ("unavailable", Some(Rejection::NotLive)),
    ];
    fastrand::seed(5);
    let mut decided = 0;
    for _ in 0..20_000 {
        let body = object(&mut || CODES[fastrand::usize(..CODES.len())].0.to_owned());
        let value: Value = serde_json::from_str(&body).expect("it is JSON");
        let code = value["code"].as_str();
        let known = code.and_then(|code| CODES.iter().find(|(name, _)| *name == code)?.1);
        decided += usize::from(known.is_some());
        let expected = known.unwrap_or(Rejection::Retryable { status: 418 });
        assert_eq!(Rejection::of(418, body.as_bytes()), Some(expected), "{body}");
        // Any part of it is no error.
        let end = body.rfind('}').unwrap();
        let cut = &body.as_bytes()[..fastrand::usize(..=end)];
        assert_eq!(Rejection::of(418, cut), Some(Rejection::Retryable { status: 418 }));
    }
    assert!(decided > 3_000, "{decided}");
}

/// An object with any of Twirp's members, in any order, with any space and escapes.
fn object(code: &mut dyn FnMut() -> String) -> String {
    let space =
        || " \t\r\n"[..].chars().cycle().skip(fastrand::usize(..4)).take(fastrand::usize(..3));
    let mut members = vec![("msg", json!("some text")), ("meta", json!({"code": "malformed"}))];
    members.push(("x", any(4)));
    members.push((
        "code",
        match fastrand::u8(..5) {
            0 => any(2),
            1 => json!(code() + "s"),
            _ => json!(code()),
        },
    ));
    fastrand::shuffle(&mut members);
    members.truncate(fastrand::usize(1..=4));
    let members = members.into_iter().map(|(name, value)| {
        let text = |text: &str| {
            let escaped: String = text
                .chars()
                .map(|it| match fastrand::u8(..9) {
                    0 if it.is_ascii_lowercase() => format!("\\u{:04x}", it as u32),
                    _ => it.to_string(),
                })
                .collect();
            format!("\"{escaped}\"")
        };
        let value = match &value {
            Value::String(it) if it.chars().all(|it| it.is_ascii_lowercase() || it == '_') => {
                text(it)
            }
            other => other.to_string(),
        };
        let mut member = String::new();
        member.extend(space());
        member += &text(name);
        member.extend(space());
        member.push(':');
        member.extend(space());
        member += &value;
        member.extend(space());
        member
    });
    let mut body: String = space().collect();
    body += &format!("{{{}}}", members.collect::<Vec<_>>().join(","));
    body.extend(space());
    body
}

fn any(depth: usize) -> Value {
    match fastrand::u8(..7) {
        0 => json!(null),
        1 => json!(fastrand::bool()),
        2 => json!(fastrand::i64(..)),
        3 => json!(fastrand::f64() * 1e300),
        4 => json!("ä\"\\\u{1}{}[]:,\u{1f600}code"),
        5 if depth > 0 => (0..fastrand::usize(..4)).map(|_| any(depth - 1)).collect(),
        6 if depth > 0 => {
            let names = ["code", "msg", "}", "\""];
            let members = (0..fastrand::usize(..4)).map(|n| (names[n].to_owned(), any(depth - 1)));
            Value::Object(members.collect())
        }
        _ => json!([]),
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
