//! Reads the schema, a compiled `FileDescriptorSet`: `protocol/livekit.binpb`.
//!
//! The numbers are those of Google's `descriptor.proto`. A set that does not follow it gives an error.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Result, err};
use crate::schema::wire::{Value, fields, packed, push_field};
use crate::schema::{Enum, EnumValue, File, Message, Oneof, Schema, field};

/// Protobuf's own description of schemas, which options refer to; no device needs it.
const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

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
        schema.index();
        schema.check()?;
        Ok(schema)
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
                    message.fields.push(field::read(value.bytes()?, comment)?);
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
