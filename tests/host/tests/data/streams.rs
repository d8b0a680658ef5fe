//! Streams that are received: the rules of LiveKit's SDKs, one test a rule.

use livekit_micro::data::{Session, StreamError};
use livekit_protocol::data_packet::Value;
use livekit_protocol::data_stream;

use crate::frames::*;

const ALICE: &str = "PA_alice0000000";
const BOB: &str = "PA_bob000000000";

/// A device, and what becomes of Alice's packets.
struct Lab {
    device: Device,
    sequence: u32,
    now_ms: u64,
}

impl Lab {
    fn new() -> Self {
        Self { device: Session::new(), sequence: 0, now_ms: 0 }
    }

    fn of(&mut self, sid: &str, value: Value) -> Seen {
        self.sequence += 1;
        let (seen, replies) =
            receive(&mut self.device, &packet(sid, self.sequence, value), self.now_ms);
        assert_eq!(replies, [], "streams are not acknowledged");
        seen
    }

    fn alice(&mut self, value: Value) -> Seen {
        self.of(ALICE, value)
    }

    /// Opens a stream of this id.
    fn opened(id: &str) -> Self {
        let mut lab = Self::new();
        assert_eq!(lab.alice(Value::StreamHeader(header(id))), open(0));
        lab
    }
}

fn open(stream: usize) -> Seen {
    Seen::Stream(Part { stream, opened: true, ..Part::default() })
}

fn content(offset: u32, content: &[u8]) -> Seen {
    Seen::Stream(Part { offset, content: content.into(), ..Part::default() })
}

fn closed(offset: u32, end: End) -> Seen {
    Seen::Stream(Part { offset, closed: Some(end), ..Part::default() })
}

fn refused(error: StreamError) -> Seen {
    let closed = Some(End::Failed(error));
    Seen::Stream(Part { stream: 2, opened: true, closed, ..Part::default() })
}

fn complete() -> End {
    End::Complete(Vec::new())
}

#[test]
fn header_unknown_compression() {
    let mut lab = Lab::new();
    let unknown = data_stream::Header { compression: 7, ..header("a") };
    assert_eq!(lab.alice(Value::StreamHeader(unknown)), Seen::Nothing);
    // One that is known, which this build does not read, is told.
    let deflate = data_stream::Header { compression: 1, ..header("a") };
    assert_eq!(lab.alice(Value::StreamHeader(deflate)), refused(StreamError::Compressed));
    assert_eq!(lab.alice(chunk("a", 0, b"x")), Seen::Nothing);
}

#[test]
fn header_with_neither_text_nor_byte() {
    let mut lab = Lab::new();
    let neither = data_stream::Header { content_header: None, ..header("a") };
    assert_eq!(lab.alice(Value::StreamHeader(neither)), Seen::Nothing);
}

#[test]
fn header_for_a_topic_nobody_registered() {
    let mut lab = Lab::new();
    let other = data_stream::Header { topic: "chatter".into(), ..header("a") };
    assert_eq!(lab.alice(Value::StreamHeader(other)), Seen::Nothing);
    assert_eq!(lab.alice(chunk("a", 0, b"x")), Seen::Nothing);
    assert_eq!(lab.alice(trailer("a", "")), Seen::Nothing);
}

#[test]
fn header_id_already_open() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.alice(chunk("a", 0, b"one")), content(0, b"one"));
    assert_eq!(lab.alice(Value::StreamHeader(header("a"))), Seen::Nothing);
    assert_eq!(lab.alice(chunk("a", 1, b"two")), content(3, b"two"));
    assert_eq!(lab.alice(trailer("a", "")), closed(6, complete()));
}

#[test]
fn id_reused_after_trailer() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.alice(trailer("a", "")), closed(0, complete()));
    assert_eq!(lab.alice(Value::StreamHeader(header("a"))), open(0));
    assert_eq!(lab.alice(chunk("a", 0, b"x")), content(0, b"x"));
}

