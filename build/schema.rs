//! Reads `protocol/livekit.binpb`, the compiled schema, into plain structs.
//!
//! A `FileDescriptorSet` uses two wire types only, so the few lines at the bottom read it; a
//! protobuf library here would cost every firmware build its compile time.

use std::collections::{BTreeMap, BTreeSet};

/// Protobuf's own description of schemas, which options refer to: it has no place on a device.
const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// Messages that hold themselves, so that no generator can bound them: their types are written by
/// hand (src/owned/json.rs) and keep the encoded bytes, at most `STRUCT_BYTES`.
pub const BY_HAND: [&str; 3] = ["Struct", "Value", "ListValue"];

/// The schema: every message and enum of every file, nested ones too, in file order.
pub struct Schema {
    pub files: Vec<File>,
    pub messages: Vec<Message>,
    pub enums: Vec<Enum>,
    entries: BTreeMap<String, Message>,
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

/// What of a field needs a capacity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A scalar or a message: nothing.
    Plain,
    Text,
    Bytes,
    /// A list of messages, enums or numbers.
    List,
    /// A list of strings.
    Texts,
    /// A map; true where the key, the value is a string.
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

type Comments = BTreeMap<Vec<u64>, String>;

impl Message {
    /// `Struct` for `google.protobuf.Struct`, if it is one of [`BY_HAND`].
    pub fn by_hand(&self) -> Option<&str> {
        self.name.strip_prefix("google.protobuf.").filter(|name| BY_HAND.contains(name))
    }
}

impl Schema {
    /// Reads a compiled `FileDescriptorSet` with source info.
    pub fn read(set: &[u8]) -> Self {
        let mut schema = Schema {
            files: Vec::new(),
            messages: Vec::new(),
            enums: Vec::new(),
            entries: BTreeMap::new(),
        };
        for (number, value) in records(set) {
            if number == 1 {
                schema.file(value.bytes());
            }
        }
        schema
    }

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
                    text_key: entry.fields[0].kind == Kind::Text,
                    text_value: entry.fields[1].kind == Kind::Text,
                },
                None => Shape::List,
            },
            (Kind::Text, true) => Shape::Texts,
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

    fn file(&mut self, bytes: &[u8]) {
        let (mut name, mut package) = (String::new(), String::new());
        let mut comments = Comments::new();
        let mut service_types = Vec::new();
        for (number, value) in records(bytes) {
            match number {
                1 => name = value.text(),
                2 => package = value.text(),
                6 => service(value.bytes(), &mut service_types),
                9 => source_info(value.bytes(), &mut comments),
                _ => {}
            }
        }
        if name == DESCRIPTOR {
            return;
        }
        let (mut messages, mut enums) = (0, 0);
        let place = Place { package: &package, file: &name, parent: None, comments: &comments };
        for (number, value) in records(bytes) {
            match number {
                4 => {
                    self.add_message(value.bytes(), &place, vec![4, messages]);
                    messages += 1;
                }
                5 => {
                    self.enums.push(enumeration(value.bytes(), &place, vec![5, enums]));
                    enums += 1;
                }
                _ => {}
            }
        }
        let mut record = vec![0x0a];
        push_varint(&mut record, bytes.len());
        record.extend_from_slice(bytes);
        self.files.push(File { name, service_types, record });
    }

    fn add_message(&mut self, bytes: &[u8], place: &Place, path: Vec<u64>) {
        let mut message = Message {
            name: String::new(),
            package: place.package.to_owned(),
            file: place.file.to_owned(),
            fields: Vec::new(),
            oneofs: Vec::new(),
        };
        let (mut entry, mut synthetic) = (false, 0);
        for (number, value) in records(bytes) {
            match number {
                1 => message.name = place.full_name(&value.text()),
                2 => {
                    let (field, optional) = field(value.bytes());
                    synthetic += usize::from(optional);
                    message.fields.push(field);
                }
                7 => entry = records(value.bytes()).any(|(n, v)| n == 7 && v.number() != 0),
                8 => message
                    .oneofs
                    .extend(records(value.bytes()).filter(|(n, _)| *n == 1).map(|(_, v)| v.text())),
                _ => {}
            }
        }
        // The oneofs that stand for proto3 `optional` come last, by protobuf's own rule.
        message.oneofs.truncate(message.oneofs.len() - synthetic);
        let name = message.name.clone();
        match entry {
            true => drop(self.entries.insert(name.clone(), message)),
            false => self.messages.push(message),
        }
        let inner = Place { parent: Some(&name), ..*place };
        let (mut messages, mut enums) = (0, 0);
        for (number, value) in records(bytes) {
            match number {
                3 => {
                    self.add_message(value.bytes(), &inner, [&path[..], &[3, messages]].concat());
                    messages += 1;
                }
                4 => {
                    let path = [&path[..], &[4, enums]].concat();
                    self.enums.push(enumeration(value.bytes(), &inner, path));
                    enums += 1;
                }
                _ => {}
            }
        }
    }
}

