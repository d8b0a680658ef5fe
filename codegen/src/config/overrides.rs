//! The TOML file of `LIVEKIT_MICRO_LIMITS`: a capacity for one field, or a field left out.
//!
//! ```toml
//! "livekit.UserPacket.payload" = { bytes = 4096 }
//! "livekit.DataPacket.destination_identities" = { items = 8, bytes = 40 }
//! "livekit.DataStream.Header.attributes" = { items = 2, key_bytes = 16, value_bytes = 32 }
//! "livekit.UserPacket.destination_sids" = "drop"
//! ```

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::config::capacity::{Capacities, Capacity, fields};
use crate::config::error::{Result, did_you_mean, mistake};
use crate::config::features;
use crate::config::knobs::LIMITS_FILE;
use crate::schema::{Message, Schema};

/// The most a single field may be given; beyond them rustc runs out of memory, long after a device.
const MAX_BYTES: u32 = 1 << 20;
const MAX_ITEMS: u32 = 1 << 12;

/// Applies the file at `path` to `capacities` and returns the fields to leave out.
///
/// `generated` are the messages of the chosen features.
pub fn apply(
    path: &Path,
    schema: &Schema,
    generated: &BTreeSet<String>,
    capacities: &mut Capacities,
) -> Result<BTreeSet<String>> {
    let text = read(path)?;
    let source = Source { path, text: &text };
    let table = match DeTable::parse(&text) {
        Ok(table) => table,
        Err(error) => {
            let place = source.line(error.span().unwrap_or_default());
            return mistake!("{place}: not TOML: {}", error.message().replace('\n', ", "));
        }
    };
    let mut dropped = BTreeSet::new();
    for (key, value) in table.get_ref() {
        let field = key.get_ref().to_string();
        let place = format!("{}: {field}", source.line(key.span()));
        if !field.contains('.') && value.get_ref().is_table() {
            return mistake!(
                "{place} is no field; quote it: \"livekit.UserPacket.payload\" = {{ bytes = 64 }}"
            );
        }
        let message = message_of(&place, &field, schema)?;
        check(&place, message, generated)?;
        match value.get_ref() {
            DeValue::String(word) if word == "drop" => drop(dropped.insert(field)),
            DeValue::Table(sizes) => {
                let Some(capacity) = capacities.get_mut(&field) else {
                    return mistake!("{place} has no capacity; it can only be \"drop\"");
                };
                resize(&place, &source, capacity, sizes)?;
            }
            _ => {
                let value = source.quote(value.span());
                return mistake!(
                    "{place} = {value}: expected \"drop\" or capacities like {{ bytes = 64 }}"
                );
            }
        }
    }
    Ok(dropped)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).or_else(|error| {
        let shown = path.display();
        match error.kind() {
            // A build script runs in the folder of its package, where no firmware keeps its files.
            ErrorKind::NotFound if path.is_relative() => mistake!(
                "{LIMITS_FILE} = {shown}: no such file; .cargo/config.toml makes a path absolute with \
                 {LIMITS_FILE} = {{ value = \"{shown}\", relative = true }}"
            ),
            ErrorKind::NotFound => mistake!("{LIMITS_FILE} = {shown}: no such file"),
            _ => mistake!("{LIMITS_FILE} = {shown}: {error}"),
        }
    })
}

/// The file, for messages that say where.
struct Source<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    /// `limits.toml:3`
    fn line(&self, span: Range<usize>) -> String {
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        let line = self.text[..span.start].matches('\n').count() + 1;
        format!("{file}:{line}")
    }

    /// What is written there.
    fn quote(&self, span: Range<usize>) -> String {
        self.text[span].replace('\n', " ")
    }
}

/// The message that has `field`.
fn message_of<'a>(place: &str, field: &str, schema: &'a Schema) -> Result<&'a Message> {
    let known = schema.messages.iter().find(|message| {
        let rest = field.strip_prefix(&message.name).and_then(|rest| rest.strip_prefix('.'));
        rest.is_some_and(|rest| message.fields.iter().any(|f| f.name == rest))
    });
    let Some(message) = known else {
        let names: Vec<String> = fields(schema).map(|(name, _)| name).collect();
        let hint = did_you_mean(field, names.iter().map(String::as_str));
        return mistake!("{place}: the schema has no such field{hint}");
    };
    Ok(message)
}

/// Is `message` generated, and by the generator?
fn check(place: &str, message: &Message, generated: &BTreeSet<String>) -> Result<()> {
    let name = &message.name;
    if message.by_hand().is_some() {
        return mistake!("{place}: {name} is bounded as a whole, by LIVEKIT_MICRO_STRUCT_BYTES");
    }
    if generated.contains(name) {
        return Ok(());
    }
    match message.file.starts_with("google/") {
        true => mistake!("{place}: no message of the chosen features refers to {name}"),
        false => {
            let feature = features::of_file(&message.file);
            mistake!(
                "{place}: {name} is not in the chosen features; it comes with feature {feature:?}"
            )
        }
    }
}

/// Sets the sizes of `table`, each a part that the field has.
fn resize(place: &str, source: &Source, capacity: &mut Capacity, table: &DeTable) -> Result<()> {
    for (key, value) in table {
        let part = key.get_ref().as_ref();
        let Capacity { bytes, items, key_bytes, value_bytes } = capacity;
        let mut parts = [
            ("bytes", bytes),
            ("items", items),
            ("key_bytes", key_bytes),
            ("value_bytes", value_bytes),
        ];
        let Some((_, size)) = parts.iter_mut().find(|(name, size)| *name == part && size.is_some())
        else {
            let has = parts.iter().filter(|(_, size)| size.is_some()).map(|(name, _)| *name);
            let has: Vec<_> = has.collect();
            return mistake!("{place} has no {part:?}; it has {}", has.join(", "));
        };
        let number =
            value.get_ref().as_integer().map(|n| i128::from_str_radix(n.as_str(), n.radix()));
        let max = if part == "items" { MAX_ITEMS } else { MAX_BYTES };
        let written = source.quote(value.span());
        match number {
            Some(Ok(number)) if (1..=i128::from(max)).contains(&number) => {
                **size = Some(number as u32);
            }
            Some(_) => {
                return mistake!(
                    "{place}: {part} = {written} is out of range; it takes 1 to {max}"
                );
            }
            None => {
                return mistake!(
                    "{place}: {part} = {written} is not a whole number; it takes 1 to {max}"
                );
            }
        }
    }
    Ok(())
}