#[test]
fn total_length_over_the_limit() {
    for total in [1_000_001, u64::from(u32::MAX), u64::MAX] {
        let mut lab = Lab::new();
        let long = data_stream::Header { total_length: Some(total), ..header("a") };
        assert_eq!(lab.alice(Value::StreamHeader(long)), refused(StreamError::PayloadTooLarge));
    }
    // And without a total: counted.
    let mut lab = Lab::opened("a");
    for index in 0..66 {
        let at = u32::try_from(index * 15_000).unwrap();
        assert_eq!(lab.alice(chunk("a", index, &[7; 15_000])), content(at, &[7; 15_000]));
    }
    let over = closed(990_000, End::Failed(StreamError::PayloadTooLarge));
    assert_eq!(lab.alice(chunk("a", 66, &[7; 15_000])), over);
}

#[test]
fn chunk_unknown_id() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.alice(chunk("b", 0, b"x")), Seen::Nothing);
}

#[test]
fn chunk_index_below_expected() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.alice(chunk("a", 0, b"one")), content(0, b"one"));
    assert_eq!(lab.alice(chunk("a", 0, b"one")), Seen::Nothing);
    assert_eq!(lab.alice(chunk("a", 1, b"two")), content(3, b"two"));
}

#[test]
fn chunk_index_above_expected() {
    for first in [1, 2, u64::from(u32::MAX), u64::MAX] {
        let mut lab = Lab::opened("a");
        let missed = closed(0, End::Failed(StreamError::MissedChunk));
        assert_eq!(lab.alice(chunk("a", first, b"x")), missed, "{first}");
        assert_eq!(lab.alice(chunk("a", 0, b"x")), Seen::Nothing, "it is over");
    }
}

#[test]
fn empty_chunk() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.alice(chunk("a", 0, b"")), Seen::Nothing);
    assert_eq!(lab.alice(chunk("a", 1, b"x")), content(0, b"x"));
}

#[test]
fn sum_above_total_length() {
    let mut lab = Lab::new();
    let five = data_stream::Header { total_length: Some(5), ..header("a") };
    assert_eq!(lab.alice(Value::StreamHeader(five)), open(0));
    assert_eq!(lab.alice(chunk("a", 0, b"abc")), content(0, b"abc"));
    let over = closed(3, End::Failed(StreamError::LengthExceeded));
    assert_eq!(lab.alice(chunk("a", 1, b"def")), over);
}

#[test]
fn trailer_sum_below_total_length() {
    let mut lab = Lab::new();
    let five = data_stream::Header { total_length: Some(5), ..header("a") };
    assert_eq!(lab.alice(Value::StreamHeader(five)), open(0));
    assert_eq!(lab.alice(chunk("a", 0, b"abc")), content(0, b"abc"));
    assert_eq!(lab.alice(trailer("a", "")), closed(3, End::Failed(StreamError::Incomplete)));
}

#[test]
fn trailer_with_reason() {
    let mut lab = Lab::new();
    let five = data_stream::Header { total_length: Some(5), ..header("a") };
    assert_eq!(lab.alice(Value::StreamHeader(five)), open(0));
    let aborted = closed(0, End::Aborted("no space".into()));
    assert_eq!(lab.alice(trailer("a", "no space")), aborted);
    assert_eq!(lab.alice(trailer("a", "no space")), Seen::Nothing);
}

#[test]
fn trailer_attributes() {
    let mut lab = Lab::opened("a");
    let last = data_stream::Trailer {
        stream_id: "a".into(),
        attributes: [("lk.transcription_final".to_owned(), "true".to_owned())].into(),
        ..Default::default()
    };
    let end = End::Complete(vec![("lk.transcription_final".into(), "true".into())]);
    assert_eq!(lab.alice(Value::StreamTrailer(last)), closed(0, end));
}

#[test]
fn text_chunk_not_whole_utf8() {
    let mut lab = Lab::opened("a");
    let (one, two) = "é".as_bytes().split_at(1);
    assert_eq!(lab.alice(chunk("a", 0, one)), content(0, one));
    assert_eq!(lab.alice(chunk("a", 1, two)), content(1, two));
}

