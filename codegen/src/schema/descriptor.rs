//! Reads the schema, a compiled `FileDescriptorSet`: `protocol/livekit.binpb`.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::names;
use crate::schema::wire::{packed, push_varint, records};
use crate::schema::{Enum, EnumValue, Field, File, Kind, Message, Oneof, Schema};

/// Protobuf's own description of schemas, which options refer to: it has no place on a device.
const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// The number of the field option `(logger.sensitivity)`.
const SENSITIVITY: u64 = 1288;

/// Leading comments by the path of what they stand above.
type Comments = BTreeMap<Vec<u64>, String>;

impl Schema {
    /// Reads the compiled schema.
    pub fn read(set: &[u8]) -> Self {
        let mut schema = Schema {
            files: Vec::new(),
            messages: Vec::new(),
            enums: Vec::new(),
            entries: BTreeMap::new(),
            paths: BTreeMap::new(),
            plain: BTreeSet::new(),
        };
        for (_, value) in records(set).filter(|(number, _)| *number == 1) {
            schema.add_file(value.bytes());
        }
        let messages = schema.messages.iter().map(|message| (&message.name, &message.package));
        let enums = schema.enums.iter().map(|item| (&item.name, &item.package));
        let paths = messages.chain(enums);
        schema.paths = paths.map(|(n, package)| (n.clone(), names::path(n, package))).collect();
        let plain = schema.messages.iter().filter(|m| !m.fields.iter().any(Field::refers));
        schema.plain = plain.map(|message| message.name.clone()).collect();
        schema
    }

    fn add_file(&mut self, bytes: &[u8]) {
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
            comment: place.comment(&path),
            fields: Vec::new(),
            oneofs: Vec::new(),
        };
        let mut entry = false;
        let comment = |kind, index| place.comment(&[&path[..], &[kind, index as u64]].concat());
        for (number, value) in records(bytes) {
            match number {
                1 => message.name = place.full_name(&value.text()),
                2 => {
                    let comment = comment(2, message.fields.len());
                    message.fields.push(field(value.bytes(), comment));
                }
                7 => entry = records(value.bytes()).any(|(n, v)| n == 7 && v.number() != 0),
                8 => {
                    let mut names = records(value.bytes()).filter(|(number, _)| *number == 1);
                    let name = names.next().expect("oneofs have names").1.text();
                    let comment = comment(8, message.oneofs.len());
                    message.oneofs.push(Oneof { name, comment });
                }
                _ => {}
            }
        }
        // The oneofs that stand for proto3 `optional` come last, by protobuf's own rule.
        let synthetic = message.fields.iter().filter(|field| field.optional).count();
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

fn field(bytes: &[u8], comment: String) -> Field {
    let (mut name, mut field_number, mut label) = (String::new(), 0, 1);
    let (mut kind, mut type_name) = (0, String::new());
    let (mut optional, mut sensitivity, mut oneof, mut packed) = (false, 0, None, true);
    for (number, value) in records(bytes) {
        match number {
            1 => name = value.text(),
            3 => field_number = value.number() as u32,
            4 => label = value.number(),
            5 => kind = value.number(),
            6 => type_name = value.text().trim_start_matches('.').to_owned(),
            8 => {
                for (option, value) in records(value.bytes()) {
                    match option {
                        2 => packed = value.number() != 0,
                        SENSITIVITY => sensitivity = value.number(),
                        _ => {}
                    }
                }
            }
            9 => oneof = Some(value.number() as usize),
            17 => optional = value.number() != 0,
            _ => {}
        }
    }
    let kind = match kind {
        9 => Kind::Text,
        12 => Kind::Bytes,
        11 => Kind::Message(type_name),
        14 => Kind::Enum(type_name),
        number => Kind::Number(number_kind(number)),
    };
    Field {
        name,
        number: field_number,
        comment,
        packed: label == 3 && packed && matches!(kind, Kind::Number(_) | Kind::Enum(_)),
        kind,
        repeated: label == 3,
        optional,
        oneof: oneof.filter(|_| !optional),
        sensitivity,
    }
}

/// What protobuf calls a number of this type in a descriptor.
fn number_kind(kind: u64) -> &'static str {
    match kind {
        1 => "double",
        2 => "float",
        3 => "int64",
        4 => "uint64",
        5 => "int32",
        6 => "fixed64",
        7 => "fixed32",
        8 => "bool",
        13 => "uint32",
        15 => "sfixed32",
        16 => "sfixed64",
        17 => "sint32",
        18 => "sint64",
        other => panic!("descriptor: a field of type {other}"),
    }
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
    // Of several names of a number (`allow_alias`) prost makes a constant of the first only.
    let mut numbers = BTreeSet::new();
    values.retain(|value: &EnumValue| numbers.insert(value.number));
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
