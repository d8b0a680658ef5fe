//! `google.protobuf.Struct`, `Value` and `ListValue`, which hold each other and are bounded as a
//! whole: by `STRUCT_BYTES` encoded bytes, and by 16 values in one another.

use std::collections::HashMap;

use livekit_micro::limits::STRUCT_BYTES;
use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, MapKey, MessageDescriptor, Value};

use super::{Fields, Maker, Sizes};

/// Values that may be nested in the outermost message.
const DEPTH: usize = 16;

impl Maker {
    pub(super) fn json(&mut self, descriptor: &MessageDescriptor) -> DynamicMessage {
        match self.recipe.sizes {
            _ if self.recipe.fields == Fields::None => DynamicMessage::new(descriptor.clone()),
            Sizes::Empty => DynamicMessage::new(descriptor.clone()),
            Sizes::Full => fullest(descriptor),
            Sizes::One | Sizes::Any => loop {
                let message = self.tree(descriptor, 4);
                if message.encoded_len() <= STRUCT_BYTES {
                    return message;
                }
            },
        }
    }

    /// One of the three messages, with at most `depth` values in one another. Nothing in it has to
    /// differ from its default: their bytes are kept as they came.
    fn tree(&mut self, descriptor: &MessageDescriptor, depth: usize) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        let (field, value) = match descriptor.name() {
            "Value" => {
                // The last two members hold values; one more turn than members leaves it empty.
                let members = descriptor.fields().len();
                let turn = self.rng.usize(..if depth == 0 { members - 2 } else { members + 1 });
                let Some(field) = descriptor.fields().nth(turn) else { return message };
                let kind = field.kind();
                let value = match kind.as_message() {
                    Some(inside) => Value::Message(self.tree(inside, depth)),
                    None => self.single(&kind, 12, 0),
                };
                (field, value)
            }
            name => {
                let field = descriptor.fields().next().expect("it has one");
                let kind = field.kind();
                let item = kind.as_message().expect("it holds values").clone();
                let count = if depth == 0 { 0 } else { self.rng.usize(..=3) };
                let value = if name == "ListValue" {
                    Value::List(
                        (0..count).map(|_| Value::Message(self.tree(&item, depth - 1))).collect(),
                    )
                } else {
                    let value = item.map_entry_value_field().kind();
                    let value = value.as_message().expect("objects hold values");
                    let mut entries = HashMap::new();
                    for _ in 0..count {
                        let key = MapKey::String(self.text(8));
                        entries.insert(key, Value::Message(self.tree(value, depth - 1)));
                    }
                    Value::Map(entries)
                };
                (field, value)
            }
        };
        message.set_field(&field, value);
        message
    }
}

/// As deep as allowed, or as `STRUCT_BYTES` allow, and then filled up with text.
fn fullest(descriptor: &MessageDescriptor) -> DynamicMessage {
    let fits = |message: &DynamicMessage| message.encoded_len() <= STRUCT_BYTES;
    let depth = (1..=DEPTH).rev().find(|&depth| fits(&chain(descriptor, depth, 0))).unwrap_or(1);
    let spare = STRUCT_BYTES - chain(descriptor, depth, 0).encoded_len();
    let filled = (0..=spare).rev().map(|text| chain(descriptor, depth, text)).find(fits);
    filled.expect("without text it fits")
}

/// Values in one another, `depth` of them below the outermost message, objects and lists in turn;
/// `text` letters in the innermost.
fn chain(descriptor: &MessageDescriptor, depth: usize, text: usize) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    let inside = |name: &str| {
        let field = descriptor.get_field_by_name(name).expect("google.protobuf has it");
        field.kind().as_message().expect("it holds values").clone()
    };
    match descriptor.name() {
        "Value" if depth == 0 => {
            message.set_field_by_name("string_value", Value::String("x".repeat(text)));
        }
        "Value" => {
            let name = if depth.is_multiple_of(2) { "struct_value" } else { "list_value" };
            message.set_field_by_name(name, Value::Message(chain(&inside(name), depth, text)));
        }
        "ListValue" => {
            let value = Value::Message(chain(&inside("values"), depth - 1, text));
            message.set_field_by_name("values", Value::List(vec![value]));
        }
        _ => {
            let kind = inside("fields").map_entry_value_field().kind();
            let value = chain(kind.as_message().expect("objects hold values"), depth - 1, text);
            let entry = (MapKey::String("k".to_owned()), Value::Message(value));
            message.set_field_by_name("fields", Value::Map(HashMap::from([entry])));
        }
    }
    message
}
