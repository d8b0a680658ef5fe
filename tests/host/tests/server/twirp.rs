//! Twirp's errors, compared with serde_json: any order, space, escapes and further members.

use livekit_micro::RpcCode;
use livekit_micro::server::{Rejection, Verdict};
use serde_json::{Value, json};

use crate::rejection::assert_rejected;
use crate::response;

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
        assert_rejected(&response::json("404 Not Found", body), Rejection::NotLive, Verdict::Retry);
    }
    for (msg, code) in [
        (r"RpcError 1400: x", Some(1400)),
        (r"RpcError 1400", Some(1400)),
        (r"\u0052pcError\u00201400: x", Some(1400)),
        (r"RpcErRpcError 7: x", Some(7)),
        (r"RpcError RpcError 7: x", Some(7)),
        (r"RpcError 4294967295 x", Some(u32::MAX)),
        (r"RpcError 4294967296 x", Some(u32::MAX)),
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
