//! The TOML file of `LIVEKIT_MICRO_LIMITS`: a capacity for one field, or a field left out.
//!
//! ```toml
//! "livekit.UserPacket.payload" = { bytes = 4096 }
//! "livekit.DataPacket.destination_identities" = { items = 8, bytes = 40 }
//! "livekit.DataStream.Header.attributes" = { items = 2, key_bytes = 16, value_bytes = 32 }
//! "livekit.UserPacket.destination_sids" = "drop"
//! ```

use std::collections::BTreeSet;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::capacity::{Capacities, Capacity};
use super::mistake::{Result, did_you_mean, mistake};
use super::schema::Schema;

/// The most a single field may be given.
const MAX: u32 = 1 << 20;

/// Applies the file at `path` to `capacities` and returns the fields to leave out.
///
/// `generated` are the messages of the chosen features.
pub fn apply(
    path: &Path,
    schema: &Schema,
    generated: &BTreeSet<String>,
    capacities: &mut Capacities,
) -> Result<BTreeSet<String>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return mistake!("LIVEKIT_MICRO_LIMITS = {}: {error}", path.display()),
    };
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let table = match DeTable::parse(&text) {
        Ok(table) => table,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            return mistake!("{file}:{}: not TOML: {}", line(at), error.message());
        }
    };
    let mut dropped = BTreeSet::new();
    for (key, value) in table.get_ref() {
        let field = key.get_ref().to_string();
        let place = format!("{file}:{}: {field}", line(key.span().start));
        check(&place, &field, schema, generated)?;
        match value.get_ref() {
            DeValue::String(word) if word == "drop" => drop(dropped.insert(field)),
            DeValue::Table(sizes) => {
                let Some(capacity) = capacities.get_mut(&field) else {
                    return mistake!("{place}: this field has no capacity; it can only be \"drop\"");
                };
                resize(&place, capacity, sizes)?;
            }
            _ => {
                return mistake!("{place}: expected \"drop\" or capacities like {{ bytes = 64 }}");
            }
        }
    }
    Ok(dropped)
}

/// Is `field` in the schema, and in a message that is generated?
fn check(place: &str, field: &str, schema: &Schema, generated: &BTreeSet<String>) -> Result<()> {
    let known = schema.messages.iter().find(|message| {
        let rest = field.strip_prefix(&message.name).and_then(|rest| rest.strip_prefix('.'));
        rest.is_some_and(|rest| message.fields.iter().any(|f| f.name == rest))
    });
    let Some(message) = known else {
        let names: Vec<String> = schema
            .messages
            .iter()
            .flat_map(|m| m.fields.iter().map(move |f| format!("{}.{}", m.name, f.name)))
            .collect();
        let hint = did_you_mean(field, names.iter().map(String::as_str));
        return mistake!("{place}: the schema has no such field{hint}");
    };
    if !generated.contains(&message.name) {
        let feature = super::features::of_file(&message.file);
        return mistake!(
            "{place}: {} is not generated with the chosen features; feature {feature:?} has it",
            message.name
        );
    }
    Ok(())
}

/// Sets the sizes of `table`, each a part that the field has.
fn resize(place: &str, capacity: &mut Capacity, table: &DeTable) -> Result<()> {
    let parts = |capacity: &mut Capacity| {
        let Capacity { bytes, items, key_bytes, value_bytes } = *capacity;
        [("bytes", bytes), ("items", items), ("key_bytes", key_bytes), ("value_bytes", value_bytes)]
    };
    for (key, value) in table {
        let part = key.get_ref().as_ref();
        let has: Vec<_> =
            parts(capacity).iter().filter(|(_, size)| size.is_some()).map(|(name, _)| *name).collect();
        if !has.contains(&part) {
            return mistake!("{place}: this field has no {part:?}; it has {}", has.join(", "));
        }
        let number = value.get_ref().as_integer().and_then(|n| n.as_str().parse::<u32>().ok());
        let Some(number) = number.filter(|n| (1..=MAX).contains(n)) else {
            return mistake!("{place}: {part} is not a whole number from 1 to {MAX}");
        };
        match part {
            "bytes" => capacity.bytes = Some(number),
            "items" => capacity.items = Some(number),
            "key_bytes" => capacity.key_bytes = Some(number),
            _ => capacity.value_bytes = Some(number),
        }
    }
    Ok(())
}