#[test]
fn inline_shorter_or_longer_than_total_length() {
    for (total, error) in [(4, StreamError::LengthExceeded), (6, StreamError::Incomplete)] {
        let mut lab = Lab::new();
        let inline = data_stream::Header {
            inline_content: Some(b"12345".to_vec()),
            total_length: Some(total),
            ..header("a")
        };
        assert_eq!(lab.alice(Value::StreamHeader(inline)), refused(error));
    }
}

#[test]
fn inline_content_present_also_if_it_is_empty() {
    for (inline, total) in [(&b""[..], Some(0)), (b"12345", Some(5)), (b"12345", None)] {
        let mut lab = Lab::new();
        let header = data_stream::Header {
            inline_content: Some(inline.to_vec()),
            total_length: total,
            topic: "file".into(),
            content_header: Some(
                data_stream::header::ContentHeader::ByteHeader(Default::default()),
            ),
            ..header("a")
        };
        let (content, closed) = (inline.to_vec(), Some(complete()));
        let whole = Part { stream: 2, topic: 1, opened: true, content, offset: 0, closed };
        assert_eq!(lab.alice(Value::StreamHeader(header)), Seen::Stream(whole));
    }
}

#[test]
fn chunk_or_trailer_from_another_participant_with_that_id() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.of(BOB, chunk("a", 0, b"injected")), Seen::Nothing);
    assert_eq!(lab.of(BOB, trailer("a", "")), Seen::Nothing);
    assert_eq!(lab.alice(chunk("a", 0, b"x")), content(0, b"x"));
    // Bob may have a stream with the same id.
    assert_eq!(lab.of(BOB, Value::StreamHeader(header("a"))), open(1));
}

#[test]
fn sender_leaves() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.of(BOB, Value::StreamHeader(header("b"))), open(1));
    let left = |lab: &mut Lab| seen(lab.device.participant_left("alice", ALICE));
    assert_eq!(left(&mut lab), closed(0, End::Failed(StreamError::ParticipantLeft)));
    assert_eq!(left(&mut lab), Seen::Nothing);
    assert_eq!(lab.alice(chunk("a", 0, b"x")), Seen::Nothing);
    let part = Part { stream: 1, content: b"x".to_vec(), ..Part::default() };
    assert_eq!(lab.of(BOB, chunk("b", 0, b"x")), Seen::Stream(part));
}

#[test]
fn room_closes_or_full_reconnect() {
    let mut lab = Lab::opened("a");
    let over = closed(0, End::Failed(StreamError::Disconnected));
    assert_eq!(seen(lab.device.reset()), over);
    assert_eq!(seen(lab.device.reset()), Seen::Nothing);
    // Alice has another sid now, and counts from 1.
    lab.sequence = 0;
    assert_eq!(lab.alice(Value::StreamHeader(header("a"))), open(0));
}

#[test]
fn resume() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.alice(chunk("a", 0, b"one")), content(0, b"one"));
    // The server sends what it is not sure of again.
    lab.sequence -= 1;
    assert_eq!(lab.alice(chunk("a", 0, b"one")), Seen::Nothing);
    assert_eq!(lab.alice(chunk("a", 1, b"two")), content(3, b"two"));
}

#[test]
fn no_trailer_ever() {
    let mut lab = Lab::opened("a");
    lab.now_ms = 20_000;
    assert_eq!(lab.alice(chunk("a", 0, b"x")), content(0, b"x"));
    assert_eq!(lab.device.poll_in(25_000), Some(25_000));
    assert_eq!(seen(lab.device.poll(49_999)), Seen::Nothing);
    let over = closed(1, End::Failed(StreamError::TimedOut));
    assert_eq!(seen(lab.device.poll(50_000)), over);
    assert_eq!(lab.device.poll_in(50_000), None);
}

#[test]
fn more_streams_than_there_is_space_for() {
    let mut lab = Lab::opened("a");
    assert_eq!(lab.alice(Value::StreamHeader(header("b"))), open(1));
    let full = refused(StreamError::TooManyStreams);
    assert_eq!(lab.alice(Value::StreamHeader(header("c"))), full);
    assert_eq!(lab.alice(trailer("a", "")), closed(0, complete()));
    assert_eq!(lab.alice(Value::StreamHeader(header("c"))), open(0));
}
