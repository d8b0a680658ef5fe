//! Long lists, beside prost, through buffers of whatever size.

use livekit_micro::borrowed::ParticipantInfo;
use livekit_micro::server::{CallError, Record, Records, Refusal, ReplyError};
use livekit_micro::tags::participant_info;
use livekit_micro::{DecodeError, Malformed, Reader, from_bytes};
use prost_reflect::prost::Message as _;

/// Names and sizes, as they come out of a buffer of `room` bytes; how many were whole.
fn read(
    bytes: &[u8],
    room: usize,
    step: usize,
) -> Result<(Vec<(String, usize)>, usize), CallError> {
    let (mut buf, mut rest) = (vec![0; room], bytes);
    let mut list = Records::new(&mut buf);
    let (mut seen, mut whole) = (Vec::new(), 0);
    loop {
        while let Some(record) = list.next()? {
            match record {
                Record::Whole(bytes) => {
                    let somebody: ParticipantInfo = from_bytes(bytes).map_err(CallError::Decode)?;
                    seen.push((somebody.identity.to_owned(), bytes.len()));
                    whole += 1;
                }
                Record::Start { bytes, len } => Reader::new(bytes).fields(|r, key| {
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

fn answer(body: &[u8], chunk: Option<usize>) -> Vec<u8> {
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
fn every_item_is_handed_out_whatever_the_buffer_holds() {
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
        let bytes = answer(&body, chunk);
        for room in [200, 256, 1_000, 3_000, 30_000] {
            for step in [1, 13, 512, 100_000] {
                let (seen, whole) = read(&bytes, room, step).expect("a list");
                assert_eq!(seen, expected, "{room} bytes, {step} at a time, chunks of {chunk:?}");
                // Behind the body 32 bytes are kept free, before an item stand two or three.
                let fit = |head| expected.iter().filter(|it| it.1 + head + 32 <= room).count();
                assert!((fit(3)..=fit(2)).contains(&whole), "{whole} whole in {room} bytes");
            }
        }
    }
}

#[test]
fn a_refusal_is_an_error() {
    let body = r#"{"code":"unauthenticated","msg":"permissions denied"}"#;
    let bytes =
        format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert_eq!(read(bytes.as_bytes(), 256, 10), Err(CallError::Refused(Refusal::Token)));
    // One that does not fit, as that which repeats a long token.
    let body = "invalid token: ".to_owned() + &"e".repeat(3_000);
    let bytes =
        format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert_eq!(read(bytes.as_bytes(), 256, 100), Err(CallError::Refused(Refusal::Token)));
}

#[test]
fn what_is_no_list_is_an_error() {
    let wire_type = DecodeError::Malformed { kind: Malformed::WireType, offset: 0 };
    assert_eq!(read(&answer(b"\x0f\x01", None), 256, 9), Err(CallError::Decode(wire_type)));
    let varint = DecodeError::Malformed { kind: Malformed::Varint, offset: 0 };
    assert_eq!(read(&answer(&[0xff; 30], None), 256, 9), Err(CallError::Decode(varint)));
    let cut = Err(CallError::Reply(ReplyError::Cut));
    assert_eq!(read(&answer(b"\x0a\x05abc", None), 256, 9), cut);
    assert_eq!(read(&answer(b"\x0a\xff\x7fabc", None), 256, 9), cut);
    fastrand::seed(2);
    for _ in 0..100_000 {
        let body: Vec<u8> = (0..fastrand::usize(..60)).map(|_| fastrand::u8(..)).collect();
        let _ = read(&answer(&body, None), 128, 9);
    }
}
