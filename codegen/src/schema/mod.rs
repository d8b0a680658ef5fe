//! The schema as plain structs, and what is asked of it.

pub mod descriptor;
pub mod names;
pub mod wire;

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
    /// The path below a family's module of every message and enum, by full name.
    pub paths: BTreeMap<String, String>,
    /// Full names of the messages that are numbers and enums by themselves.
    pub plain: BTreeSet<String>,
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
    pub comment: String,
    pub fields: Vec<Field>,
    /// The oneofs, those of proto3 `optional` left out.
    pub oneofs: Vec<Oneof>,
}

/// A oneof.
pub struct Oneof {
    pub name: String,
    pub comment: String,
}

/// One field.
pub struct Field {
    pub name: String,
    pub number: u32,
    pub comment: String,
    pub kind: Kind,
    pub repeated: bool,
    /// Several numbers are sent in one field.
    pub packed: bool,
    /// A proto3 `optional`.
    pub optional: bool,
    /// The index of the oneof it is a member of.
    pub oneof: Option<usize>,
    /// `(logger.sensitivity)`: 1 is personal, 2 is secret.
    pub sensitivity: u64,
}

/// What a field or a map's half holds.
#[derive(Clone, PartialEq)]
pub enum Kind {
    Text,
    Bytes,
    /// `uint32`, as protobuf calls it.
    Number(&'static str),
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

/// What stands in a message: a field of its own, or a oneof with its fields.
pub enum Member<'a> {
    Field(&'a Field),
    Oneof(&'a Oneof, Vec<&'a Field>),
}

impl Member<'_> {
    /// The number that prost sorts it by.
    pub fn number(&self) -> u32 {
        match self {
            Member::Field(field) => field.number,
            Member::Oneof(_, fields) => {
                fields.iter().map(|field| field.number).min().expect("oneofs have members")
            }
        }
    }
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
    /// The full name of one of its fields.
    pub fn full_name(&self, field: &Field) -> String {
        format!("{}.{}", self.name, field.name)
    }

    /// Its fields that `keep` holds for, in the order of the schema; a oneof where its first is.
    pub fn members(&self, keep: impl Fn(&Field) -> bool) -> Vec<Member<'_>> {
        let mut members: Vec<Member<'_>> = Vec::new();
        for field in self.fields.iter().filter(|field| keep(field)) {
            let Some(oneof) = field.oneof.map(|index| &self.oneofs[index]) else {
                members.push(Member::Field(field));
                continue;
            };
            let there = members.iter_mut().find_map(|member| match member {
                Member::Oneof(other, fields) if other.name == oneof.name => Some(fields),
                _ => None,
            });
            match there {
                Some(fields) => fields.push(field),
                None => members.push(Member::Oneof(oneof, vec![field])),
            }
        }
        members
    }

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

    /// The path of a message or an enum below a family's module: `data_stream::Header`.
    pub fn path(&self, name: &str) -> &str {
        self.paths.get(name).expect("references are of the schema")
    }

    /// The path of a oneof below a family's module: `data_packet::Value`.
    pub fn oneof_path(&self, message: &Message, oneof: &Oneof) -> String {
        let modules = names::own_modules(&message.name, &message.package);
        format!("{}::{}", modules.join("::"), names::type_name(&oneof.name))
    }

    /// Does the borrowed message of this name refer to anything?
    pub fn borrows(&self, name: &str) -> bool {
        !self.plain.contains(name)
    }

    /// The entry message of a map field.
    pub fn entry(&self, field: &Field) -> Option<&Message> {
        match &field.kind {
            Kind::Message(name) => self.entries.get(name),
            _ => None,
        }
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
