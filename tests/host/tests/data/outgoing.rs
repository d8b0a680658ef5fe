//! Streams that are sent: to prost, and to another device.

use livekit_micro::data::{
    Channel, Closed, Event, Incoming, LocalParticipant, MAX_CHUNK_BYTES, SendError, Session,
    StreamOptions, Topics,
};
use livekit_protocol::data_packet::Value;
use livekit_protocol::data_stream::header::ContentHeader;
use livekit_protocol::{self as theirs, data_stream};
use prost_reflect::prost::Message as _;

use crate::frames::{Wanted, packet};

type Local = LocalParticipant<()>;

fn value(frame: &[u8]) -> Value {
    let packet = theirs::DataPacket::decode(frame).expect("prost reads it");
    assert_eq!(packet.destination_identities, ["bob"]);
    packet.value.expect("it has content")
}

/// Sends `content` through a buffer of `capacity` bytes; what prost reads of it.
fn sent(
    is_text: bool,
    content: &[u8],
    capacity: usize,
) -> (data_stream::Header, Vec<data_stream::Chunk>, data_stream::Trailer) {
    let mut local = Local::new();
    let mut buf = vec![0; capacity];
    let options = StreamOptions {
        topic: "chat",
        to: &["bob"],
        attributes: &[("unit", "°C"), ("empty", "")],
        total_length: Some(content.len() as u32),
        timestamp_ms: 1_780_000_000_123,
        ..StreamOptions::default()
    };
    let random = *b"0123456789abcdef";
    let (mut writer, frame) = match is_text {
        true => local.stream_text(&options, random, &mut buf).expect("it fits"),
        false => local.stream_bytes(&options, random, &mut buf).expect("it fits"),
    };
    let Value::StreamHeader(header) = value(frame) else { panic!() };
    assert_eq!(writer.id(), header.stream_id);
    let (mut chunks, mut rest) = (Vec::new(), content);
    while !rest.is_empty() {
        let frame = writer.write(&mut local, &mut rest, &mut buf).expect("it fits");
        let Value::StreamChunk(chunk) = value(frame) else { panic!() };
        chunks.push(chunk);
    }
    let frame = writer.close(&mut local, "", &[("lk.transcription_final", "true")], &mut buf);
    let Value::StreamTrailer(trailer) = value(frame.expect("it fits")) else { panic!() };
    assert_eq!(local.last_sequence() as usize, chunks.len() + 2);
    (header, chunks, trailer)
}

#[test]
fn streams_are_those_of_the_sdks() {
    for len in [0, 1, 14_999, 15_000, 15_001, 100_000] {
        let content = vec![b'x'; len];
        for (is_text, mime) in [(true, "text/plain"), (false, "application/octet-stream")] {
            let (header, chunks, trailer) = sent(is_text, &content, 16_000);
            let content_header = match is_text {
                true => ContentHeader::TextHeader(Default::default()),
                false => {
                    ContentHeader::ByteHeader(data_stream::ByteHeader { name: "unknown".into() })
                }
            };
            let expected = data_stream::Header {
                stream_id: "30313233-3435-4637-b839-616263646566".into(),
                timestamp: 1_780_000_000_123,
                topic: "chat".into(),
                mime_type: mime.into(),
                total_length: Some(len as u64),
                attributes: [("unit".into(), "°C".into()), ("empty".into(), String::new())].into(),
                content_header: Some(content_header),
                ..Default::default()
            };
            assert_eq!(header, expected);
            assert_eq!(chunks.len(), len.div_ceil(MAX_CHUNK_BYTES));
            for (index, chunk) in chunks.iter().enumerate() {
                assert_eq!(
                    (chunk.chunk_index, &chunk.stream_id),
                    (index as u64, &header.stream_id)
                );
            }
            assert_eq!(chunks.concat_content(), content);
            let attributes = [("lk.transcription_final".to_owned(), "true".to_owned())].into();
            let expected = data_stream::Trailer {
                stream_id: header.stream_id,
                attributes,
                ..Default::default()
            };
            assert_eq!(trailer, expected);
        }
    }
}

trait Concat {
    fn concat_content(&self) -> Vec<u8>;
}

impl Concat for [data_stream::Chunk] {
    fn concat_content(&self) -> Vec<u8> {
        self.iter().flat_map(|chunk| chunk.content.iter().copied()).collect()
    }
}

#[test]
fn a_text_is_cut_between_characters() {
    let text = "aé€🌡".repeat(40);
    for capacity in 250..270 {
        let (_, chunks, _) = sent(true, text.as_bytes(), capacity);
        assert!(chunks.len() > 1 && chunks.iter().all(|it| str::from_utf8(&it.content).is_ok()));
        assert_eq!(chunks.concat_content(), text.as_bytes());
    }
}

#[test]
fn a_stream_has_the_bytes_that_its_header_said() {
    let mut local = Local::new();
    let mut buf = [0; 256];
    let options = StreamOptions { total_length: Some(3), ..StreamOptions::default() };
    let (mut writer, _) = local.stream_bytes(&options, [1; 16], &mut buf).expect("it fits");
    let error = SendError::StreamLength { written: 4, total: 3 };
    let result = writer.write(&mut local, &mut &b"four"[..], &mut buf);
    assert_eq!(result.map(drop), Err(error));
    writer.write(&mut local, &mut &b"ab"[..], &mut buf).expect("it fits");
    let error = SendError::StreamLength { written: 2, total: 3 };
    let result = writer.clone().close(&mut local, "", &[], &mut buf);
    assert_eq!(result.map(drop), Err(error));
    writer.close(&mut local, "the file was removed", &[], &mut buf).expect("with a reason");
}

