//! Reads the schema, a compiled `FileDescriptorSet`: `protocol/livekit.binpb`.
//!
//! The numbers are those of Google's `descriptor.proto`. A set that does not follow it gives an error.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Result, err};
use crate::schema::names;
use crate::schema::wire::{Value, fields, packed, push_field};
use crate::schema::{
    Enum, EnumValue, Field, File, Kind, Message, Oneof, Scalar, Schema, Sensitivity,
};

/// Protobuf's own description of schemas, which options refer to; no device needs it.
const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// The number of the field option `(logger.sensitivity)`.
const SENSITIVITY: u64 = 1288;

/// Leading comments by the path of the element that they stand above.
type Comments = BTreeMap<Vec<u64>, String>;

impl Schema {
    /// Reads a compiled schema.
    ///
    /// # Errors
    ///
    /// If it is truncated, no descriptor set, or refers to a message or an enum that it does not have.
    pub fn read(set: &[u8]) -> Result<Self> {
        let mut schema = Schema {
            files: Vec::new(),
            messages: Vec::new(),
            enums: Vec::new(),
            entries: BTreeMap::new(),
            paths: BTreeMap::new(),
            indices: BTreeMap::new(),
            scalar_only: BTreeSet::new(),
        };
        for (number, value) in fields(set)? {
            if number == 1 {
                schema.add_file(value.bytes()?)?;
            }
        }
        let indices = schema.messages.iter().enumerate();
        schema.indices = indices.map(|(index, message)| (message.name.clone(), index)).collect();
        let messages = schema.messages.iter().map(|message| (&message.name, &message.package));
        let enums = schema.enums.iter().map(|item| (&item.name, &item.package));
        let paths = messages.chain(enums);
        schema.paths = paths.map(|(n, package)| (n.clone(), names::path(n, package))).collect();
        let scalar_only = schema.messages.iter().filter(|m| !m.fields.iter().any(Field::refers));
        schema.scalar_only = scalar_only.map(|message| message.name.clone()).collect();
        schema.check()?;
        Ok(schema)
    }

    /// Checks that all references lead somewhere and that map entries have a key and a value.
    fn check(&self) -> Result<()> {
        for message in self.messages.iter().chain(self.entries.values()) {
            for field in &message.fields {
                let known = match &field.kind {
                    Kind::Message(name) => {
                        self.paths.contains_key(name) || self.entries.contains_key(name)
                    }
                    Kind::Enum(name) => self.paths.contains_key(name),
                    _ => true,
                };
                let name = message.full_name(field);
                if !known {
                    return err!("schema: {name} is of a type that the schema does not have");
                }
                if field.oneof.is_some_and(|index| index >= message.oneofs.len()) {
                    return err!("schema: {name} is of a oneof that its message does not have");
                }
            }
        }
        for entry in self.entries.values() {
            if !matches!(&entry.fields[..], [key, value] if key.number == 1 && value.number == 2) {
                return err!("schema: {} is not an entry of a map", entry.name);
            }
        }
        for name in self.files.iter().flat_map(|file| &file.service_types) {
            if self.message(name).is_none() {
                return err!("schema: a method has {name}, which the schema does not have");
            }
        }
        Ok(())
    }

    fn add_file(&mut self, bytes: &[u8]) -> Result<()> {
        let (mut name, mut package) = (String::new(), String::new());
        let mut comments = Comments::new();
        let mut service_types = Vec::new();
        let descriptor = fields(bytes)?;
        for &(number, value) in &descriptor {
            match number {
                1 => name = value.string()?,
                2 => package = value.string()?,
                6 => service(value.bytes()?, &mut service_types)?,
                9 => source_info(value.bytes()?, &mut comments)?,
                _ => {}
            }
        }
        if name == DESCRIPTOR {
            return Ok(());
        }
        if package.is_empty() {
            return err!("schema: {name:?} has no package");
        }
        let (mut messages, mut enums) = (0, 0);
        let scope = Scope { package: &package, file: &name, parent: None, comments: &comments };
        for &(number, value) in &descriptor {
            match number {
                4 => {
                    self.add_message(value.bytes()?, &scope, vec![4, messages])?;
                    messages += 1;
                }
                5 => {
                    self.enums.push(enumeration(value.bytes()?, &scope, vec![5, enums])?);
                    enums += 1;
                }
                _ => {}
            }
        }
        let mut content = Vec::new();
        for field in descriptor.into_iter().filter(|(number, _)| *number != 9) {
            push_field(&mut content, field);
        }
        let mut encoding = Vec::new();
        push_field(&mut encoding, (1, Value::Bytes(&content)));
        self.files.push(File { name, service_types, encoding });
        Ok(())
    }

