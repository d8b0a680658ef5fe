//! Objects put together value by value, as ours and as prost's dynamic message.

use std::collections::HashMap;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_micro::owned::google::protobuf::{Json, ListValue, Struct};
use livekit_micro::{encoded_len, from_bytes, to_slice};
use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, MapKey, ReflectMessage, Value};
use testkit::difference;
use testkit::peer::POOL;

use super::parts::text;

/// How deep objects and lists go here.
const DEPTH: usize = 4;

/// Entries and items of each object and list, and bytes of each text, at most.
const ITEMS: usize = 4;
const TEXT_BYTES: usize = 24;

/// Prost finds in our bytes what was put in, and we in prost's.
pub fn agree(input: &mut Unstructured) -> Result<()> {
    let (ours, theirs) = object(input, DEPTH)?;
    let mut buf = vec![0; encoded_len(&ours)];
    let frame = to_slice(&ours, &mut buf).expect("the buffer is large enough");
    let read = DynamicMessage::decode(theirs.descriptor(), frame).expect("prost reads ours");
    assert_eq!(difference::first(&read, &theirs), None, "they read ours otherwise");
    let theirs = from_bytes::<Struct>(&theirs.encode_to_vec());
    assert_eq!(theirs, Ok(ours), "we read theirs otherwise");
    Ok(())
}

fn object(input: &mut Unstructured, depth: usize) -> Result<(Struct, DynamicMessage)> {
    let (mut ours, mut theirs) = (Struct::new(), HashMap::new());
    for _ in 0..input.int_in_range(0..=ITEMS)? {
        let key = text(input, TEXT_BYTES)?.0;
        value(input, depth, |json, value| {
            if ours.insert(&key, json).is_ok() {
                theirs.insert(MapKey::String(key), value);
            }
        })?;
    }
    Ok((ours, dynamic("Struct", "fields", Value::Map(theirs))))
}

fn list(input: &mut Unstructured, depth: usize) -> Result<(ListValue, DynamicMessage)> {
    let (mut ours, mut theirs) = (ListValue::new(), Vec::new());
    for _ in 0..input.int_in_range(0..=ITEMS)? {
        value(input, depth, |json, value| {
            if ours.push(json).is_ok() {
                theirs.push(value);
            }
        })?;
    }
    Ok((ours, dynamic("ListValue", "values", Value::List(theirs))))
}

/// Makes a value of both and hands it to `put`.
fn value(input: &mut Unstructured, depth: usize, put: impl FnOnce(Json<'_>, Value)) -> Result<()> {
    let both = |json: Json<'_>, member: &str, theirs: Value| {
        put(json, Value::Message(dynamic("Value", member, theirs)));
    };
    match input.int_in_range(0..=if depth == 0 { 3 } else { 5 })? {
        0 => both(Json::Null, "null_value", Value::EnumNumber(0)),
        1 => {
            let number: f64 = input.arbitrary()?;
            let number = if number.is_nan() { 0.0 } else { number };
            both(Json::Number(number), "number_value", Value::F64(number));
        }
        2 => {
            let text = text(input, TEXT_BYTES)?.0;
            both(Json::String(&text), "string_value", Value::String(text.clone()));
        }
        3 => {
            let is = input.arbitrary()?;
            both(Json::Bool(is), "bool_value", Value::Bool(is));
        }
        4 => {
            let (ours, theirs) = object(input, depth - 1)?;
            both(Json::Struct(ours.entries()), "struct_value", Value::Message(theirs));
        }
        _ => {
            let (ours, theirs) = list(input, depth - 1)?;
            both(Json::List(ours.items()), "list_value", Value::Message(theirs));
        }
    }
    Ok(())
}

fn dynamic(name: &str, field: &str, value: Value) -> DynamicMessage {
    let name = format!("google.protobuf.{name}");
    let descriptor = POOL.get_message_by_name(&name).expect("the schema uses it");
    let mut message = DynamicMessage::new(descriptor);
    message.set_field_by_name(field, value);
    message
}
