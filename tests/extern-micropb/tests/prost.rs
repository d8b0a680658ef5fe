//! The firmware's message beside prost-reflect, which reads the same .proto files.

use std::sync::LazyLock;

use extern_micropb::firmware::{Stored, Stored_};
use extern_micropb::{Error, load, store};
use livekit_micro::owned::{DataPacket, RpcAck, UserPacket, data_packet, data_stream};
use micropb::MessageEncode;
use prost_reflect::prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

static STORED: LazyLock<MessageDescriptor> = LazyLock::new(|| {
    let set = include_bytes!(concat!(env!("OUT_DIR"), "/set.binpb"));
    let pool = DescriptorPool::decode(set.as_slice()).expect("protox wrote it");
    pool.get_message_by_name("firmware.Stored").expect("it is in firmware.proto")
});

/// The same message twice.
fn stored() -> (Stored, DynamicMessage) {
    let user = |payload: &[u8], topic: &str| UserPacket {
        payload: payload.try_into().expect("it fits"),
        topic: Some(topic.try_into().expect("it fits")),
        start_time: Some(u64::MAX),
        ..Default::default()
    };
    let mut stored = Stored { attempts: 300, kind: data_packet::Kind(7), ..Default::default() };
    stored.set_next(user(b"21.5", "temperature"));
    stored.set_operation(data_stream::OperationType::Delete);
    stored.last = Some(Stored_::Last::Packet(DataPacket {
        participant_identity: "käfer".try_into().expect("it fits"),
        sequence: 9,
        value: Some(data_packet::Value::User(user(b"\0\xff", ""))),
        ..Default::default()
    }));
    for payload in [&b""[..], &[0xa5; 200]] {
        stored.waiting.push(user(payload, "w")).expect("two fit");
    }
    for (key, id) in [("a", "1"), ("b", "")] {
        let ack = RpcAck { request_id: id.try_into().expect("it fits") };
        stored.acks.insert(key.try_into().expect("it fits"), ack).expect("four fit");
    }
    let text = format!(
        r#"attempts: 300, kind: 7, operation: DELETE
        next {{ payload: "21.5", topic: "temperature", start_time: 18446744073709551615 }}
        packet {{ participant_identity: "käfer", sequence: 9
            user {{ payload: "\000\377", topic: "", start_time: 18446744073709551615 }} }}
        waiting {{ topic: "w", start_time: 18446744073709551615 }}
        waiting {{ payload: "{}", topic: "w", start_time: 18446744073709551615 }}
        acks {{ key: "a", value {{ request_id: "1" }} }}
        acks {{ key: "b", value {{}} }}"#,
        r"\245".repeat(200)
    );
    let message = DynamicMessage::parse_text_format(STORED.clone(), &text).expect("valid text");
    (stored, message)
}

#[test]
fn what_is_stored_is_what_prost_encodes() {
    let (stored, message) = stored();
    let mut pages = [[0; 16]; 64];
    let len = store(&stored, &mut pages).expect("it fits");
    assert_eq!(len, stored.compute_size());
    assert_eq!(len, message.encoded_len());
    let again = DynamicMessage::decode(STORED.clone(), &pages.as_flattened()[..len]);
    assert_eq!(again.expect("it is valid"), message);
}

#[test]
fn what_prost_encodes_is_loaded_page_by_page() {
    let (stored, message) = stored();
    let mut pages = [[0; 16]; 64];
    let encoded = message.encode_to_vec();
    pages.as_flattened_mut()[..encoded.len()].copy_from_slice(&encoded);
    let mut loaded = Stored::default();
    load(&mut loaded, &pages, encoded.len()).expect("it is valid");
    assert_eq!(loaded, stored);
    assert_eq!(load(&mut loaded, &pages, encoded.len() - 1), Err(Error::Damaged));
}

#[test]
fn storage_that_is_full_is_an_error() {
    let (stored, _) = stored();
    assert_eq!(store(&stored, &mut [[0; 16]; 4]), Err(Error::Full));
}

#[test]
fn max_size_counts_the_messages_of_livekit() {
    let packet = <DataPacket as MessageEncode>::MAX_SIZE.expect("it has one");
    let stored = <Stored as MessageEncode>::MAX_SIZE.expect("it has one");
    let user = <UserPacket as MessageEncode>::MAX_SIZE.expect("it has one");
    assert!(stored > packet + 3 * user);
}
