//! micropb's traits for owned messages: sizes, merging, and errors of the reader and the writer.

#![cfg(feature = "peers")]

use livekit_micro::limits::STRUCT_BYTES;
use livekit_micro::owned::{DataPacket, ParticipantInfo, UserPacket, data_packet};
use micropb::{DecodeError, MessageDecode, MessageEncode, PbDecoder, PbEncoder, PbRead, PbWrite};
use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, Value};
use testkit::fits;
use testkit::micropb::Pieces;
use testkit::peer::POOL;
use testkit::ways::WAYS;

/// Every message, filled to its capacities with the values that take most bytes, is as long as
/// `MAX_SIZE` says when prost encodes it, and is decoded.
#[test]
fn max_size_is_the_length_of_the_fullest_message() {
    for ways in WAYS {
        let descriptor = POOL.get_message_by_name(ways.name).expect("ours are the schema's");
        let fullest = fullest(&descriptor).encode_to_vec();
        assert_eq!(ways.max_size, Ok(fullest.len()), "{}", ways.name);
        let again = (ways.micropb)(&fullest);
        assert_eq!(again.map(|again| again.len()), Ok(fullest.len()), "{}", ways.name);
    }
}

fn fullest(descriptor: &MessageDescriptor) -> DynamicMessage {
    if fits::is_json(descriptor) {
        // An unknown field fills it, with a tag of one byte and a length of two.
        let mut encoded = vec![15 << 3 | 2, 0, 0];
        encoded.resize(STRUCT_BYTES, 0);
        let len = STRUCT_BYTES - 3;
        encoded[1..3].copy_from_slice(&[len as u8 | 0x80, (len >> 7) as u8]);
        return DynamicMessage::decode(descriptor.clone(), &*encoded).expect("a valid message");
    }
    let mut message = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields().filter(is_own) {
        message.set_field(&field, fullest_value(&field));
    }
    for oneof in descriptor.oneofs().filter(|oneof| !oneof.is_synthetic()) {
        let with = |field: &FieldDescriptor| {
            let mut with = message.clone();
            with.set_field(field, fullest_value(field));
            with
        };
        let candidates = oneof.fields().map(|field| with(&field));
        message = candidates.max_by_key(Message::encoded_len).expect("oneofs have members");
    }
    message
}

/// Returns `true` if the field is no member of a oneof of the schema's.
fn is_own(field: &FieldDescriptor) -> bool {
    field.containing_oneof().is_none_or(|oneof| oneof.is_synthetic())
}

fn fullest_value(field: &FieldDescriptor) -> Value {
    let limit = fits::limit(field);
    let items = limit.and_then(|limit| limit.items).unwrap_or(1);
    if let Kind::Message(entry) = field.kind()
        && field.is_map()
    {
        let limit = limit.expect("maps have capacities");
        let entries = (0..items).map(|index| {
            let key = match longest(&entry.map_entry_key_field(), limit.key_bytes) {
                Value::String(text) => {
                    let len = text.len();
                    MapKey::String(format!("{index:a>len$}"))
                }
                Value::I32(_) => MapKey::I32(-1 - index as i32),
                Value::I64(_) => MapKey::I64(-1 - index as i64),
                Value::U32(max) => MapKey::U32(max - index as u32),
                Value::U64(max) => MapKey::U64(max - index as u64),
                key => panic!("no map has the key {key:?}"),
            };
            (key, longest(&entry.map_entry_value_field(), limit.value_bytes))
        });
        return Value::Map(entries.collect());
    }
    let value = longest(field, limit.and_then(|limit| limit.bytes));
    if field.is_list() { Value::List(vec![value; items]) } else { value }
}

/// The longest single value.
fn longest(field: &FieldDescriptor, bytes: Option<usize>) -> Value {
    let bytes = || bytes.expect("strings and bytes have capacities");
    match field.kind() {
        Kind::String => Value::String("a".repeat(bytes())),
        Kind::Bytes => Value::Bytes(vec![0xff; bytes()].into()),
        Kind::Bool => Value::Bool(true),
        Kind::Double => Value::F64(f64::NAN),
        Kind::Float => Value::F32(f32::NAN),
        Kind::Int32 | Kind::Sfixed32 => Value::I32(-1),
        Kind::Sint32 => Value::I32(i32::MIN),
        Kind::Int64 | Kind::Sfixed64 => Value::I64(-1),
        Kind::Sint64 => Value::I64(i64::MIN),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(u32::MAX),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(u64::MAX),
        Kind::Enum(_) => Value::EnumNumber(-1),
        Kind::Message(inner) => Value::Message(fullest(&inner)),
    }
}

#[test]
fn decoding_merges_into_what_the_message_holds() {
    let mut packet = UserPacket::new();
    packet.decode_from_bytes(b"\x12\x021.\x22\x04unit").expect("valid");
    packet.decode_from_bytes(b"\x12\x0221").expect("valid");
    assert_eq!((&*packet.payload, packet.topic.as_deref()), (&b"21"[..], Some("unit")));
}

#[test]
fn default_received_second_replaces_the_first() {
    let mut packet = UserPacket::new();
    packet.decode_from_bytes(b"\x12\x021.\x12\x00").expect("valid");
    assert!(packet.payload.is_empty());
}

