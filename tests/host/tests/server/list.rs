//! Long lists, compared with prost, through buffers of any size.

use livekit_micro::borrowed::ParticipantInfo;
use livekit_micro::server::{CallError, ListItem, ListReader, Rejection, ResponseError};
use livekit_micro::tags::participant_info;
use livekit_micro::{DecodeError, Malformed, Reader, from_bytes};
use prost_reflect::prost::Message as _;

/// Identities and lengths of the items, read through a buffer of `capacity` bytes, and how many were complete.
fn read(
    bytes: &[u8],
    capacity: usize,
    step: usize,
) -> Result<(Vec<(String, usize)>, usize), CallError> {
    let (mut buf, mut rest) = (vec![0; capacity], bytes);
    let mut list = ListReader::new(&mut buf);
    let (mut seen, mut whole) = (Vec::new(), 0);
    loop {
        while let Some(item) = list.next()? {
            match item {
                ListItem::Complete(bytes) => {
                    let somebody: ParticipantInfo = from_bytes(bytes).map_err(CallError::Decode)?;
                    seen.push((somebody.identity.to_owned(), bytes.len()));
                    whole += 1;
                }
                ListItem::Truncated { bytes, len } => Reader::new(bytes).fields(|r, key| {
                    if key == participant_info::IDENTITY {
                        seen.push((r.str().to_owned(), len));
                    }
                }),
            }
        }
        if list.is_complete() {
            return Ok((seen, whole));
        }
        let space = list.space();
        assert!(!space.is_empty());
        let count = step.min(space.len()).min(rest.len());
        space[..count].copy_from_slice(&rest[..count]);
        rest = &rest[count..];
        list.advance(count)?;
    }
}

fn response(body: &[u8], chunk: Option<usize>) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\n".to_vec();
    match chunk {
        None => {
            bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
            bytes.extend(body);
        }
        Some(size) => {
            bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n");
            for part in body.chunks(size) {
                bytes.extend(format!("{:x}\r\n", part.len()).bytes());
                bytes.extend(part);
                bytes.extend(b"\r\n");
            }
            bytes.extend(b"0\r\n\r\n");
        }
    }
    bytes
}

#[test]
fn every_item_is_returned_whatever_the_buffer_holds() {
    let participants: Vec<_> = (0..20)
        .map(|n: usize| livekit_protocol::ParticipantInfo {
            sid: format!("PA_{n:012}"),
            identity: format!("operator {n}"),
            metadata: "m".repeat(n * n * 7),
            ..Default::default()
        })
        .collect();
    let expected: Vec<_> =
        participants.iter().map(|it| (it.identity.clone(), it.encoded_len())).collect();
    // A field that a later release may bring.
    let mut body = livekit_protocol::ListParticipantsResponse { participants }.encode_to_vec();
    body.extend(b"\x10\x96\x01\x1a\x03abc\x25\x01\x02\x03\x04\x29\x0a\x01\x0a\x01\x0a\x01\x0a\x01");
    for chunk in [None, Some(1), Some(97), Some(2_048)] {
        let bytes = response(&body, chunk);
        for capacity in [200, 256, 1_000, 3_000, 30_000] {
            for step in [1, 13, 512, 100_000] {
                let (seen, whole) = read(&bytes, capacity, step).expect("a list");
                assert_eq!(
                    seen, expected,
                    "{capacity} bytes, {step} at a time, chunks of {chunk:?}"
                );
                // 32 bytes never hold the body, tag and length take two or three.
                let fit =
                    |header| expected.iter().filter(|it| it.1 + header + 32 <= capacity).count();
                assert!((fit(3)..=fit(2)).contains(&whole), "{whole} whole in {capacity} bytes");
            }
        }
    }
}

#[test]
fn a_rejection_is_an_error() {
    let body = r#"{"code":"unauthenticated","msg":"permissions denied"}"#;
    let bytes =
        format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert_eq!(read(bytes.as_bytes(), 256, 10), Err(CallError::Rejected(Rejection::Token)));
    // What it means is known from all of it.
    let body = r#"{"msg":"x","code":"invalid_argument"}"#;
    let bytes = format!("HTTP/1.1 400 Bad Request\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let request = Err(CallError::Rejected(Rejection::Request { status: 400 }));
    assert_eq!(read(bytes.as_bytes(), 256, 1), request);
    // One that does not fit, as that which repeats a long token.
    let body = "invalid token: ".to_owned() + &"e".repeat(3_000);
    let bytes =
        format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert_eq!(read(bytes.as_bytes(), 256, 100), Err(CallError::Rejected(Rejection::Token)));
}

#[test]
fn a_body_that_is_not_a_list_is_an_error() {
    let wire_type = DecodeError::Malformed { kind: Malformed::WireType, offset: 0 };
    assert_eq!(read(&response(b"\x0f\x01", None), 256, 9), Err(CallError::Decode(wire_type)));
    let varint = DecodeError::Malformed { kind: Malformed::Varint, offset: 0 };
    for len in [10, 30] {
        assert_eq!(read(&response(&vec![0xff; len], None), 256, 9), Err(CallError::Decode(varint)));
    }
    let cut = Err(CallError::Response(ResponseError::UnexpectedEof));
    assert_eq!(read(&response(b"\x0a\x05abc", None), 256, 9), cut);
    assert_eq!(read(&response(b"\x0a\xff\x7fabc", None), 256, 9), cut);
    // Also of an item that is larger than the buffer, whose beginning was returned.
    let long = [b"\x0a\xff\x7f", &[b'a'; 500][..]].concat();
    assert_eq!(read(&response(&long, None), 256, 9), cut);
    fastrand::seed(2);
    for _ in 0..100_000 {
        let body: Vec<u8> = (0..fastrand::usize(..60)).map(|_| fastrand::u8(..)).collect();
        let _ = read(&response(&body, None), 128, 9);
    }
}

#[test]
fn a_list_that_is_cut_anywhere_is_not_complete() {
    let body = b"\x0a\x03\x12\x01a\x0a\x03\x12\x01b";
    for chunk in [None, Some(1), Some(3), Some(100)] {
        let bytes = response(body, chunk);
        let (seen, _) = read(&bytes, 256, 1_000).expect("a list");
        assert_eq!(seen, [("a".to_owned(), 3), ("b".to_owned(), 3)]);
        for end in 1..bytes.len() {
            for step in [1, 1_000] {
                let error = CallError::Response(ResponseError::UnexpectedEof);
                assert_eq!(read(&bytes[..end], 256, step), Err(error), "cut at {end}");
            }
        }
    }
}
