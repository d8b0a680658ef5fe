//! Resolves references between messages and enums by their full names.

use crate::error::{Result, err};
use crate::schema::{Field, Kind, Schema, names};

impl Schema {
    /// Makes the maps by full name, once all files are read.
    pub(super) fn index(&mut self) {
        let indices = self.messages.iter().enumerate();
        self.indices = indices.map(|(index, message)| (message.name.clone(), index)).collect();
        let messages = self.messages.iter().map(|message| (&message.name, &message.package));
        let enums = self.enums.iter().map(|item| (&item.name, &item.package));
        let paths = messages.chain(enums);
        self.paths = paths.map(|(n, package)| (n.clone(), names::path(n, package))).collect();
        let scalar_only = self.messages.iter().filter(|m| !m.fields.iter().any(Field::refers));
        self.scalar_only = scalar_only.map(|message| message.name.clone()).collect();
    }

    /// Checks that all references lead somewhere and that map entries have a key and a value.
    pub(super) fn check(&self) -> Result<()> {
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
}
