//! Length-delimited messages over real pipes, and against prost's own delimited encoding.

use std::io::{PipeReader, Write as _, pipe};
use std::thread;

use embedded_io_adapters::std::FromStd;
use embedded_io_adapters::tokio_1::FromTokio;
use livekit_micro::delimited::{self, ReadError, WriteError, async_io};
use livekit_micro::owned::RpcAck;
use livekit_micro::{DecodeError, EncodeError, from_bytes};
use prost_reflect::prost::Message as _;

fn ours(id: &str) -> RpcAck {
    RpcAck { request_id: id.try_into().expect("it fits") }
}

fn theirs(id: &str) -> livekit_protocol::RpcAck {
    livekit_protocol::RpcAck { request_id: id.to_owned() }
}

/// A pipe that another thread writes `bytes` to, `step` at a time, and then closes.
fn piped(bytes: Vec<u8>, step: usize) -> FromStd<PipeReader> {
    let (reader, mut writer) = pipe().expect("a pipe");
    thread::spawn(move || {
        for part in bytes.chunks(step) {
            // The reader may have been dropped after an error.
            let _ = writer.write_all(part);
        }
    });
    FromStd::new(reader)
}

type Read<M> = Result<Option<M>, ReadError<std::io::Error>>;

fn next(reader: &mut FromStd<PipeReader>, buf: &mut [u8]) -> Read<RpcAck> {
    delimited::read(reader, buf)
}

#[test]
fn prosts_stream_is_read_however_it_is_cut() {
    let ids = ["", "a", "0123456789", &"x".repeat(36)];
    let stream: Vec<u8> =
        ids.iter().flat_map(|id| theirs(id).encode_length_delimited_to_vec()).collect();
    for step in [1, 2, 3, 7, stream.len()] {
        let (mut reader, mut buf) = (piped(stream.clone(), step), [0; 64]);
        for id in ids {
            assert_eq!(next(&mut reader, &mut buf).unwrap(), Some(ours(id)), "step {step}");
        }
        assert_eq!(next(&mut reader, &mut buf).unwrap(), None, "the end, step {step}");
    }
}

#[test]
fn our_stream_is_prosts() {
    let (mut stream, mut buf) = (Vec::new(), [0; 64]);
    let mut sent = 0;
    for id in ["", "a", "0123456789"] {
        sent += delimited::write(&mut FromStd::new(&mut stream), &ours(id), &mut buf).unwrap();
    }
    assert_eq!(sent, stream.len());
    let mut rest = stream.as_slice();
    for id in ["", "a", "0123456789"] {
        let message = livekit_protocol::RpcAck::decode_length_delimited(&mut rest).unwrap();
        assert_eq!(message, theirs(id));
    }
    assert!(rest.is_empty());
}

#[test]
fn a_message_of_more_than_127_bytes_has_a_length_of_two() {
    use livekit_micro::owned::UserPacket;
    let mut packet = UserPacket::new();
    packet.payload.extend_from_slice(&[7; 300]).unwrap();
    let (mut stream, mut buf) = (Vec::new(), [0; 512]);
    delimited::write(&mut FromStd::new(&mut stream), &packet, &mut buf).unwrap();
    assert_eq!(stream[..2], [0xaf, 0x02], "303 bytes");
    let mut reader = piped(stream, 100);
    assert_eq!(delimited::read(&mut reader, &mut buf).unwrap(), Some(packet));
}

#[test]
fn a_message_larger_than_the_buffer_is_not_sent() {
    let mut stream = Vec::new();
    let error = delimited::write(&mut FromStd::new(&mut stream), &ours("abc"), &mut [0; 4]);
    let expected = EncodeError::BufferTooSmall { needed: 5, available: 4 };
    assert!(matches!(error, Err(WriteError::Encode(error)) if error == expected));
    assert!(stream.is_empty());
}

#[test]
fn a_message_larger_than_the_buffer_is_dropped_and_the_next_one_read() {
    for size in [0, 1, 4, 11] {
        let stream = [theirs("0123456789"), theirs("")].map(|m| m.encode_length_delimited_to_vec());
        let (mut reader, mut buf) = (piped(stream.concat(), 5), vec![0; size]);
        let error = next(&mut reader, &mut buf).unwrap_err();
        let ReadError::TooLarge { needed: 12, available } = error else { panic!("{error}") };
        assert_eq!(available, size);
        assert_eq!(next(&mut reader, &mut buf).unwrap(), Some(ours("")));
    }
}

#[test]
fn a_malformed_message_is_an_error_and_the_next_one_is_read() {
    let stream = b"\x02\x0a\x05\x03\x0a\x01a".to_vec();
    let (mut reader, mut buf) = (piped(stream, 3), [0; 16]);
    let error = next(&mut reader, &mut buf).unwrap_err();
    assert!(
        matches!(error, ReadError::Decode(DecodeError::Malformed { offset: 0, .. })),
        "{error}"
    );
    assert_eq!(next(&mut reader, &mut buf).unwrap(), Some(ours("a")));
}

