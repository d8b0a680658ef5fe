//! Descriptors as plain facts, so that two sets can be compared whole and a difference be read:
//!
//! ```text
//! livekit_models.proto: message_type.UserPacket.field.payload.number = 2
//! ```
//!
//! Nothing here knows what a message or a field is: whatever a descriptor says becomes a fact,
//! custom options too. What has a name is keyed by it, and the order of such things is a fact of
//! its own. Left out are comments with their places in the text, where a map's entry type stands
//! among the nested types, and options that are there but empty: protoc and protox differ in those.

use std::collections::BTreeMap;

use prost_reflect::{DynamicMessage, FileDescriptor, Value};

/// What a descriptor set says, by what it says it of.
pub type Facts = BTreeMap<String, String>;

/// Everything that `file` says.
pub fn of(file: &FileDescriptor) -> Facts {
    let descriptor = file
        .parent_pool()
        .get_message_by_name("google.protobuf.FileDescriptorProto")
        .expect("custom options import descriptor.proto");
    let mut message = DynamicMessage::decode(descriptor, file.encode_to_vec().as_slice())
        .expect("a file that the pool has just written");
    message.clear_field_by_name("source_code_info");
    let mut facts = Facts::new();
    collect(&format!("{}: ", file.name()), &message, &mut facts);
    facts
}

/// Every fact that only one side has or that the sides disagree on: `what: old → new`.
pub fn differences(old: &Facts, new: &Facts) -> Vec<String> {
    let nothing = String::from("nothing");
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    names
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| {
            let value = |facts: &Facts| facts.get(name).unwrap_or(&nothing).clone();
            format!("{name}: {} → {}", value(old), value(new))
        })
        .collect()
}

fn collect(place: &str, message: &DynamicMessage, facts: &mut Facts) {
    let own = message.fields().map(|(field, value)| (field.name().to_owned(), value));
    let custom = message.extensions().map(|(field, value)| (field.full_name().to_owned(), value));
    for (name, value) in own.chain(custom) {
        let place = format!("{place}{name}");
        match value {
            Value::Message(part) => collect(&format!("{place}."), part, facts),
            Value::List(items) if items.iter().any(|item| item.as_message().is_some()) => {
                let parts: Vec<&DynamicMessage> =
                    items.iter().filter_map(Value::as_message).collect();
                list(&place, &parts, facts);
            }
            value => drop(facts.insert(place, plain(value))),
        }
    }
}

fn list(place: &str, parts: &[&DynamicMessage], facts: &mut Facts) {
    let mut order = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let key = match part.get_field_by_name("name") {
            Some(name) => name.as_str().expect("names are text").to_owned(),
            None => index.to_string(), // a reserved range
        };
        collect(&format!("{place}.{key}."), part, facts);
        if !is_map_entry(part) {
            order.push(key);
        }
    }
    if !order.is_empty() {
        facts.insert(place.to_owned(), order.join(", "));
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Bool(set) => set.to_string(),
        Value::I32(number) | Value::EnumNumber(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        other => format!("{other:?}"),
    }
}

fn is_map_entry(message: &DynamicMessage) -> bool {
    let options = message.get_field_by_name("options");
    let options = options.as_ref().and_then(|options| options.as_message());
    options.is_some_and(|options| {
        options.get_field_by_name("map_entry").is_some_and(|set| set.as_bool() == Some(true))
    })
}
