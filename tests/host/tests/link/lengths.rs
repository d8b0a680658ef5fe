//! Packets that are longer than the device's memory.

use livekit_micro::data::Channel;
use livekit_protocol::data_packet::Value;
use livekit_protocol::data_stream;

use crate::lab::{Lab, SIZES, Told, packet, user};

#[test]
fn chunks_of_a_stream_are_read_in_parts_and_other_packets_are_told() {
    let mut lab = Lab::connected(&SIZES);
    let content: Vec<u8> = (0..15_000u32).map(|n| (n / 7) as u8).collect();
    let header = data_stream::Header {
        stream_id: "one".into(),
        topic: "file".into(),
        total_length: Some(content.len() as u64),
        content_header: Some(data_stream::header::ContentHeader::ByteHeader(Default::default())),
        ..Default::default()
    };
    let (stream_id, part) = ("one".to_owned(), content.clone());
    let chunk = data_stream::Chunk { stream_id, content: part, ..Default::default() };
    let trailer = data_stream::Trailer { stream_id: "one".into(), ..Default::default() };
    let values = [
        Value::StreamHeader(header),
        Value::StreamChunk(chunk),
        user(&[5; 3_000]),
        Value::StreamTrailer(trailer),
        user(b"and on"),
    ];
    let lens: Vec<usize> = (1..)
        .zip(values)
        .map(|(sequence, value)| {
            let packet = packet(sequence, value);
            assert!(lab.bridge.forward(Channel::Reliable, &packet));
            packet.len()
        })
        .collect();
    lab.until(|lab| lab.received() == [b"and on"]);
    let mut received = Vec::new();
    for told in &lab.told {
        if let Told::Content(part) = told {
            received.extend_from_slice(part);
        }
    }
    assert!(received == content, "{} bytes", received.len());
    let too_long = format!("Reliable {} is too long", lens[2]);
    assert!(lab.told.contains(&Told::Other(too_long)));
}
