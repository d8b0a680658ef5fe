//! Answers: as the real server 1.13.4 and a proxy gave them, in whatever pieces they arrive.

use livekit_micro::DecodeError;
use livekit_micro::borrowed::PerformRpcResponse;
use livekit_micro::server::{
    CallError, PerformRpc, Refusal, Reply, ReplyError, RpcCode, SendData, Verdict,
};

/// Feeds `bytes` to a reply, `step` at a time, and then closes the connection.
pub fn feed<'b>(bytes: &[u8], step: usize, buf: &'b mut [u8]) -> Result<Reply<'b>, ReplyError> {
    let mut reply = Reply::new(buf);
    let mut rest = bytes;
    while !reply.is_complete() {
        let space = reply.space();
        assert!(!space.is_empty());
        let count = step.min(space.len()).min(rest.len());
        let (now, later) = rest.split_at(count);
        space[..count].copy_from_slice(now);
        rest = later;
        reply.advance(count)?;
    }
    Ok(reply)
}

fn answer(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\nVary: Origin\r\nDate: Mon, 23 Nov 2026 01:47:20 GMT\r\n\r\n{body}")
        .into_bytes()
}

fn json(status: &str, body: &str) -> Vec<u8> {
    answer(
        &format!("{status}\r\nContent-Length: {}\r\nContent-Type: application/json", body.len()),
        body,
    )
}

fn text(status: &str, body: &str) -> Vec<u8> {
    answer(
        &format!(
            "{status}\r\nContent-Length: {}\r\nContent-Type: text/plain; charset=utf-8",
            body.len()
        ),
        body,
    )
}

/// What became of a call of SendData, whatever pieces the answer came in and with whatever room.
fn verdict(bytes: &[u8]) -> Result<(), CallError> {
    let mut verdicts = Vec::new();
    for room in [128, 256, 1_000, 10_000] {
        for step in [1, 2, 3, 7, 64, 10_000] {
            let mut buf = vec![0; room];
            let reply = feed(bytes, step, &mut buf).expect("an answer");
            verdicts.push(reply.message::<SendData>().map(drop));
        }
    }
    assert!(verdicts.windows(2).all(|two| two[0] == two[1]), "{verdicts:?}");
    verdicts[0]
}

const ACCEPTED: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: application/protobuf\r\n\
    Vary: Origin\r\nDate: Mon, 23 Nov 2026 01:47:20 GMT\r\n\r\n";

#[test]
fn accepted() {
    assert_eq!(verdict(ACCEPTED), Ok(()));
}