#[test]
fn a_stream_that_ends_inside_a_frame_is_an_error() {
    let whole = theirs("0123456789").encode_length_delimited_to_vec();
    for end in 1..whole.len() {
        let mut reader = piped(whole[..end].to_vec(), 4);
        let error = next(&mut reader, &mut [0; 64]).unwrap_err();
        let missing = whole.len() - end;
        assert!(
            matches!(error, ReadError::UnexpectedEof { missing: Some(m) } if m == missing),
            "{error}"
        );
    }
    let mut reader = piped(vec![0x80], 1);
    let error = next(&mut reader, &mut [0; 64]).unwrap_err();
    assert!(matches!(error, ReadError::UnexpectedEof { missing: None }), "{error}");
}

#[test]
fn a_length_beyond_32_bits_is_refused() {
    let six_bytes = vec![0xff, 0xff, 0xff, 0xff, 0x8f, 0x00];
    let beyond_32_bits = vec![0x80, 0x80, 0x80, 0x80, 0x10];
    for stream in [six_bytes, beyond_32_bits] {
        let error = next(&mut piped(stream, 2), &mut [0; 64]).unwrap_err();
        assert!(matches!(error, ReadError::InvalidLength), "{error}");
    }
}

#[test]
fn an_async_stream_carries_the_same() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (near, far) = tokio::io::duplex(3); // three bytes at a time
        let sender = async {
            let mut near = FromTokio::new(near);
            for id in ["a", "0123456789", ""] {
                async_io::write(&mut near, &ours(id), &mut [0; 64]).await.unwrap();
            }
        };
        let receiver = async {
            let (mut far, mut buf) = (FromTokio::new(far), [0; 8]);
            assert_eq!(async_io::read(&mut far, &mut buf).await.unwrap(), Some(ours("a")));
            let error = async_io::read::<_, RpcAck>(&mut far, &mut buf).await.unwrap_err();
            assert!(matches!(error, ReadError::TooLarge { needed: 12, available: 8 }), "{error}");
            assert_eq!(async_io::read(&mut far, &mut buf).await.unwrap(), Some(ours("")));
            assert_eq!(async_io::read::<_, RpcAck>(&mut far, &mut buf).await.unwrap(), None);
        };
        tokio::join!(sender, receiver);
    });
}

#[test]
fn an_async_message_of_more_than_127_bytes_has_a_length_of_two() {
    use livekit_micro::owned::UserPacket;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for payload in [100, 127, 128, 300] {
            let mut packet = UserPacket::new();
            packet.payload.extend_from_slice(&vec![7; payload]).unwrap();
            let theirs =
                livekit_protocol::UserPacket { payload: vec![7; payload], ..Default::default() };
            let (mut stream, mut buf) = (Vec::new(), [0; 512]);
            let mut writer = FromTokio::new(&mut stream);
            let sent = async_io::write(&mut writer, &packet, &mut buf).await.unwrap();
            assert_eq!(stream, theirs.encode_length_delimited_to_vec());
            assert_eq!(sent, stream.len());
            let mut reader = FromTokio::new(stream.as_slice());
            assert_eq!(async_io::read(&mut reader, &mut buf).await.unwrap(), Some(packet));
        }
    });
}

#[test]
fn errors_say_what_happened_and_which_value() {
    type Read = ReadError<std::io::ErrorKind>;
    type Write = WriteError<std::io::ErrorKind>;
    let timed_out = std::io::ErrorKind::TimedOut;
    let encode = EncodeError::BufferTooSmall { needed: 9, available: 8 };
    let decode = from_bytes::<RpcAck>(b"\x0a").unwrap_err();
    for (error, expected) in [
        (Write::Encode(encode).to_string(), encode.to_string()),
        (Write::Io(timed_out).to_string(), "the stream failed: TimedOut".to_owned()),
        (Read::Decode(decode).to_string(), decode.to_string()),
        (Read::Io(timed_out).to_string(), "the stream failed: TimedOut".to_owned()),
        (
            Read::TooLarge { needed: 9, available: 8 }.to_string(),
            "a message of 9 bytes was dropped, the buffer has 8".to_owned(),
        ),
        (
            Read::UnexpectedEof { missing: Some(9) }.to_string(),
            "the stream ended 9 bytes before the end of a message".to_owned(),
        ),
        (
            Read::UnexpectedEof { missing: None }.to_string(),
            "the stream ended inside a length".to_owned(),
        ),
        (
            Read::InvalidLength.to_string(),
            "the length of a message is longer than 32 bits".to_owned(),
        ),
    ] {
        assert_eq!(error, expected);
    }
}
