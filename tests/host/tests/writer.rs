//! Messages written field by field are those of prost; tags that are generated are those of the schema.

#![cfg(feature = "peers")]

use livekit_micro::tags::{self, data_packet, data_stream, user_packet};
use livekit_micro::{EncodeError, borrowed, from_bytes, to_range, to_slice_with};
use prost_reflect::prost::Message as _;
use testkit::peer::POOL;

#[test]
fn a_packet_written_field_by_field_is_prosts() {
    let theirs = livekit_protocol::DataPacket {
        sequence: 7,
        destination_identities: vec!["a".into(), String::new(), "b".repeat(200)],
        value: Some(livekit_protocol::data_packet::Value::User(livekit_protocol::UserPacket {
            topic: Some(String::new()),
            payload: vec![7; 300],
            ..Default::default()
        })),
        ..Default::default()
    };
    let mut buf = [0; 1024];
    let encoded = to_slice_with(&mut buf, |w| {
        w.uint32(data_packet::SEQUENCE, 7);
        for identity in theirs.destination_identities.iter().rev() {
            w.put_str(data_packet::DESTINATION_IDENTITIES, identity);
        }
        w.fields(data_packet::USER, |w| {
            w.put_str(user_packet::TOPIC, "");
            w.str(user_packet::ID, "");
            w.bytes(user_packet::PAYLOAD, &[7; 300]);
        });
    })
    .expect("it fits");
    assert_eq!(livekit_protocol::DataPacket::decode(encoded), Ok(theirs.clone()));
    assert_eq!(encoded.len(), theirs.encoded_len());
}

#[test]
fn content_that_is_in_place_is_not_copied() {
    let mut buf = [0; 64];
    buf[54..].copy_from_slice(b"0123456789");
    let encoded = to_slice_with(&mut buf, |w| {
        w.fields(data_packet::STREAM_CHUNK, |w| {
            w.bytes_in_place(data_stream::chunk::CONTENT, 10);
            w.uint64(data_stream::chunk::CHUNK_INDEX, 3);
            w.str(data_stream::chunk::STREAM_ID, "id");
        });
    })
    .expect("it fits");
    let theirs = livekit_protocol::DataPacket::decode(encoded).expect("a packet");
    let Some(livekit_protocol::data_packet::Value::StreamChunk(chunk)) = theirs.value else {
        panic!("{theirs:?}")
    };
    assert_eq!((chunk.stream_id.as_str(), chunk.chunk_index), ("id", 3));
    assert_eq!(chunk.content, b"0123456789");
}

#[test]
fn a_buffer_that_is_too_small_is_an_error_with_the_bytes_needed() {
    let write = |buf: &mut [u8]| {
        to_slice_with(buf, |w| {
            w.fields(data_packet::USER, |w| w.bytes(user_packet::PAYLOAD, b"four"))
        })
        .map(<[u8]>::len)
    };
    assert_eq!(write(&mut [0; 8]), Ok(8));
    for available in 0..8 {
        let error = EncodeError::BufferTooSmall { needed: 8, available };
        assert_eq!(write(&mut vec![0; available]), Err(error));
    }
}

#[test]
fn two_messages_share_a_buffer() {
    let mut buf = [0; 64];
    let first = to_range(&borrowed::RpcAck { request_id: "first" }, &mut buf).expect("it fits");
    assert_eq!(first, 57..64);
    let (front, back) = buf.split_at_mut(first.start);
    let second = to_range(&borrowed::RpcAck { request_id: "second" }, front).expect("it fits");
    assert_eq!(from_bytes(back), Ok(borrowed::RpcAck { request_id: "first" }));
    assert_eq!(from_bytes(&front[second]), Ok(borrowed::RpcAck { request_id: "second" }));
}

#[test]
fn generated_tags_are_those_of_the_schema() {
    let packet = POOL.get_message_by_name("livekit.DataPacket").expect("it is there");
    let highest = packet.fields().map(|field| field.number()).max();
    assert_eq!(highest, Some(data_packet::HIGHEST_NUMBER));
    for field in packet.fields() {
        let tag = field.number() << 3 | 2; // all members are messages
        let is_member = field.containing_oneof().is_some_and(|oneof| oneof.name() == "value");
        assert_eq!(data_packet::is_value(tag), is_member, "{}", field.name());
    }
    use tags::data_stream::header::{HIGHEST_NUMBER, attributes_entry};
    assert_eq!((attributes_entry::KEY, attributes_entry::VALUE, HIGHEST_NUMBER), (0x0a, 0x12, 12));
}