#[test]
fn refusals_are_sorted_by_who_must_act() {
    let token = "e".repeat(200);
    for (bytes, refusal) in [
        (
            json("401 Unauthorized", r#"{"code":"unauthenticated","msg":"permissions denied"}"#),
            Refusal::Token,
        ),
        (text("401 Unauthorized", "invalid authorization token"), Refusal::Token),
        (
            text(
                "401 Unauthorized",
                &format!(
                    "invalid token: {token}, error: token has invalid claims: token is expired"
                ),
            ),
            Refusal::Token,
        ),
        (
            json(
                "503 Service Unavailable",
                r#"{"code":"unavailable","msg":"twirp error unknown: no response from servers"}"#,
            ),
            Refusal::NotLive,
        ),
        (
            json("404 Not Found", r#"{"code":"not_found","msg":"participant does not exist"}"#),
            Refusal::NotLive,
        ),
        (
            json(
                "400 Bad Request",
                r#"{"code":"malformed","msg":"the protobuf request could not be decoded"}"#,
            ),
            Refusal::Request { status: 400 },
        ),
        (
            json(
                "404 Not Found",
                r#"{"code":"bad_route","msg":"unexpected Content-Type: \"text/plain\"","meta":{"twirp_invalid_route":"POST /"}}"#,
            ),
            Refusal::Request { status: 404 },
        ),
        (text("404 Not Found", "404 page not found"), Refusal::Request { status: 404 }),
        (
            json(
                "408 Request Timeout",
                r#"{"code":"canceled","msg":"failed to read request: context canceled"}"#,
            ),
            Refusal::Unknown { status: 408 },
        ),
        (text("429 Too Many Requests", "slow down"), Refusal::Unknown { status: 429 }),
        (text("502 Bad Gateway", "<html>nginx</html>"), Refusal::Unknown { status: 502 }),
        (text("503 Service Unavailable", "no backend"), Refusal::Unknown { status: 503 }),
        (text("413 Request Entity Too Large", ""), Refusal::TooLarge),
        (text("301 Moved Permanently", ""), Refusal::Unknown { status: 301 }),
        (text("403 Forbidden", ""), Refusal::Token),
        (text("501 Not Implemented", ""), Refusal::Request { status: 501 }),
        (
            json(
                "400 Bad Request",
                r#"{"code":"invalid_argument","msg":"twirp error unknown: RpcError 1400: Method not supported at destination"}"#,
            ),
            Refusal::Rpc { code: RpcCode::UNSUPPORTED_METHOD },
        ),
        (
            json(
                "500 Internal Server Error",
                r#"{"code":"internal","msg":"twirp error unknown: RpcError 2001: stuck: valve 3"}"#,
            ),
            Refusal::Rpc { code: RpcCode(2001) },
        ),
        (
            json(
                "500 Internal Server Error",
                r#"{"code":"internal","msg":"twirp error unknown: RpcError 1500: Application error in method handler"}"#,
            ),
            Refusal::Rpc { code: RpcCode::APPLICATION_ERROR },
        ),
        (
            json(
                "500 Internal Server Error",
                r#"{"code":"internal","msg":"twirp error unknown: RpcError 1504: Response payload too large"}"#,
            ),
            Refusal::Rpc { code: RpcCode::RESPONSE_PAYLOAD_TOO_LARGE },
        ),
        (
            json(
                "408 Request Timeout",
                r#"{"code":"canceled","msg":"twirp error unknown: RpcError 1502: Response timeout"}"#,
            ),
            Refusal::Rpc { code: RpcCode::RESPONSE_TIMEOUT },
        ),
        (text("500 Internal Server Error", "RpcError of a kind"), Refusal::Unknown { status: 500 }),
        // The server's own wait for the receiver's answer was over first.
        (
            json(
                "408 Request Timeout",
                r#"{"code":"deadline_exceeded","msg":"twirp error unknown: request timed out"}"#,
            ),
            Refusal::Unknown { status: 408 },
        ),
    ] {
        let said = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(verdict(&bytes), Err(CallError::Refused(refusal)), "{said}");
        assert_eq!(Refusal::of(200, b""), None);
    }
}

#[test]
fn an_answer_without_a_length_ends_with_the_connection() {
    let bytes = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";
    assert_eq!(verdict(bytes), Err(CallError::Refused(Refusal::Request { status: 400 })));
    let mut buf = [0; 256];
    assert!(!feed(bytes, 50, &mut buf).unwrap().keeps_alive());
}

/// Whether the connection serves for another call.
#[test]
fn connections_are_kept_as_the_head_says() {
    for (head, keeps_alive) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 0", true),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nconnection: x, Close", false),
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
            let reply = feed(format!("{head}\r\n\r\n").as_bytes(), step, &mut buf).expect(head);
            assert_eq!((reply.keeps_alive(), reply.body()), (keeps_alive, &b""[..]), "{head}");
        }
    }
    // Something behind the answer belongs to nobody's call.
    let mut buf = [0; 256];
    assert!(!feed(&[ACCEPTED, b"H"].concat(), 1_000, &mut buf).unwrap().keeps_alive());
}