    fn add_message(&mut self, bytes: &[u8], scope: &Scope, path: Vec<u64>) -> Result<()> {
        let mut message = Message {
            name: String::new(),
            package: scope.package.to_owned(),
            file: scope.file.to_owned(),
            comment: scope.comment(&path),
            fields: Vec::new(),
            oneofs: Vec::new(),
        };
        let mut is_entry = false;
        let comment = |kind, index| scope.comment(&[&path[..], &[kind, index as u64]].concat());
        let descriptor = fields(bytes)?;
        for &(number, value) in &descriptor {
            match number {
                1 => message.name = scope.full_name(&value.string()?),
                2 => {
                    let comment = comment(2, message.fields.len());
                    message.fields.push(field(value.bytes()?, comment)?);
                }
                // 7 = map_entry
                7 => is_entry = flag(value.bytes()?, 7)?,
                8 => {
                    let comment = comment(8, message.oneofs.len());
                    message.oneofs.push(Oneof { name: name(value.bytes()?, "oneof")?, comment });
                }
                _ => {}
            }
        }
        if message.name.is_empty() {
            return err!("schema: {:?} has a message without a name", scope.file);
        }
        // descriptor.proto: the oneofs that stand for a proto3 `optional` come last.
        let synthetic = message.fields.iter().filter(|field| field.optional).count();
        let Some(oneofs) = message.oneofs.len().checked_sub(synthetic) else {
            return err!("schema: {} has an `optional` field without its oneof", message.name);
        };
        message.oneofs.truncate(oneofs);
        let full_name = message.name.clone();
        match is_entry {
            true => drop(self.entries.insert(full_name.clone(), message)),
            false => self.messages.push(message),
        }
        let inner = Scope { parent: Some(&full_name), ..*scope };
        let (mut messages, mut enums) = (0, 0);
        for (number, value) in descriptor {
            match number {
                3 => {
                    let path = [&path[..], &[3, messages]].concat();
                    self.add_message(value.bytes()?, &inner, path)?;
                    messages += 1;
                }
                4 => {
                    let path = [&path[..], &[4, enums]].concat();
                    self.enums.push(enumeration(value.bytes()?, &inner, path)?);
                    enums += 1;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Where a message or an enum is declared.
struct Scope<'a> {
    package: &'a str,
    file: &'a str,
    parent: Option<&'a str>,
    comments: &'a Comments,
}

impl Scope<'_> {
    fn full_name(&self, name: &str) -> String {
        format!("{}.{name}", self.parent.unwrap_or(self.package))
    }

    fn comment(&self, path: &[u64]) -> String {
        self.comments.get(path).cloned().unwrap_or_default()
    }
}

fn field(bytes: &[u8], comment: String) -> Result<Field> {
    let (mut name, mut field_number, mut label) = (String::new(), 0, 1);
    let (mut kind, mut type_name) = (0, String::new());
    let (mut optional, mut oneof, mut packed) = (false, None, true);
    let mut sensitivity = Sensitivity::Unspecified;
    for (number, value) in fields(bytes)? {
        match number {
            1 => name = value.string()?,
            3 => field_number = value.number()? as u32,
            4 => label = value.number()?,
            5 => kind = value.number()?,
            6 => type_name = value.string()?.trim_start_matches('.').to_owned(),
            8 => {
                for (option, value) in fields(value.bytes()?)? {
                    match option {
                        2 => packed = value.number()? != 0,
                        SENSITIVITY => sensitivity = sensitivity_of(value.number()?, &name)?,
                        _ => {}
                    }
                }
            }
            9 => oneof = Some(value.number()? as usize),
            17 => optional = value.number()? != 0,
            _ => {}
        }
    }
    if name.is_empty() || field_number == 0 {
        return err!("schema: a field has no name or no number");
    }
    let kind = match kind {
        9 => Kind::String,
        12 => Kind::Bytes,
        11 => Kind::Message(type_name),
        14 => Kind::Enum(type_name),
        number => Kind::Scalar(scalar(number, &name)?),
    };
    Ok(Field {
        name,
        number: field_number,
        comment,
        packed: label == 3 && packed && matches!(kind, Kind::Scalar(_) | Kind::Enum(_)),
        kind,
        repeated: label == 3,
        optional,
        oneof: oneof.filter(|_| !optional),
        sensitivity,
    })
}

/// The values of `logger.Sensitivity`. An unknown one is an error, because logs depend on it.
fn sensitivity_of(number: u64, field: &str) -> Result<Sensitivity> {
    match number {
        0 => Ok(Sensitivity::Unspecified),
        1 => Ok(Sensitivity::Personal),
        2 => Ok(Sensitivity::Secret),
        other => err!("schema: the field {field} has the unknown sensitivity {other}"),
    }
}

/// The values of `FieldDescriptorProto.Type`.
fn scalar(number: u64, field: &str) -> Result<Scalar> {
    Ok(match number {
        1 => Scalar::Double,
        2 => Scalar::Float,
        3 => Scalar::Int64,
        4 => Scalar::Uint64,
        5 => Scalar::Int32,
        6 => Scalar::Fixed64,
        7 => Scalar::Fixed32,
        8 => Scalar::Bool,
        13 => Scalar::Uint32,
        15 => Scalar::Sfixed32,
        16 => Scalar::Sfixed64,
        17 => Scalar::Sint32,
        18 => Scalar::Sint64,
        other => return err!("schema: the field {field} has the unknown type {other}"),
    })
}

fn enumeration(bytes: &[u8], scope: &Scope, path: Vec<u64>) -> Result<Enum> {
    let mut values: Vec<EnumValue> = Vec::new();
    let descriptor = fields(bytes)?;
    for &(number, value) in &descriptor {
        if number == 2 {
            let path = [&path[..], &[2, values.len() as u64]].concat();
            let name = name(value.bytes()?, "value of an enum")?;
            let mut item = EnumValue { name, number: 0, comment: scope.comment(&path) };
            for (number, value) in fields(value.bytes()?)? {
                if number == 2 {
                    item.number = value.number()? as i32;
                }
            }
            values.push(item);
        }
    }
    // Of several names of a number (`allow_alias`) prost makes a constant of the first only.
    let mut numbers = BTreeSet::new();
    values.retain(|value: &EnumValue| numbers.insert(value.number));
    Ok(Enum {
        name: scope.full_name(&name(bytes, "enum")?),
        package: scope.package.to_owned(),
        file: scope.file.to_owned(),
        comment: scope.comment(&path),
        values,
    })
}

/// Returns field 1 of a descriptor, which is its name in all of them.
fn name(bytes: &[u8], what: &str) -> Result<String> {
    match fields(bytes)?.into_iter().find(|(number, _)| *number == 1) {
        Some((_, value)) => value.string(),
        None => err!("schema: a {what} has no name"),
    }
}

/// Returns the bool of this number in a message of options.
fn flag(options: &[u8], flag: u64) -> Result<bool> {
    let last = fields(options)?.into_iter().rfind(|(number, _)| *number == flag);
    last.map_or(Ok(false), |(_, value)| Ok(value.number()? != 0))
}

fn service(bytes: &[u8], types: &mut Vec<String>) -> Result<()> {
    for (_, method) in fields(bytes)?.into_iter().filter(|(number, _)| *number == 2) {
        // 2 = input type, 3 = output type
        for (_, name) in fields(method.bytes()?)?.into_iter().filter(|(n, _)| matches!(n, 2 | 3)) {
            types.push(name.string()?.trim_start_matches('.').to_owned());
        }
    }
    Ok(())
}

fn source_info(bytes: &[u8], comments: &mut Comments) -> Result<()> {
    for (_, location) in fields(bytes)?.into_iter().filter(|(number, _)| *number == 1) {
        let (mut path, mut comment) = (Vec::new(), None);
        for (number, value) in fields(location.bytes()?)? {
            match number {
                1 => path = packed(value.bytes()?)?,
                3 => comment = Some(value.string()?),
                _ => {}
            }
        }
        if let Some(comment) = comment {
            comments.insert(path, comment);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Shape;

    static LIVEKIT: &[u8] = include_bytes!("../../../protocol/livekit.binpb");

    /// A length-delimited field.
    fn sub(number: u8, content: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, content.len() as u8], content].concat()
    }

    /// A file of the package `p` with these further fields.
    fn file(content: &[u8]) -> Vec<u8> {
        sub(1, &[sub(1, b"p.proto"), sub(2, b"p"), content.to_vec()].concat())
    }

    /// A field `f` with number 1, this type and this type name.
    fn field_of(kind: u8, type_name: &[u8]) -> Vec<u8> {
        [sub(1, b"f"), vec![0x18, 1, 0x20, 1, 0x28, kind], sub(6, type_name)].concat()
    }

    fn error(set: &[u8]) -> String {
        Schema::read(set).err().expect("the schema is broken").to_string()
    }

    #[test]
    fn livekits_schema_is_read() {
        let schema = Schema::read(LIVEKIT).unwrap();
        let of_google = schema.messages.iter().filter(|m| m.package == "google.protobuf").count();
        assert_eq!(schema.messages.len() - of_google, 535);
        let packet = schema.message("livekit.UserPacket").unwrap();
        let payload = packet.fields.iter().find(|field| field.name == "payload").unwrap();
        assert_eq!((payload.number, &payload.kind), (2, &Kind::Bytes));
        assert_eq!(schema.shape(payload), Shape::Bytes);
        let topic = packet.fields.iter().find(|field| field.name == "topic").unwrap();
        assert!(topic.optional && topic.oneof.is_none());
        let header = schema.message("livekit.DataStream.Header").unwrap();
        let attributes = header.fields.iter().find(|field| field.name == "attributes").unwrap();
        assert_eq!(schema.shape(attributes), Shape::Map { key_bytes: true, value_bytes: true });
        assert_eq!(schema.path("livekit.DataStream.Header"), "data_stream::Header");
    }

    #[test]
    fn truncation_is_an_error_wherever_it_is() {
        // Every place in the first bytes, then some: the set has 430 KB.
        let places = (1..200).chain((200..LIVEKIT.len()).step_by(9973));
        for len in places {
            assert_eq!(
                error(&LIVEKIT[..len]),
                "schema: truncated; compile it again with tools/schema",
                "{len} bytes"
            );
        }
    }

    #[test]
    fn a_schema_that_is_no_descriptor_set_is_an_error() {
        assert!(Schema::read(b"syntax = \"proto3\";").is_err());
        assert_eq!(error(&sub(1, &sub(1, b"p.proto"))), "schema: \"p.proto\" has no package");
        let unnamed = file(&sub(4, &[]));
        assert_eq!(error(&unnamed), "schema: \"p.proto\" has a message without a name");
        let varint_name = file(&sub(4, &[0x08, 1]));
        assert_eq!(
            error(&varint_name),
            "schema: expected a length-delimited field, found a varint"
        );
    }

    #[test]
    fn a_reference_outside_the_schema_is_an_error() {
        for kind in [11, 14] {
            let message = [sub(1, b"M"), sub(2, &field_of(kind, b".p.N"))].concat();
            assert_eq!(
                error(&file(&sub(4, &message))),
                "schema: p.M.f is of a type that the schema does not have"
            );
        }
        let method = sub(6, &sub(2, &sub(2, b".p.Request")));
        assert_eq!(
            error(&file(&method)),
            "schema: a method has p.Request, which the schema does not have"
        );
    }

    #[test]
    fn oneofs_map_entries_and_types_that_do_not_exist_are_errors() {
        let of_oneof = |more: &[u8]| {
            let field = [&field_of(5, b"")[..], more].concat();
            file(&sub(4, &[sub(1, b"M"), sub(2, &field)].concat()))
        };
        assert_eq!(
            error(&of_oneof(&[0x48, 0])),
            "schema: p.M.f is of a oneof that its message does not have"
        );
        assert_eq!(
            error(&of_oneof(&[0x88, 0x01, 1])),
            "schema: p.M has an `optional` field without its oneof"
        );
        assert_eq!(
            error(&of_oneof(&[0x42, 3, 0xc0, 0x50, 3])),
            "schema: the field f has the unknown sensitivity 3"
        );
        let group = file(&sub(4, &[sub(1, b"M"), sub(2, &field_of(10, b".p.M"))].concat()));
        assert_eq!(error(&group), "schema: the field f has the unknown type 10");
        let entry = file(&sub(4, &[sub(1, b"E"), sub(7, &[0x38, 1])].concat()));
        assert_eq!(error(&entry), "schema: p.E is not an entry of a map");
    }
}