#[test]
fn map_entries_without_key_or_value_are_kept() {
    let mut info = ParticipantInfo::new();
    info.decode_from_bytes(b"\x7a\x03\x0a\x01a\x7a\x03\x12\x01b\x7a\x00").expect("valid");
    let attributes: Vec<_> =
        info.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(attributes, [("a", ""), ("", "")]);
}

#[test]
fn bool_is_read_from_all_bits_of_its_varint() {
    let mut info = ParticipantInfo::new();
    // is_publisher = 13: only bit 35 is set.
    info.decode_from_bytes(b"\x68\x80\x80\x80\x80\x80\x01").expect("valid");
    assert!(info.is_publisher);
}

#[test]
fn unknown_groups_and_other_wire_types_are_skipped() {
    let mut packet = UserPacket::new();
    // Group 100 with a group in it; payload (2) as a varint; topic.
    packet
        .decode_from_bytes(b"\xa3\x06\x08\x01\x0b\x12\x01a\x0c\xa4\x06\x10\x05\x22\x01t")
        .expect("valid");
    let mut expected = UserPacket::new();
    expected.topic = Some("t".try_into().expect("it fits"));
    assert_eq!(packet, expected);
}

#[test]
fn groups_that_do_not_end_as_they_began_are_errors() {
    let decode = |encoded: &[u8]| UserPacket::new().decode_from_bytes(encoded);
    assert_eq!(decode(b"\xa4\x06"), Err(DecodeError::Deprecation));
    assert_eq!(decode(b"\xa3\x06\x0c"), Err(DecodeError::Deprecation));
    assert_eq!(decode(b"\xa3\x06"), Err(DecodeError::WrongLen));
    assert_eq!(decode(&[0x0b; 17]), Err(DecodeError::NestingLimit));
}

#[test]
fn tags_out_of_range_are_errors() {
    let decode = |encoded: &[u8]| UserPacket::new().decode_from_bytes(encoded);
    assert_eq!(decode(b"\x02\x00"), Err(DecodeError::ZeroField));
    assert_eq!(decode(b"\x92\x80\x80\x80\x10\x00"), Err(DecodeError::VarIntLimit));
    assert_eq!(decode(b"\x0e\x00"), Err(DecodeError::UnknownWireType));
}

#[test]
fn only_the_length_that_is_given_is_read() {
    let encoded = b"\x12\x021.\x22\x04unit";
    let mut decoder = PbDecoder::new(Pieces(encoded));
    let (mut first, mut second) = (UserPacket::new(), UserPacket::new());
    first.decode(&mut decoder, 4).expect("valid");
    second.decode(&mut decoder, 6).expect("valid");
    assert_eq!((&*first.payload, second.topic.as_deref()), (&b"1."[..], Some("unit")));

    let decode = |len| UserPacket::new().decode(&mut PbDecoder::new(Pieces(encoded)), len);
    assert_eq!(decode(3), Err(DecodeError::WrongLen));
    assert_eq!(decode(11), Err(DecodeError::UnexpectedEof));
}

#[test]
fn items_over_capacity_are_dropped_only_if_the_decoder_says_so() {
    // destination_identities = 6, of which two fit, and the topic.
    let encoded = b"\x32\x01a\x32\x01b\x32\x01c\x22\x01t";
    let mut packet = UserPacket::new();
    assert_eq!(packet.decode_from_bytes(encoded), Err(DecodeError::Capacity));

    let (mut packet, mut decoder) = (UserPacket::new(), PbDecoder::new(Pieces(encoded)));
    decoder.ignore_repeated_cap_err = true;
    packet.decode(&mut decoder, encoded.len()).expect("no error is left");
    assert_eq!(packet.destination_identities, ["a", "b"]);
    assert_eq!(packet.topic.as_deref(), Some("t"));
}

#[test]
fn error_of_the_reader_ends_decoding() {
    struct Broken;
    impl PbRead for Broken {
        type Error = &'static str;
        fn pb_read_chunk(&mut self) -> Result<&[u8], Self::Error> {
            Err("no carrier")
        }
        fn pb_advance(&mut self, _: usize) {}
    }
    let result = DataPacket::new().decode(&mut PbDecoder::new(Broken), 5);
    assert_eq!(result, Err(DecodeError::Reader("no carrier")));
}

#[test]
fn error_of_the_writer_ends_encoding() {
    /// Takes so many writes.
    struct Full(usize);
    impl PbWrite for Full {
        type Error = &'static str;
        fn pb_write(&mut self, _: &[u8]) -> Result<(), Self::Error> {
            self.0 = self.0.checked_sub(1).ok_or("full")?;
            Ok(())
        }
    }
    let mut packet = DataPacket::new();
    let mut user = UserPacket::new();
    user.payload.extend_from_slice(b"21.5").expect("it fits");
    packet.value = Some(data_packet::Value::User(user));
    for writes in 0.. {
        let mut encoder = PbEncoder::new(Full(writes));
        match packet.encode(&mut encoder) {
            Ok(()) => return assert_eq!(writes, 5),
            Err(error) => assert_eq!((error, encoder.into_writer().0), ("full", 0)),
        }
    }
}
