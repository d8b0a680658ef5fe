//! Responses, as the real server 1.13.4 and proxies sent them, in pieces of any size.

use livekit_micro::borrowed::PerformRpcResponse;
use livekit_micro::server::{CallError, PerformRpc, Rejection, Response, ResponseError, SendData};

/// Feeds `bytes` to a response, `step` at a time, and then closes the connection.
pub fn feed<'b>(
    bytes: &[u8],
    step: usize,
    buf: &'b mut [u8],
) -> Result<Response<'b>, ResponseError> {
    let mut response = Response::new(buf);
    let mut rest = bytes;
    while !response.is_complete() {
        let space = response.space();
        assert!(!space.is_empty());
        let count = step.min(space.len()).min(rest.len());
        let (now, later) = rest.split_at(count);
        space[..count].copy_from_slice(now);
        rest = later;
        response.advance(count)?;
    }
    Ok(response)
}

pub fn response(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\nVary: Origin\r\nDate: Mon, 23 Nov 2026 01:47:20 GMT\r\n\r\n{body}")
        .into_bytes()
}

pub fn json(status: &str, body: &str) -> Vec<u8> {
    response(
        &format!("{status}\r\nContent-Length: {}\r\nContent-Type: application/json", body.len()),
        body,
    )
}

pub fn text(status: &str, body: &str) -> Vec<u8> {
    response(
        &format!(
            "{status}\r\nContent-Length: {}\r\nContent-Type: text/plain; charset=utf-8",
            body.len()
        ),
        body,
    )
}

/// The result of a SendData call, which does not depend on the pieces that arrive or on the buffer.
pub fn result(bytes: &[u8]) -> Result<(), CallError> {
    let mut results = Vec::new();
    for len in [128, 256, 1_000, 10_000] {
        for step in [1, 2, 3, 7, 64, 10_000] {
            let mut buf = vec![0; len];
            let response = feed(bytes, step, &mut buf).expect("a response");
            results.push(response.message::<SendData>().map(drop));
        }
    }
    assert!(results.windows(2).all(|two| two[0] == two[1]), "{results:?}");
    results[0]
}

pub const ACCEPTED: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: application/protobuf\r\n\
    Vary: Origin\r\nDate: Mon, 23 Nov 2026 01:47:20 GMT\r\n\r\n";

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\n\
    Transfer-Encoding: chunked\r\n\r\n\
    4\r\n\x0a\x06ok\r\n3;x=y\r\n, 1\r\n1\r\n2\r\n0\r\nServer-Timing: 1\r\n\r\n";

#[test]
fn an_empty_message_is_success() {
    assert_eq!(result(ACCEPTED), Ok(()));
}

#[test]
fn the_content_type_is_read_whatever_its_case_and_parameters() {
    let head = |types: &str| format!("200 OK\r\nContent-Length: 0{types}");
    for types in [
        "\r\nContent-Type: application/protobuf",
        "\r\ncontent-type:application/protobuf",
        "\r\nCONTENT-TYPE:  \t   \t Application/Protobuf  ",
        "\r\nContent-Type: application/protobuf; charset=utf-8",
        "\r\nContent-Type: application/protobuf ;charset=a-parameter-longer-than-what-is-kept",
        "\r\nContent-Type: application/protobuf\r\nContent-Type: application/protobuf",
    ] {
        assert_eq!(result(&response(&head(types), "")), Ok(()), "{types:?}");
    }
    for types in [
        "",
        "\r\nContent-Type:",
        "\r\nContent-Type: text/html",
        "\r\nContent-Type: application/json; x=application/protobuf",
        "\r\nContent-Type: application/protobuf2",
        "\r\nContent-Type: application/protobuf-and-more-than-is-kept-of-a-line",
        "\r\nContent-Type: application/x-protobuf",
        "\r\nX-Content-Type: application/protobuf",
        "\r\nContent-Type: application/protobuf\r\nContent-Type: text/html",
        "\r\nContent-Type: text/html\r\nContent-Type: application/protobuf",
    ] {
        assert_eq!(result(&response(&head(types), "")), Err(CallError::ContentType), "{types:?}");
    }
    // That of an interim response is not that of the response.
    let interim = b"HTTP/1.1 103 Early Hints\r\nContent-Type: application/protobuf\r\n\r\n";
    let bytes = [&interim[..], &text("200 OK", "")].concat();
    assert_eq!(result(&bytes), Err(CallError::ContentType));
}

/// What the response to another method is, read as that of SendData.
#[test]
fn a_message_without_fields_has_an_empty_body() {
    for body in ["\x0a\x02ok", "{}", "x"] {
        let head = format!(
            "200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: {}",
            body.len()
        );
        let error = CallError::UnexpectedBody { len: body.len() };
        assert_eq!(result(&response(&head, body)), Err(error), "{body:?}");
    }
    let body = "y".repeat(20_000);
    let head = "200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 20000";
    assert_eq!(result(&response(head, &body)), Err(CallError::UnexpectedBody { len: 20_000 }));
}