/// What decides may be still to come.
#[test]
fn half_a_refusal_is_none() {
    for (body, status, whole) in [
        (r#"{"code":"not_found","msg":"x"}"#, "404 Not Found", Refusal::NotLive),
        (
            r#"{"code":"invalid_argument","msg":"RpcError 1400: x"}"#,
            "400 Bad Request",
            Refusal::Rpc { code: RpcCode(1400) },
        ),
    ] {
        let bytes = json(status, body);
        for end in bytes.len() - body.len()..bytes.len() {
            let mut buf = [0; 256];
            let mut reply = Reply::new(&mut buf);
            reply.space()[..end].copy_from_slice(&bytes[..end]);
            reply.advance(end).expect("a head");
            match reply.message::<SendData>() {
                Err(CallError::Reply(ReplyError::Cut)) => {}
                other => assert_eq!(other, Err(CallError::Refused(whole)), "{end} bytes"),
            }
        }
    }
}

#[test]
fn chunks_are_put_together() {
    let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        4\r\n\x0a\x06ok\r\n3;x=y\r\n, 1\r\n1\r\n2\r\n0\r\nServer-Timing: 1\r\n\r\n";
    for step in [1, 2, 5, 1_000] {
        let mut buf = [0; 200];
        let reply = feed(bytes, step, &mut buf).unwrap();
        assert_eq!(reply.body(), b"\x0a\x06ok, 12");
        assert_eq!(reply.message::<PerformRpc>(), Ok(PerformRpcResponse { payload: "ok, 12" }));
        assert!(reply.keeps_alive());
    }
}

/// The server repeats a wrong token in its answer, in chunks from 2 KB on.
#[test]
fn of_a_long_refusal_the_beginning_is_enough() {
    let mut bytes = b"HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..3 {
        bytes.extend(b"800\r\n");
        bytes.extend([b'x'; 0x800]);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    assert_eq!(verdict(&bytes), Err(CallError::Refused(Refusal::Token)));
    let mut buf = [0; 256];
    let reply = feed(&bytes, 100, &mut buf).unwrap();
    assert_eq!(reply.body().len(), 256 - 32);
    assert!(reply.keeps_alive());
}

#[test]
fn what_does_not_fit_is_an_error_that_says_how_large_it_is() {
    let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 1003\r\n\r\n\x0a\xe8\x07".to_vec();
    bytes.extend([b'x'; 1000]);
    let mut buf = [0; 1_034];
    let reply = feed(&bytes, 64, &mut buf).unwrap();
    assert_eq!(
        reply.message::<PerformRpc>(),
        Err(CallError::BodyTooLarge { needed: 1_035, available: 1_034 })
    );
    let mut buf = [0; 1_035];
    let reply = feed(&bytes, 64, &mut buf).unwrap();
    assert_eq!(reply.message::<PerformRpc>().unwrap().payload.len(), 1_000);
}

/// Of a portal, say: it must not pass for an answer of the server, however long it is.
#[test]
fn a_page_with_status_200_is_no_answer() {
    for length in [3, 100, 10_000] {
        let page = format!("<html>{}", " ".repeat(length));
        let error = verdict(&text("200 OK", &page)).expect_err("a page");
        assert!(matches!(error, CallError::Decode(DecodeError::Malformed { .. })), "{error}");
        assert_eq!(Verdict::from(error), Verdict::Unknown);
    }
}

#[test]
fn a_cut_connection_is_unknown_until_the_head_is_here() {
    for end in 0..ACCEPTED.len() {
        let mut buf = [0; 256];
        let error = if end == 0 { ReplyError::Closed } else { ReplyError::Cut };
        assert_eq!(feed(&ACCEPTED[..end], 9, &mut buf).err(), Some(error), "cut at {end}");
    }
    // Behind the head of a 200 the verdict is known: SendData's answer is empty.
    let mut buf = [0; 256];
    let mut reply = Reply::new(&mut buf);
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    reply.space()[..head.len()].copy_from_slice(head);
    reply.advance(head.len()).unwrap();
    assert_eq!(reply.advance(0), Err(ReplyError::Cut));
    assert!(reply.message::<SendData>().is_ok());
    assert_eq!(reply.message::<PerformRpc>(), Err(CallError::Reply(ReplyError::Cut)));
}

#[test]
fn another_status_may_come_before_the_answer() {
    let bytes = [b"HTTP/1.1 100 Continue\r\n\r\n", ACCEPTED].concat();
    assert_eq!(verdict(&bytes), Ok(()));
}

/// What a proxy adds may be longer than the buffer.
#[test]
fn a_head_of_any_length_passes() {
    let policy = "default-src 'self'; ".repeat(50);
    let head = format!(
        "200 OK\r\nContent-Security-Policy: {policy}\r\ncontent-length:  4  \r\nX: {policy}"
    );
    let bytes = answer(&head, "\x0a\x02ok");
    assert_eq!(verdict(&bytes), Ok(()));
    let mut buf = [0; 64];
    let reply = feed(&bytes, 40, &mut buf).unwrap();
    assert_eq!(reply.message::<PerformRpc>(), Ok(PerformRpcResponse { payload: "ok" }));
    assert_eq!(verdict(&answer(&format!("200 {policy}\r\nContent-Length: 0"), "")), Ok(()));
    let chunks = format!("2;{policy}\r\n\x0a\x02\r\n2\r\nok\r\n0;{policy}\r\n{policy}\r\n\r\n");
    assert_eq!(verdict(&answer("200 OK\r\nTransfer-Encoding: chunked", &chunks)), Ok(()));
}

/// Beside httparse: what both take means the same.
#[test]
fn heads_mean_what_they_mean_to_httparse() {
    fastrand::seed(3);
    let mut both = 0;
    for _ in 0..200_000 {
        let mut bytes = ACCEPTED.to_vec();
        for _ in 0..fastrand::usize(..3) {
            let at = fastrand::usize(..bytes.len() - 4);
            bytes[at] = fastrand::choice(*b"0123456789 :\r\nabcCHT/.").unwrap();
        }
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut head = httparse::Response::new(&mut headers);
        let Ok(httparse::Status::Complete(_)) = head.parse(&bytes) else { continue };
        let mut buf = [0; 256];
        let Ok(reply) = feed(&bytes, 256, &mut buf) else { continue };
        assert_eq!(reply.status(), head.code, "{}", bytes.escape_ascii());
        // Not if something came behind the answer.
        assert!(!reply.keeps_alive() || head.version == Some(1));
        both += 1;
    }
    assert!(both > 50_000, "{both}");
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
        b"HTTP/1.1 200 OK\r\nContent-Length: 00000000000000005\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0000000000000000000000000000000000001\r\na",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ] {
        let mut buf = [0; 256];
        assert_eq!(feed(bytes, 4, &mut buf).err(), Some(ReplyError::Malformed), "{bytes:?}");
    }
    fastrand::seed(1);
    for _ in 0..200_000 {
        let mut bytes = ACCEPTED.to_vec();
        for _ in 0..fastrand::usize(1..6) {
            let at = fastrand::usize(..bytes.len());
            bytes[at] = fastrand::u8(..);
        }
        let mut buf = [0; 192];
        if let Ok(reply) = feed(&bytes, fastrand::usize(1..64), &mut buf) {
            let _ = reply.message::<PerformRpc>();
        }
    }
}
