//! Whether a message fits the capacities of this build.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use livekit_micro::limits::{self, FIELDS, Field};
use prost_reflect::prost::Message;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, MapKey, MessageDescriptor, ReflectMessage, Value,
};

static BY_NAME: LazyLock<BTreeMap<&str, &Field>> =
    LazyLock::new(|| FIELDS.iter().map(|field| (field.name, field)).collect());

/// The capacities of a field, if it has any.
pub fn limit(field: &FieldDescriptor) -> Option<&'static Field> {
    BY_NAME.get(field.full_name()).copied()
}

/// The first field of `message` that holds more than this build can take: its full name, how much
/// it holds and how much fits.
pub fn first_over(message: &DynamicMessage) -> Option<String> {
    if is_bounded_as_a_whole(message) {
        let (len, most) = (message.encoded_len(), limits::STRUCT_BYTES);
        let name = message.descriptor().full_name().to_owned();
        return (len > most).then(|| format!("{name}: {len} of {most} bytes"));
    }
    message.fields().find_map(|(field, value)| {
        let limit = limit(&field);
        let over = |what: &str, len: usize, most: Option<usize>| {
            let most = most?;
            (len > most).then(|| format!("{}: {len} of {most} {what}", field.full_name()))
        };
        let inside = |value: &Value, most: Option<usize>| match value {
            Value::String(text) => over("bytes", text.len(), most),
            Value::Bytes(bytes) => over("bytes", bytes.len(), most),
            Value::Message(message) => first_over(message),
            _ => None,
        };
        match value {
            Value::List(items) => over("items", items.len(), limit?.items)
                .or_else(|| items.iter().find_map(|item| inside(item, limit?.bytes))),
            Value::Map(entries) => over("entries", entries.len(), limit?.items).or_else(|| {
                entries.iter().find_map(|(key, value)| {
                    let key = match key {
                        MapKey::String(key) => over("key bytes", key.len(), limit?.key_bytes),
                        _ => None,
                    };
                    key.or_else(|| inside(value, limit?.value_bytes))
                })
            }),
            value => inside(value, limit.and_then(|limit| limit.bytes)),
        }
    })
}

/// The messages that have one bound for all that is in them.
pub const JSON: [&str; 3] =
    ["google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue"];

pub fn is_json(descriptor: &MessageDescriptor) -> bool {
    JSON.contains(&descriptor.full_name())
}

pub fn is_bounded_as_a_whole(message: &DynamicMessage) -> bool {
    is_json(&message.descriptor())
}