#[test]
fn a_response_without_a_length_ends_with_the_connection() {
    let bytes = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";
    assert_eq!(result(bytes), Err(CallError::Rejected(Rejection::Retryable { status: 400 })));
    let mut buf = [0; 256];
    assert!(!feed(bytes, 50, &mut buf).unwrap().keeps_alive());
}

#[test]
fn a_connection_is_reused_as_the_headers_say() {
    for (head, keeps_alive) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 0", true),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nconnection: x, Close", false),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive, x-and-more-than-is-kept-of-a-line, close",
            false,
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0", true),
        ("HTTP/1.1 204 No Content", true),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 90", true),
        ("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0", true),
        ("HTTP/1.1 200 OK\r\nX: folded\r\n here\r\n\tand here\r\nContent-Length: 0", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: Chunked\r\n\r\n0", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n0", false),
    ] {
        for step in [1, 1_000] {
            let mut buf = [0; 256];
            let response = feed(format!("{head}\r\n\r\n").as_bytes(), step, &mut buf).expect(head);
            assert_eq!(
                (response.keeps_alive(), response.body()),
                (keeps_alive, &b""[..]),
                "{head}"
            );
        }
    }
    // Bytes after the response belong to no call.
    let mut buf = [0; 256];
    assert!(!feed(&[ACCEPTED, b"H"].concat(), 1_000, &mut buf).unwrap().keeps_alive());
}

#[test]
fn chunks_are_put_together() {
    for step in [1, 2, 5, 1_000] {
        let mut buf = [0; 200];
        let response = feed(CHUNKED, step, &mut buf).unwrap();
        assert_eq!(response.body(), b"\x0a\x06ok, 12");
        assert_eq!(response.message::<PerformRpc>(), Ok(PerformRpcResponse { payload: "ok, 12" }));
        assert!(response.keeps_alive());
    }
}

/// The server repeats a wrong token in its response, in chunks from 2 KB on.
#[test]
fn a_rejection_may_be_longer_than_the_buffer() {
    let mut bytes = b"HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..3 {
        bytes.extend(b"800\r\n");
        bytes.extend([b'x'; 0x800]);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    assert_eq!(result(&bytes), Err(CallError::Rejected(Rejection::Token)));
    let mut buf = [0; 256];
    let response = feed(&bytes, 100, &mut buf).unwrap();
    assert_eq!(response.body().len(), 256 - 32);
    assert!(response.keeps_alive());
}

#[test]
fn a_message_over_the_buffer_says_how_large_it_is() {
    let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 1003\r\n\r\n\x0a\xe8\x07".to_vec();
    bytes.extend([b'x'; 1000]);
    let mut buf = [0; 1_034];
    let response = feed(&bytes, 64, &mut buf).unwrap();
    assert_eq!(
        response.message::<PerformRpc>(),
        Err(CallError::BodyTooLarge { needed: 1_035, available: 1_034 })
    );
    let mut buf = [0; 1_035];
    let response = feed(&bytes, 64, &mut buf).unwrap();
    assert_eq!(response.message::<PerformRpc>().unwrap().payload.len(), 1_000);
}

#[test]
fn a_cut_response_is_never_a_verdict() {
    for bytes in [ACCEPTED, CHUNKED] {
        let whole =
            feed(bytes, 9, &mut [0; 256]).expect("it is complete").message::<PerformRpc>().is_ok();
        assert!(whole);
        for end in 0..bytes.len() {
            let mut buf = [0; 256];
            let error = if end == 0 { ResponseError::Closed } else { ResponseError::UnexpectedEof };
            let mut response = Response::new(&mut buf);
            response.space()[..end].copy_from_slice(&bytes[..end]);
            if end > 0 {
                response.advance(end).expect("a beginning");
            }
            assert_eq!(response.advance(0), Err(error), "cut at {end}");
            assert!(!response.is_complete() && !response.keeps_alive());
            let error = Err(CallError::Response(ResponseError::UnexpectedEof));
            assert_eq!(response.message::<SendData>().map(drop), error, "cut at {end}");
            assert_eq!(response.message::<PerformRpc>().map(drop), error, "cut at {end}");
        }
    }
}

#[test]
fn an_interim_response_comes_before_the_response() {
    let bytes = [b"HTTP/1.1 100 Continue\r\n\r\n", ACCEPTED].concat();
    assert_eq!(result(&bytes), Ok(()));
}

