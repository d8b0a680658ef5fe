//! The schema as plain structs, and the questions that the generators ask.

mod descriptor;
mod field;
pub mod names;
mod references;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

/// Messages of the package `google.protobuf` that contain themselves, which a fixed capacity cannot
/// bound. Their types are hand-written (src/owned/json.rs) and keep at most `STRUCT_BYTES` of encoding.
pub const HAND_WRITTEN: [&str; 3] = ["Struct", "Value", "ListValue"];

/// The schema: every message and enum of every file, nested ones too, in file order.
pub struct Schema {
    pub files: Vec<File>,
    pub messages: Vec<Message>,
    pub enums: Vec<Enum>,
    /// The messages that protobuf declares for the entries of maps, by full name.
    pub entries: BTreeMap<String, Message>,
    /// The path below a family's module of every message and enum, by full name.
    pub paths: BTreeMap<String, String>,
    /// The place of each message in `messages`, by full name.
    indices: BTreeMap<String, usize>,
    /// Full names of the messages that have scalar and enum fields only.
    pub scalar_only: BTreeSet<String>,
}

/// One .proto file.
pub struct File {
    /// As imported: `agent/livekit_agent_session.proto`.
    pub name: String,
    /// Full names of the request and response messages of its services.
    pub service_types: Vec<String>,
    /// Its field in the descriptor set, with tag and length, without comments.
    pub encoding: Vec<u8>,
}

/// A message; map entries are not among them.
pub struct Message {
    /// `livekit.DataStream.Header`
    pub name: String,
    pub package: String,
    pub file: String,
    pub comment: String,
    pub fields: Vec<Field>,
    /// The oneofs, without those that stand for a proto3 `optional`.
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
    /// A list of numbers that is encoded as one length-delimited field.
    pub packed: bool,
    /// A proto3 `optional`.
    pub optional: bool,
    /// The index of the oneof it is a member of.
    pub oneof: Option<usize>,
    pub sensitivity: Sensitivity,
}

/// The field option `(logger.sensitivity)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sensitivity {
    Unspecified,
    Personal,
    Secret,
}

/// The type of a field, of a map's key or of its value.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    String,
    Bytes,
    Scalar(Scalar),
    /// The full name of the enum.
    Enum(String),
    /// The full name of the message.
    Message(String),
}

impl Kind {
    /// Returns `true` if a capacity in bytes has to bound one value.
    fn has_length(&self) -> bool {
        matches!(self, Kind::String | Kind::Bytes)
    }
}

/// The scalar types of protobuf that have a fixed size in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scalar {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    Uint32,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
}

/// The parts of a field that need a capacity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A scalar, an enum or a message: no capacity.
    Plain,
    String,
    Bytes,
    /// A list of messages, enums or scalars.
    List,
    /// A list of strings or `bytes`.
    Strings,
    /// A map; each flag is set if the key or the value is a string or `bytes`.
    Map {
        key_bytes: bool,
        value_bytes: bool,
    },
}

/// A member of a message's struct: a field, or a oneof with its fields.
pub enum Member<'a> {
    Field(&'a Field),
    Oneof(&'a Oneof, Vec<&'a Field>),
}

impl Member<'_> {
    /// Returns the number that prost sorts members by.
    pub fn number(&self) -> u32 {
        match self {
            Member::Field(field) => field.number,
            Member::Oneof(_, fields) => {
                fields.iter().map(|field| field.number).min().expect("made with its first field")
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
    /// Returns the full name of a field.
    pub fn full_name(&self, field: &Field) -> String {
        format!("{}.{}", self.name, field.name)
    }

    /// Returns the fields that `keep` selects, in the order of the schema. A oneof stands at the place
    /// of its first field.
    pub fn members(&self, keep: impl Fn(&Field) -> bool) -> Vec<Member<'_>> {
        let mut members: Vec<Member<'_>> = Vec::new();
        for field in self.fields.iter().filter(|field| keep(field)) {
            let Some(oneof) = field.oneof.map(|index| &self.oneofs[index]) else {
                members.push(Member::Field(field));
                continue;
            };
            let existing = members.iter_mut().find_map(|member| match member {
                Member::Oneof(other, fields) if other.name == oneof.name => Some(fields),
                _ => None,
            });
            match existing {
                Some(fields) => fields.push(field),
                None => members.push(Member::Oneof(oneof, vec![field])),
            }
        }
        members
    }

    /// Returns the name below `google.protobuf` if the message is one of [`HAND_WRITTEN`].
    pub fn hand_written(&self) -> Option<&str> {
        self.name.strip_prefix("google.protobuf.").filter(|name| HAND_WRITTEN.contains(name))
    }
}

impl Schema {
    /// Returns the message of this full name.
    pub fn message(&self, name: &str) -> Option<&Message> {
        self.indices.get(name).map(|&index| &self.messages[index])
    }

    /// Returns the path of a message or an enum below a family's module: `data_stream::Header`.
    pub fn path(&self, name: &str) -> &str {
        self.paths.get(name).expect("Schema::read checks every reference")
    }

    /// Returns the path of a oneof below a family's module: `data_packet::Value`.
    pub fn oneof_path(&self, message: &Message, oneof: &Oneof) -> String {
        let modules = names::own_modules(&message.name, &message.package);
        format!("{}::{}", modules.join("::"), names::type_name(&oneof.name))
    }

    /// Returns `true` if the borrowed message has a lifetime.
    pub fn borrows(&self, name: &str) -> bool {
        !self.scalar_only.contains(name)
    }

    /// Returns the entry message of a map field: a field `key` and a field `value`.
    pub fn entry(&self, field: &Field) -> Option<&Message> {
        match &field.kind {
            Kind::Message(name) => self.entries.get(name),
            _ => None,
        }
    }

    /// Returns the message that `message` is declared in.
    pub fn parent(&self, message: &Message) -> Option<&Message> {
        self.message(message.name.rsplit_once('.')?.0)
    }

    /// Returns which parts of `field` need a capacity.
    pub fn shape(&self, field: &Field) -> Shape {
        match (&field.kind, field.repeated) {
            (Kind::Message(name), true) => match self.entries.get(name) {
                Some(entry) => Shape::Map {
                    key_bytes: entry.fields[0].kind.has_length(),
                    value_bytes: entry.fields[1].kind.has_length(),
                },
                None => Shape::List,
            },
            (kind, true) if kind.has_length() => Shape::Strings,
            (_, true) => Shape::List,
            (Kind::String, false) => Shape::String,
            (Kind::Bytes, false) => Shape::Bytes,
            (_, false) => Shape::Plain,
        }
    }

    /// Returns the full names of the messages and enums that `message` refers to, also through maps.
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
