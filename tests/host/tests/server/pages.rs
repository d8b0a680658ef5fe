//! Pages of other servers with status 200: of captive portals, proxies, JSON APIs. They are never a
//! success, whatever their length, the buffer, the pieces in which they arrive and where they are cut.

use livekit_micro::server::{
    CallError, ListReader, PerformRpc, Response, SendData, UpdateParticipant, Verdict,
};
use serde_json::{Value, json};

use crate::response::{ACCEPTED, response, result, text};

/// All that may be read from what arrives of `bytes` before the connection is closed.
fn assert_never_accepted(bytes: &[u8], len: usize, step: usize) {
    let mut buf = vec![0; len];
    let mut page = Response::new(&mut buf);
    let mut rest = bytes;
    loop {
        let verdicts = [
            Verdict::from(page.message::<SendData>()),
            page.message::<PerformRpc>().into(),
            page.message::<UpdateParticipant>().into(),
        ];
        assert_eq!(verdicts, [Verdict::Retry; 3], "{}", bytes.escape_ascii());
        let space = page.space();
        let count = step.min(space.len()).min(rest.len());
        space[..count].copy_from_slice(&rest[..count]);
        rest = &rest[count..];
        if page.is_complete() || page.advance(count).is_err() {
            break;
        }
    }
    let verdict = Verdict::from(page.message::<PerformRpc>());
    assert_eq!(verdict, Verdict::Retry, "{}", bytes.escape_ascii());
    assert_eq!(Verdict::from(page.into_message::<SendData>()), Verdict::Retry);

    let (mut buf, mut rest) = (vec![0; len], bytes);
    let mut list = ListReader::new(&mut buf);
    while let Ok(item) = list.next() {
        assert!(item.is_none(), "{}", bytes.escape_ascii());
        assert!(!list.is_complete(), "{}", bytes.escape_ascii());
        let space = list.space();
        let count = step.min(space.len()).min(rest.len());
        space[..count].copy_from_slice(&rest[..count]);
        rest = &rest[count..];
        if list.advance(count).is_err() {
            break;
        }
    }
}

/// Status 200 with this body, framed in each way.
fn framed(content_type: &str, body: &str) -> [Vec<u8>; 3] {
    let content_type = match content_type {
        "" => String::new(),
        other => format!("\r\nContent-Type: {other}"),
    };
    let chunks: String = body
        .as_bytes()
        .chunks(700)
        .map(|part| format!("{:x}\r\n{}\r\n", part.len(), String::from_utf8_lossy(part)))
        .collect();
    [
        response(&format!("200 OK\r\nContent-Length: {}{content_type}", body.len()), body),
        response(&format!("200 OK{content_type}"), body),
        response(
            &format!("200 OK\r\nTransfer-Encoding: chunked{content_type}"),
            &format!("{chunks}0\r\n\r\n"),
        ),
    ]
}

/// From 3 bytes to more than any buffer; what each begins with is also the beginning of a message.
fn pages() -> Vec<(&'static str, String)> {
    let html =
        |body: String| ["text/html", "text/html; charset=utf-8", ""].map(|it| (it, body.clone()));
    let json = |body: String| ["application/json", "text/plain", ""].map(|it| (it, body.clone()));
    let mut pages = Vec::new();
    for length in [0, 1, 60, 100, 300, 1_000, 5_000] {
        let filler = "sign in to the network ".repeat(length / 23 + 1);
        let filler = &filler[..length];
        // `\n<` begins a field of 60 bytes.
        pages.extend(html(format!("\n<!doctype html><title>Wi-Fi</title>{filler}</html>")));
        pages.extend(html(format!("<!DOCTYPE html>{filler}")));
        pages.extend(html(filler.to_owned()));
        pages.extend(json(json!({"message": filler, "error": null}).to_string()));
        pages.extend(json(format!("{{\n  \"{filler}\": [1, 2]\n}}\n")));
        pages.extend(json(json!([filler, {"code": "ok"}]).to_string()));
    }
    // `{"` begins a group of field 15, and a letter after it a field of 97 to 122 bytes.
    for letter in 'a'..='z' {
        let value: Value = (0..40).map(|n| json!({"status": n, "ok": true})).collect();
        pages.extend(json(json!({letter.to_string().repeat(3): value}).to_string()));
    }
    pages.extend(json("{}".to_owned()));
    pages
}

#[test]
fn a_page_of_another_server_is_never_a_success() {
    for (content_type, body) in pages() {
        for bytes in framed(content_type, &body) {
            for len in [128, 160, 256, 512, 1_024, 8_192] {
                assert_never_accepted(&bytes, len, 10_000);
            }
            for step in [1, 7, 64] {
                assert_never_accepted(&bytes, 160, step);
            }
        }
    }
}

#[test]
fn a_page_that_is_cut_anywhere_is_never_a_success() {
    for (content_type, body) in pages().into_iter().filter(|(_, body)| body.len() < 200) {
        for bytes in framed(content_type, &body) {
            for end in 0..bytes.len() {
                assert_never_accepted(&bytes[..end], 160, 10_000);
            }
        }
    }
}

#[test]
fn pages_that_were_found_are_never_a_success() {
    let page = format!("\n<!doctype html>{}", " ".repeat(285));
    for bytes in [
        text("200 OK", &page),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n".to_vec(),
        // LiveKit's headers, and the connection is cut.
        b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 50\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nTransfer-Encoding: chunked\r\n\r\n"
            .to_vec(),
    ] {
        for len in 128..300 {
            assert_never_accepted(&bytes, len, 1_000);
        }
    }
    assert_eq!(result(&text("200 OK", "")), Err(CallError::ContentType));
    assert_eq!(Verdict::from(result(ACCEPTED)), Verdict::Accepted);
}