/// What a proxy adds may be longer than the buffer.
#[test]
fn headers_may_have_any_length() {
    let policy = "default-src 'self'; ".repeat(50);
    let types = "Content-Type: application/protobuf";
    let head = format!(
        "200 OK\r\nContent-Security-Policy: {policy}\r\ncontent-length:  4  \r\nX: {policy}\r\n{types}"
    );
    let bytes = response(&head, "\x0a\x02ok");
    let mut buf = [0; 64];
    let rpc = feed(&bytes, 40, &mut buf).unwrap();
    assert_eq!(rpc.message::<PerformRpc>(), Ok(PerformRpcResponse { payload: "ok" }));
    let head = format!("200 {policy}\r\nContent-Length: 0\r\n{types}");
    assert_eq!(result(&response(&head, "")), Ok(()));
    let chunks = format!("2;{policy}\r\n\x0a\x02\r\n2\r\nok\r\n0;{policy}\r\n{policy}\r\n\r\n");
    let bytes = response(&format!("200 OK\r\nTransfer-Encoding: chunked\r\n{types}"), &chunks);
    for step in [1, 7, 1_000] {
        let mut buf = [0; 256];
        let rpc = feed(&bytes, step, &mut buf).unwrap();
        assert_eq!(rpc.message::<PerformRpc>(), Ok(PerformRpcResponse { payload: "ok" }));
    }
}

/// h11 and others read these lengths, too (RFC 9112, 5: any space around a value).
#[test]
fn a_length_is_read_whatever_the_space_around_it() {
    let (spaces, tabs) = (" ".repeat(300), "\t".repeat(300));
    for length in
        ["4", "    4", "00000000000000000004", "\t4\t"].map(str::to_owned).into_iter().chain([
            format!("{spaces}4"),
            format!("4{spaces}"),
            format!("{spaces}{tabs}4{tabs}{spaces}"),
        ])
    {
        let head =
            format!("200 OK\r\nContent-Type: application/protobuf\r\nContent-Length:{length}");
        let bytes = response(&head, "\x0a\x02ok");
        for step in [1, 3, 1_000] {
            let mut buf = [0; 128];
            let rpc = feed(&bytes, step, &mut buf).unwrap();
            assert_eq!(rpc.message::<PerformRpc>(), Ok(PerformRpcResponse { payload: "ok" }));
            assert!(rpc.keeps_alive(), "{length:?}");
        }
        // The same as httparse says.
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut head = httparse::Response::new(&mut headers);
        head.parse(&bytes).expect("it is HTTP");
        let theirs = head.headers.iter().find(|it| it.name == "Content-Length").expect("a length");
        let theirs = str::from_utf8(theirs.value).expect("it is ASCII").trim();
        assert_eq!(theirs.parse(), Ok(4), "{length:?}");
    }
}

/// A call succeeds only if httparse reads the headers of a success.
#[test]
fn headers_mean_what_they_mean_to_httparse() {
    fastrand::seed(3);
    let (mut both, mut succeeded) = (0, 0);
    for _ in 0..200_000 {
        let mut bytes = ACCEPTED.to_vec();
        for _ in 0..fastrand::usize(..3) {
            let at = fastrand::usize(..bytes.len() - 4);
            match fastrand::u8(..3) {
                0 => bytes[at] = fastrand::choice(*b"0123456789 :\r\nabcCHT/.;,").unwrap(),
                1 => bytes.insert(at, fastrand::choice(*b" \t\rab0").unwrap()),
                _ => drop(bytes.remove(at)),
            }
        }
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut head = httparse::Response::new(&mut headers);
        let Ok(httparse::Status::Complete(len)) = head.parse(&bytes) else { continue };
        let mut buf = [0; 256];
        let Ok(ours) = feed(&bytes, 256, &mut buf) else { continue };
        assert_eq!(ours.status(), head.code, "{}", bytes.escape_ascii());
        // Not if bytes follow the response.
        assert!(!ours.keeps_alive() || head.version == Some(1));
        both += 1;
        if ours.message::<SendData>().is_ok() {
            let value = |name: &str| {
                let header = head.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name));
                header.map(|it| str::from_utf8(it.value).unwrap().to_ascii_lowercase())
            };
            let media_type = value("content-type").expect("a content type");
            let media_type = media_type.split(';').next().unwrap().trim();
            assert_eq!((head.code, media_type), (Some(200), "application/protobuf"));
            let length = value("content-length").map(|it| it.trim().parse::<u64>().unwrap());
            assert!(length.is_none_or(|it| it == 0) && bytes.len() >= len);
            succeeded += 1;
        }
    }
    assert!(both > 50_000 && succeeded > 30_000, "{both}, {succeeded}");
}

#[test]
fn garbage_is_an_error() {
    for bytes in [
        &b"SSH-2.0-OpenSSH_9.2p1\r\n"[..],
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno field\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 000000000000000000005\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0000000000000000000000000000000000001\r\na",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ] {
        let mut buf = [0; 256];
        assert_eq!(feed(bytes, 4, &mut buf).err(), Some(ResponseError::Malformed), "{bytes:?}");
    }
    fastrand::seed(1);
    for _ in 0..200_000 {
        let mut bytes = ACCEPTED.to_vec();
        for _ in 0..fastrand::usize(1..6) {
            let at = fastrand::usize(..bytes.len());
            bytes[at] = fastrand::u8(..);
        }
        let mut buf = [0; 192];
        if let Ok(response) = feed(&bytes, fastrand::usize(1..64), &mut buf) {
            let _ = response.message::<PerformRpc>();
        }
    }
}