/// Where a message or an enum is declared.
struct Place<'a> {
    package: &'a str,
    file: &'a str,
    parent: Option<&'a str>,
    comments: &'a Comments,
}

impl Place<'_> {
    fn full_name(&self, name: &str) -> String {
        format!("{}.{name}", self.parent.unwrap_or(self.package))
    }

    fn comment(&self, path: &[u64]) -> String {
        self.comments.get(path).cloned().unwrap_or_default()
    }
}

/// The field, and whether it is a proto3 `optional`.
fn field(bytes: &[u8]) -> (Field, bool) {
    let (mut name, mut label, mut kind, mut type_name) = (String::new(), 1, 0, String::new());
    let mut optional = false;
    for (number, value) in records(bytes) {
        match number {
            1 => name = value.text(),
            4 => label = value.number(),
            5 => kind = value.number(),
            6 => type_name = value.text().trim_start_matches('.').to_owned(),
            17 => optional = value.number() != 0,
            _ => {}
        }
    }
    let kind = match kind {
        9 => Kind::Text,
        12 => Kind::Bytes,
        11 => Kind::Message(type_name),
        14 => Kind::Enum(type_name),
        _ => Kind::Number,
    };
    (Field { name, kind, repeated: label == 3 }, optional)
}

fn enumeration(bytes: &[u8], place: &Place, path: Vec<u64>) -> Enum {
    let (mut name, mut values) = (String::new(), Vec::new());
    for (number, value) in records(bytes) {
        match number {
            1 => name = value.text(),
            2 => {
                let path = [&path[..], &[2, values.len() as u64]].concat();
                let mut item =
                    EnumValue { name: String::new(), number: 0, comment: place.comment(&path) };
                for (number, value) in records(value.bytes()) {
                    match number {
                        1 => item.name = value.text(),
                        2 => item.number = value.number() as i32,
                        _ => {}
                    }
                }
                values.push(item);
            }
            _ => {}
        }
    }
    Enum {
        name: place.full_name(&name),
        package: place.package.to_owned(),
        file: place.file.to_owned(),
        comment: place.comment(&path),
        values,
    }
}

fn service(bytes: &[u8], types: &mut Vec<String>) {
    for (_, method) in records(bytes).filter(|(number, _)| *number == 2) {
        // 2 = input type, 3 = output type
        for (_, name) in records(method.bytes()).filter(|(n, _)| matches!(n, 2 | 3)) {
            types.push(name.text().trim_start_matches('.').to_owned());
        }
    }
}

/// Leading comments by the path of what they stand above.
fn source_info(bytes: &[u8], comments: &mut Comments) {
    for (_, location) in records(bytes).filter(|(number, _)| *number == 1) {
        let (mut path, mut comment) = (Vec::new(), None);
        for (number, value) in records(location.bytes()) {
            match number {
                1 => path = packed(value.bytes()),
                3 => comment = Some(value.text()),
                _ => {}
            }
        }
        if let Some(comment) = comment {
            comments.insert(path, comment);
        }
    }
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    fn number(&self) -> u64 {
        match self {
            Value::Number(n) => *n,
            Value::Bytes(_) => panic!("descriptor: a number was expected"),
        }
    }

    fn bytes(&self) -> &'a [u8] {
        match self {
            Value::Bytes(bytes) => bytes,
            Value::Number(_) => panic!("descriptor: a length-delimited field was expected"),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes().to_vec()).expect("descriptors hold UTF-8")
    }
}

/// The fields of one message on the wire, in order.
fn records(mut bytes: &[u8]) -> impl Iterator<Item = (u64, Value<'_>)> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let key = varint(&mut bytes);
        let value = match key & 7 {
            0 => Value::Number(varint(&mut bytes)),
            2 => {
                let len = varint(&mut bytes) as usize;
                let (value, rest) = bytes.split_at(len);
                bytes = rest;
                Value::Bytes(value)
            }
            other => panic!("descriptors do not use wire type {other}"),
        };
        Some((key >> 3, value))
    })
}

fn packed(mut bytes: &[u8]) -> Vec<u64> {
    std::iter::from_fn(|| (!bytes.is_empty()).then(|| varint(&mut bytes))).collect()
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().expect("the descriptor set ends early");
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

fn push_varint(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
