//! `google.protobuf.Struct`, `Value` and `ListValue`, written by hand, against prost-reflect's.

#![cfg(feature = "peers")]

use livekit_micro::borrowed::google::protobuf as borrowed;
use livekit_micro::limits::STRUCT_BYTES;
use livekit_micro::owned::google::protobuf::{Json, ListValue, Struct, Value};
use livekit_micro::{
    CapacityKind, DecodeError, Malformed, OverCapacity, encoded_len, from_bytes, to_slice, validate,
};
use prost_reflect::DynamicMessage;
use prost_reflect::prost::Message;
use testkit::peer::POOL;

/// What prost makes of a JSON text as the message `name`.
fn prost(name: &str, json: &str) -> Vec<u8> {
    let descriptor = POOL.get_message_by_name(name).expect("a message of the schema");
    let mut json = serde_json::Deserializer::from_str(json);
    DynamicMessage::deserialize(descriptor, &mut json).expect("valid JSON").encode_to_vec()
}

const OBJECT: &str = r#"{"name":"Sonde 🌡","on":true,"off":false,"nothing":null,"":0,
    "sizes":[1.5,-2,[],"x"],"deep":{"deeper":{"deepest":[{"end":"end"}]}}}"#;

#[test]
fn prosts_object_reads_as_its_json() {
    let object: Struct = from_bytes(&prost("google.protobuf.Struct", OBJECT)).unwrap();
    assert_eq!(object.entries().iter().count(), 7);
    assert_eq!(object.get("name"), Some(Json::String("Sonde 🌡")));
    assert_eq!(object.get("on"), Some(Json::Bool(true)));
    assert_eq!(object.get("off"), Some(Json::Bool(false)));
    assert_eq!(object.get("nothing"), Some(Json::Null));
    assert_eq!(object.get(""), Some(Json::Number(0.0)));
    assert_eq!(object.get("absent"), None);
    let Some(Json::List(sizes)) = object.get("sizes") else { panic!("sizes is a list") };
    let sizes: Vec<_> = sizes.iter().collect();
    assert_eq!(sizes[..2], [Json::Number(1.5), Json::Number(-2.0)]);
    assert_eq!(format!("{:?}", object.get("sizes").unwrap()), r#"[1.5, -2.0, [], "x"]"#);
    assert_eq!(
        format!("{:?}", object.get("deep").unwrap()),
        r#"{"deeper": {"deepest": [{"end": "end"}]}}"#
    );
}

#[test]
fn an_object_passes_through_byte_for_byte() {
    let frame = prost("google.protobuf.Struct", OBJECT);
    let object: Struct = from_bytes(&frame).unwrap();
    let mut buf = [0; STRUCT_BYTES];
    assert_eq!(to_slice(&object, &mut buf).unwrap(), frame);
    assert_eq!(encoded_len(&object), frame.len());
}

#[test]
fn an_object_built_here_is_the_one_prost_builds() {
    let mut list = ListValue::new();
    list.push(Json::Null).unwrap();
    list.push(Json::Number(f64::MAX)).unwrap();
    let mut inner = Struct::new();
    inner.insert("list", Json::List(list.items())).unwrap();
    let mut value = Value::new();
    value.set(Json::Struct(inner.entries())).unwrap();

    let json = format!(r#"{{"list":[null,{:e}]}}"#, f64::MAX);
    let mut buf = [0; STRUCT_BYTES];
    assert_eq!(to_slice(&value, &mut buf).unwrap(), prost("google.protobuf.Value", &json));
    assert_eq!(value.get(), Some(Json::Struct(inner.entries())));
}

#[test]
fn objects_are_equal_in_any_order_of_their_entries() {
    let object = |keys: [&str; 2]| {
        let mut object = Struct::new();
        for key in keys {
            object.insert(key, Json::String(key)).unwrap();
        }
        object
    };
    assert_eq!(object(["a", "b"]), object(["b", "a"]));
    assert_ne!(object(["a", "b"]), object(["a", "c"]));
}

#[test]
fn the_last_of_two_entries_with_one_key_counts() {
    let mut object = Struct::new();
    object.insert("k", Json::Number(1.0)).unwrap();
    object.insert("k", Json::Number(2.0)).unwrap();
    assert_eq!(object.get("k"), Some(Json::Number(2.0)));
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let mut object = Struct::new();
    object.insert("small", Json::Bool(true)).unwrap();
    let before = object.clone();
    let long = "x".repeat(STRUCT_BYTES);
    object.insert("large", Json::String(&long)).unwrap_err();
    assert_eq!(object, before);

    let frame = prost("google.protobuf.Struct", &format!(r#"{{"large":"{long}"}}"#));
    let over = OverCapacity::new(
        &"google.protobuf.Struct",
        CapacityKind::Bytes,
        frame.len(),
        STRUCT_BYTES,
    );
    let refused = DecodeError::Capacity(over);
    assert_eq!(from_bytes::<Struct>(&frame).unwrap_err(), refused);
    let received: borrowed::Struct = from_bytes(&frame).unwrap();
    assert_eq!(Struct::try_from(received).unwrap_err(), refused);
}

/// A list and its value are a message each.
#[test]
fn fifty_messages_in_one_another_are_read_and_no_more() {
    let nested = |depth: usize| {
        let json = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        prost("google.protobuf.ListValue", &json)
    };
    let (full, over) = (nested(26), nested(27));
    from_bytes::<ListValue>(&full).expect("a list in 25 lists");
    let list: borrowed::ListValue = from_bytes(&full).expect("the same, not read yet");
    validate(&list).expect("a list in 25 lists");

    // The innermost list is the 52nd message; the value that holds it is told.
    let offset = over.len() - b"\x0a\x02\x32\x00".len();
    let refused = Err(DecodeError::Malformed { kind: Malformed::Nesting, offset });
    assert_eq!(from_bytes::<ListValue>(&over).map(drop), refused);
    let list: borrowed::ListValue = from_bytes(&over).expect("its own fields are in order");
    assert_eq!(validate(&list), refused);
}

#[test]
fn malformed_content_is_refused_at_any_depth() {
    // A list whose item is a Value with a string_value (field 3) of one byte that is no UTF-8.
    let bad_text = [0x0a, 0x03, 0x1a, 0x01, 0xff];
    // The same with a length that reaches past the item.
    let bad_length = [0x0a, 0x03, 0x1a, 0x02, b'x'];
    // A list_value (field 6) with a key of field number 0.
    let bad_number = [0x0a, 0x04, 0x32, 0x02, 0x00, 0x00];
    for (frame, kind, offset) in [
        (&bad_text[..], Malformed::Utf8, 4),
        (&bad_length, Malformed::Truncated, 2),
        (&bad_number, Malformed::FieldNumber, 4),
    ] {
        let refused = Err(DecodeError::Malformed { kind, offset });
        assert_eq!(from_bytes::<ListValue>(frame).map(drop), refused);
        let list: borrowed::ListValue = from_bytes(frame).expect("its own fields are in order");
        assert_eq!(validate(&list), refused);
    }
}

#[test]
fn a_value_of_another_wire_type_is_none() {
    let number_as_varint = [0x0a, 0x02, 0x10, 0x01]; // ListValue.values = 1: number_value = 2
    let list: ListValue = from_bytes(&number_as_varint).unwrap();
    assert_eq!(list.items().iter().collect::<Vec<_>>(), [Json::Null]);
}

/// A received one of either family, and one that was built.
#[test]
fn borrowed_objects_become_owned_ones() {
    let frame = prost("google.protobuf.Struct", OBJECT);
    let received: borrowed::Struct = from_bytes(&frame).unwrap();
    let object = Struct::try_from(received).unwrap();
    assert_eq!(object, from_bytes::<Struct>(&frame).unwrap());
    assert!(object.read() == received);

    let one = borrowed::Value { kind: Some(borrowed::value::Kind::NumberValue(1.0)) };
    let built = Struct::try_from(borrowed::Struct { fields: (&[("one", one)]).into() }).unwrap();
    assert_eq!(built.get("one"), Some(Json::Number(1.0)));
}

/// Sixteen objects in one another, each with the key "" nine times: to look up every one of them
/// again at every level would never end.
#[test]
fn objects_full_of_the_same_key_are_compared_at_once() {
    let mut object: Vec<u8> = Vec::new();
    for _ in 0..16 {
        let value = [&[0x2a, object.len() as u8][..], &object].concat();
        let entry = [&[0x12, value.len() as u8][..], &value].concat();
        object = [&[0x0a, 0x00].repeat(8)[..], &[0x0a, entry.len() as u8], &entry].concat();
        if object.len() > 100 {
            break; // lengths of one byte are enough to show it
        }
    }
    let object: Struct = from_bytes(&object).unwrap();
    assert_eq!(object, object.clone());
}