#[test]
fn a_buffer_without_space_is_an_error() {
    let mut local = Local::new();
    let mut buf = [0; 256];
    let (mut writer, _) =
        local.stream_text(&StreamOptions::default(), [1; 16], &mut buf).expect("it fits");
    for available in 0..76 {
        let mut rest = "🌡".as_bytes();
        let result = writer.write(&mut local, &mut rest, &mut buf[..available]);
        let error = SendError::BufferTooSmall { needed: 76, available };
        assert_eq!((result.map(drop), rest.len()), (Err(error), 4));
        let result = writer.write_in_place(&mut local, &mut buf[..available.min(72)], |_| 1);
        assert!(matches!(result, Err(SendError::BufferTooSmall { .. })));
    }
    assert_eq!(local.last_sequence(), 1);
    let mut rest = "🌡".as_bytes();
    writer.write(&mut local, &mut rest, &mut buf[..76]).expect("it fits");
    let long = "x".repeat(15_000);
    let options = StreamOptions { attributes: &[("long", &long)], ..StreamOptions::default() };
    let error = local.stream_text(&options, [1; 16], &mut vec![0; 20_000]).map(drop);
    assert!(matches!(error, Err(SendError::TooLong { field: "header", max: 15_000, .. })));
}

#[test]
fn content_is_put_where_it_is_sent_from() {
    let mut local = Local::new();
    let mut buf = vec![0; 20_000];
    let options = StreamOptions { to: &["bob"], ..StreamOptions::default() };
    let (mut writer, _) = local.stream_bytes(&options, [1; 16], &mut buf).expect("it fits");
    for (index, len) in [15_000, 1, 0, 100].into_iter().enumerate() {
        let fill = |space: &mut [u8]| {
            assert_eq!(space.len(), MAX_CHUNK_BYTES);
            space[..len].fill(b'a' + index as u8);
            len
        };
        let frame = writer.write_in_place(&mut local, &mut buf, fill).expect("it fits");
        let Value::StreamChunk(chunk) = value(frame) else { panic!() };
        assert_eq!(chunk.chunk_index, index as u64);
        assert_eq!(chunk.content, vec![b'a' + index as u8; len]);
    }
}

#[test]
fn inline_content_is_in_the_header() {
    let mut local = Local::new();
    let mut buf = vec![0; 16_000];
    let options = StreamOptions { to: &["bob"], name: "a.bin", ..StreamOptions::default() };
    let text = local.send_text_inline("", &options, [1; 16], &mut buf).expect("it fits");
    let Value::StreamHeader(header) = value(text) else { panic!() };
    assert_eq!((header.inline_content, header.total_length), (Some(Vec::new()), Some(0)));
    let bytes = local.send_bytes_inline(b"12", &options, [1; 16], &mut buf).expect("it fits");
    let Value::StreamHeader(header) = value(bytes) else { panic!() };
    assert_eq!((header.inline_content, header.total_length), (Some(b"12".to_vec()), Some(2)));
    let name = data_stream::ByteHeader { name: "a.bin".into() };
    assert_eq!(header.content_header, Some(ContentHeader::ByteHeader(name)));
}

/// A frame as the server passes it on.
fn forwarded(frame: &[u8]) -> Vec<u8> {
    let sent = theirs::DataPacket::decode(frame).expect("a packet");
    packet("PA_alice0000000", sent.sequence, sent.value.expect("it has content"))
}

#[test]
fn a_stream_goes_from_device_to_device() {
    let text = "Zoë 温度 🌡 ".repeat(5_000);
    let mut local = Local::new();
    let mut buf = vec![0; 1_000];
    let options =
        StreamOptions { topic: Wanted::TOPICS[0], attributes: &[("k", "v")], ..Default::default() };
    let (mut writer, frame) = local.stream_text(&options, [1; 16], &mut buf).expect("it fits");
    let mut frames = vec![forwarded(frame)];
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        frames.push(forwarded(writer.write(&mut local, &mut rest, &mut buf).expect("it fits")));
    }
    frames.push(forwarded(writer.close(&mut local, "", &[], &mut buf).expect("it fits")));
    // Whole frames, and frames in pieces through a window.
    for window in [None, Some((128, 100)), Some((128, 1)), Some((500, 5_000))] {
        let mut device: Session<Incoming<Wanted, 1>> = Session::new();
        let (mut seen, mut is_complete) = (String::new(), false);
        for frame in &frames {
            if let Some((head, piece)) = window
                && frame.len() > head
                && let Some(part) = device.receive_window(&frame[..head], Some(frame.len()), 0)
            {
                let mut content = part.content.to_vec();
                assert_eq!((part.stream, part.offset as usize), (0, seen.len()));
                for piece in frame[head..].chunks(piece) {
                    let part = device.receive_more(piece).expect("it is of the stream");
                    assert_eq!(part.offset as usize, seen.len() + content.len());
                    content.extend(part.content);
                }
                assert!(device.receive_more(b"more").is_none());
                seen += str::from_utf8(&content).expect("whole characters");
                continue;
            }
            let (event, _) =
                device.receive(Channel::Reliable, frame, 0, &mut []).expect("a packet");
            let Some(Event::Stream(part)) = event else { panic!("{event:?}") };
            if let Some(info) = part.opened {
                assert_eq!(
                    (info.from, info.is_text, info.total_length),
                    ("pa_alice0000000", true, None)
                );
                assert_eq!(info.attributes().get("k"), Some("v"));
                assert_eq!(info.header().expect("a header").topic, "chat");
            }
            seen += part.text().expect("whole characters");
            is_complete = matches!(part.closed, Some(Closed::Complete { .. }));
        }
        assert!(is_complete && seen == text, "window {window:?}");
    }
}
