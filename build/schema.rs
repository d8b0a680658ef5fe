//! The schema as plain structs, and what is asked of it.

use std::collections::{BTreeMap, BTreeSet};

/// Messages that hold themselves, so that no generator can bound them: their types are written by
/// hand (src/owned/json.rs) and keep the encoded bytes, at most `STRUCT_BYTES`.
pub const BY_HAND: [&str; 3] = ["Struct", "Value", "ListValue"];

/// The schema: every message and enum of every file, nested ones too, in file order.
pub struct Schema {
    pub files: Vec<File>,
    pub messages: Vec<Message>,
    pub enums: Vec<Enum>,
    /// Map entries, which protobuf declares as messages.
    pub entries: BTreeMap<String, Message>,
}

/// One .proto file.
pub struct File {
    /// As imported: `agent/livekit_agent_session.proto`.
    pub name: String,
    /// Full names of the messages that its services take and return.
    pub service_types: Vec<String>,
    /// Its record in the descriptor set, with tag and length.
    pub record: Vec<u8>,
}

/// A message; map entries are not among them.
pub struct Message {
    /// `livekit.DataStream.Header`
    pub name: String,
    pub package: String,
    pub file: String,
    pub fields: Vec<Field>,
    /// Names of the oneofs, those of proto3 `optional` left out.
    pub oneofs: Vec<String>,
}

/// One field.
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub repeated: bool,
    /// A proto3 `optional`.
    pub optional: bool,
    /// `(logger.sensitivity)`: 1 is personal, 2 is secret.
    pub sensitivity: u64,
}

/// What a field or a map's half holds.
#[derive(Clone, PartialEq)]
pub enum Kind {
    Text,
    Bytes,
    Number,
    Enum(String),
    Message(String),
}

impl Kind {
    /// Does one of it take as many bytes as its sender likes?
    fn has_length(&self) -> bool {
        matches!(self, Kind::Text | Kind::Bytes)
    }
}

/// What of a field needs a capacity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A scalar or a message: nothing.
    Plain,
    Text,
    Bytes,
    /// A list of messages, enums or numbers.
    List,
    /// A list of strings or `bytes`.
    Texts,
    /// A map; true where the key, the value is a string or `bytes`.
    Map {
        text_key: bool,
        text_value: bool,
    },
}

/// An enum.
pub struct Enum {
    pub name: String,
    pub package: String,
    pub file: String,
    pub comment: String,
    pub values: Vec<EnumValue>,
}

/// One value of an enum.
pub struct EnumValue {
    pub name: String,
    pub number: i32,
    pub comment: String,
}

impl Message {
    /// `Struct` for `google.protobuf.Struct`, if it is one of [`BY_HAND`].
    pub fn by_hand(&self) -> Option<&str> {
        self.name.strip_prefix("google.protobuf.").filter(|name| BY_HAND.contains(name))
    }
}

impl Schema {
    /// The message of this full name.
    pub fn message(&self, name: &str) -> Option<&Message> {
        self.messages.iter().find(|m| m.name == name)
    }

    /// The message that `message` is declared in, if any.
    pub fn parent(&self, message: &Message) -> Option<&Message> {
        self.message(message.name.rsplit_once('.')?.0)
    }

    /// The shape of `field`: what about it a capacity has to bound.
    pub fn shape(&self, field: &Field) -> Shape {
        match (&field.kind, field.repeated) {
            (Kind::Message(name), true) => match self.entries.get(name) {
                Some(entry) => Shape::Map {
                    text_key: entry.fields[0].kind.has_length(),
                    text_value: entry.fields[1].kind.has_length(),
                },
                None => Shape::List,
            },
            (kind, true) if kind.has_length() => Shape::Texts,
            (_, true) => Shape::List,
            (Kind::Text, false) => Shape::Text,
            (Kind::Bytes, false) => Shape::Bytes,
            (_, false) => Shape::Plain,
        }
    }

    /// Full names of the messages and enums that `message` refers to, through maps as well.
    pub fn references(&self, message: &Message) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for field in &message.fields {
            if let Kind::Message(name) | Kind::Enum(name) = &field.kind {
                match self.entries.get(name) {
                    Some(entry) => names.extend(self.references(entry)),
                    None => drop(names.insert(name.clone())),
                }
            }
        }
        names
    }
}
