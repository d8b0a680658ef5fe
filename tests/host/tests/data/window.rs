//! Frames that are larger than the receive buffer.

use livekit_micro::data::{Channel, Event, Incoming, Session, StreamError};
use livekit_protocol::data_packet::Value;

use crate::frames::{End, Wanted, chunk, header, packet, part as part_of, trailer};

#[test]
fn only_chunks_are_read_through_a_window() {
    let mut device: Session<Incoming<Wanted, 1>> = Session::new();
    let frame = packet("PA_a", 1, Value::StreamHeader(header("a")));
    assert!(device.receive_window(&frame[..frame.len() - 1], Some(frame.len()), 0).is_none());
    assert_eq!(device.skipped(), 1);
    let (event, _) = device.receive(Channel::Reliable, &frame, 0, &mut []).expect("a packet");
    assert!(event.is_some());
    // A chunk that skips one ends the stream, also in pieces.
    let chunk = packet("PA_a", 2, chunk("a", 1, &[b'x'; 500]));
    let part = device.receive_window(&chunk[..128], Some(chunk.len()), 0).expect("it is over");
    assert_eq!(part_of(&part).closed, Some(End::Failed(StreamError::MissedChunk)));
    assert!(device.receive_more(&chunk[128..]).is_none());
    assert_eq!(device.skipped(), 1);
}

#[test]
fn a_chunk_whose_end_does_not_come_ends_its_stream() {
    // What comes instead, and what that says.
    for (instead, error) in [
        (chunk("a", 1, b"next"), StreamError::MissedChunk),
        (trailer("a", ""), StreamError::Incomplete),
    ] {
        let mut device: Session<Incoming<Wanted, 1>> = Session::new();
        let header = packet("PA_a", 1, Value::StreamHeader(header("a")));
        device.receive(Channel::Reliable, &header, 0, &mut []).expect("a packet");
        let frame = packet("PA_a", 2, chunk("a", 0, &[b'x'; 500]));
        let first =
            device.receive_window(&frame[..128], Some(frame.len()), 0).expect("of the stream");
        let second = device.receive_more(&frame[128..200]).map(|it| part_of(&it));
        assert_eq!(second.expect("of the stream").content, [b'x'; 72]);
        let given = first.content.len() + 72;
        // What follows of another frame is not taken for this chunk's.
        assert!(device.receive_window(b"\0", Some(1_000), 0).is_none());
        assert!(device.receive_more(&frame[200..]).is_none());
        let instead = packet("PA_a", 3, instead);
        let (event, _) = device.receive(Channel::Reliable, &instead, 0, &mut []).expect("a packet");
        let Some(Event::Stream(last)) = event else { panic!("{event:?}") };
        assert_eq!((last.offset as usize, last.content.len()), (given, 0));
        assert_eq!(part_of(&last).closed, Some(End::Failed(error)));
    }
}
