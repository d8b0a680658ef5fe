//! The TOML file of `LIVEKIT_MICRO_LIMITS`: a capacity for one field, or a field left out.
//!
//! ```toml
//! "livekit.UserPacket.payload" = { bytes = 4096 }
//! "livekit.DataPacket.destination_identities" = { items = 8, bytes = 40 }
//! "livekit.DataStream.Header.attributes" = { items = 2, key_bytes = 16, value_bytes = 32 }
//! "livekit.UserPacket.destination_sids" = "drop"
//! ```
//!
//! `"drop"` removes the field from the owned message: when it is received it is skipped like an unknown
//! field, and it is never sent. The borrowed message keeps it.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::config::capacity::{Capacities, Capacity, fields};
use crate::config::features;
use crate::config::knobs::LIMITS_FILE;
use crate::error::{Result, did_you_mean, err};
use crate::schema::{Message, Schema};

/// The largest capacity of a field. Beyond it rustc runs out of memory, long after a device does.
const MAX_BYTES: u32 = 1 << 20;
const MAX_ITEMS: u32 = 1 << 12;

/// Applies the file at `path` to `capacities` and returns the fields to drop.
///
/// `generated` are the messages of the chosen features.
pub fn apply(
    path: &Path,
    schema: &Schema,
    generated: &BTreeSet<String>,
    capacities: &mut Capacities,
) -> Result<BTreeSet<String>> {
    apply_text(&Source { path, text: &read(path)? }, schema, generated, capacities)
}

fn apply_text(
    source: &Source,
    schema: &Schema,
    generated: &BTreeSet<String>,
    capacities: &mut Capacities,
) -> Result<BTreeSet<String>> {
    let table = match DeTable::parse(source.text) {
        Ok(table) => table,
        Err(error) => {
            let place = source.line(error.span().unwrap_or_default());
            return err!("{place}: not TOML: {}", error.message().replace('\n', ", "));
        }
    };
    let mut dropped = BTreeSet::new();
    for (key, value) in table.get_ref() {
        let field = key.get_ref().to_string();
        let place = format!("{}: {field}", source.line(key.span()));
        if !field.contains('.') && value.get_ref().is_table() {
            return err!(
                "{place} is not a field; quote it: \"livekit.UserPacket.payload\" = {{ bytes = 64 }}"
            );
        }
        let message = message_of(&place, &field, schema)?;
        check(&place, message, generated)?;
        match value.get_ref() {
            DeValue::String(word) if word == "drop" => drop(dropped.insert(field)),
            DeValue::Table(sizes) => {
                let Some(capacity) = capacities.get_mut(&field) else {
                    return err!("{place} has no capacity; it can only be \"drop\"");
                };
                resize(&place, source, capacity, sizes)?;
            }
            _ => {
                let value = source.quote(value.span());
                return err!(
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
            ErrorKind::NotFound if path.is_relative() => err!(
                "{LIMITS_FILE} = {shown}: not found; .cargo/config.toml makes a path absolute with \
                 {LIMITS_FILE} = {{ value = \"{shown}\", relative = true }}"
            ),
            ErrorKind::NotFound => err!("{LIMITS_FILE} = {shown}: not found"),
            _ => err!("{LIMITS_FILE} = {shown}: {error}"),
        }
    })
}

/// The file, for errors that name the line.
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

    /// Quotes the text of a span.
    fn quote(&self, span: Range<usize>) -> String {
        self.text[span].replace('\n', " ")
    }
}

/// Returns the message that has `field`.
fn message_of<'a>(place: &str, field: &str, schema: &'a Schema) -> Result<&'a Message> {
    let known = schema.messages.iter().find(|message| {
        let rest = field.strip_prefix(&message.name).and_then(|rest| rest.strip_prefix('.'));
        rest.is_some_and(|rest| message.fields.iter().any(|f| f.name == rest))
    });
    let Some(message) = known else {
        let names: Vec<String> = fields(schema).map(|(name, _)| name).collect();
        let hint = did_you_mean(field, names.iter().map(String::as_str));
        return err!("{place}: not a field of the schema{hint}");
    };
    Ok(message)
}

/// Checks that the chosen features bring `message` and that its fields have capacities.
fn check(place: &str, message: &Message, generated: &BTreeSet<String>) -> Result<()> {
    let name = &message.name;
    if message.hand_written().is_some() {
        return err!("{place}: {name} is bounded as a whole, by LIVEKIT_MICRO_STRUCT_BYTES");
    }
    if generated.contains(name) {
        return Ok(());
    }
    match message.file.starts_with("google/") {
        true => err!("{place}: no message of the chosen features refers to {name}"),
        false => {
            let feature = features::of_file(&message.file);
            err!("{place}: {name} is not in the chosen features; it comes with feature {feature:?}")
        }
    }
}

/// Sets the parts of `capacity` that `table` names.
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
            return err!("{place} has no {part:?}; it has {}", has.join(", "));
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
                return err!("{place}: {part} = {written} is out of range; it takes 1 to {max}");
            }
            None => {
                return err!(
                    "{place}: {part} = {written} is not a whole number; it takes 1 to {max}"
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "livekit.DataStream.Header.attributes";

    fn apply_to(text: &str) -> Result<(Capacities, BTreeSet<String>)> {
        let schema = Schema::read(include_bytes!("../../../protocol/livekit.binpb"))?;
        let names = ["livekit.UserPacket", "livekit.ChatMessage", "livekit.DataStream.Header"];
        let none = Capacity::default();
        let mut capacities = Capacities::from([
            ("livekit.UserPacket.payload".to_owned(), Capacity { bytes: Some(16), ..none }),
            (
                "livekit.UserPacket.destination_sids".to_owned(),
                Capacity { bytes: Some(20), items: Some(2), ..none },
            ),
            (
                HEADER.to_owned(),
                Capacity { items: Some(2), key_bytes: Some(8), value_bytes: Some(8), ..none },
            ),
        ]);
        let source = Source { path: Path::new("dir/limits.toml"), text };
        let generated = names.map(str::to_owned).into();
        let dropped = apply_text(&source, &schema, &generated, &mut capacities)?;
        Ok((capacities, dropped))
    }

    fn payload_bytes(value: &str) -> Result<u32> {
        let (capacities, _) =
            apply_to(&format!("\"livekit.UserPacket.payload\" = {{ bytes = {value} }}"))?;
        Ok(capacities["livekit.UserPacket.payload"].bytes.expect("it had one"))
    }

    #[test]
    fn both_ends_of_the_range_of_bytes_are_accepted_and_one_beyond_is_rejected() {
        for value in [1, 2, MAX_BYTES - 1, MAX_BYTES] {
            assert_eq!(payload_bytes(&value.to_string()), Ok(value));
        }
        for value in ["0", "1048577", "-1", "18446744073709551617", "-9223372036854775809"] {
            assert_eq!(
                payload_bytes(value).unwrap_err().to_string(),
                format!(
                    "limits.toml:1: livekit.UserPacket.payload: bytes = {value} is out of range; \
                     it takes 1 to 1048576"
                )
            );
        }
    }

    #[test]
    fn both_ends_of_the_range_of_items_are_accepted_and_one_beyond_is_rejected() {
        let items = |value: u32| {
            let text = format!("\"{HEADER}\" = {{ items = {value} }}");
            apply_to(&text).map(|(capacities, _)| capacities[HEADER].items)
        };
        for value in [1, MAX_ITEMS] {
            assert_eq!(items(value), Ok(Some(value)));
        }
        for value in [0, MAX_ITEMS + 1] {
            assert_eq!(
                items(value).unwrap_err().to_string(),
                format!(
                    "limits.toml:1: {HEADER}: items = {value} is out of range; it takes 1 to 4096"
                )
            );
        }
    }

    #[test]
    fn numbers_may_be_written_in_each_of_tomls_ways() {
        for (written, value) in [
            ("0x1_00", 256),
            ("0o17", 15),
            ("0b101", 5),
            ("1_000", 1000),
            ("+7", 7),
            ("0x100000", MAX_BYTES),
        ] {
            assert_eq!(payload_bytes(written), Ok(value), "{written}");
        }
        assert!(
            payload_bytes("0x100001").unwrap_err().to_string().contains("0x100001 is out of range")
        );
        for written in ["\"64\"", "64.0", "true", "[64]", "1e3"] {
            let message = payload_bytes(written).unwrap_err().to_string();
            assert!(message.contains("is not a whole number; it takes 1 to 1048576"), "{message}");
        }
    }

    #[test]
    fn the_parts_of_a_map_are_set_one_by_one() {
        let (capacities, _) =
            apply_to(&format!("\"{HEADER}\" = {{ key_bytes = 40, value_bytes = 41 }}")).unwrap();
        let expected = Capacity {
            items: Some(2),
            key_bytes: Some(40),
            value_bytes: Some(41),
            ..Capacity::default()
        };
        assert_eq!(capacities[HEADER], expected);
        assert_eq!(
            apply_to(&format!("\n\"{HEADER}\" = {{ bytes = 40 }}")).unwrap_err().to_string(),
            format!(
                "limits.toml:2: {HEADER} has no \"bytes\"; it has items, key_bytes, value_bytes"
            )
        );
    }

    #[test]
    fn a_dropped_field_needs_no_capacity_and_changes_none() {
        let (before, none) = apply_to("").unwrap();
        assert!(none.is_empty());
        let fields = ["livekit.ChatMessage.timestamp", "livekit.UserPacket.payload"];
        let (after, dropped) =
            apply_to(&fields.map(|field| format!("\"{field}\" = \"drop\"\n")).concat()).unwrap();
        assert_eq!(dropped, fields.map(str::to_owned).into());
        assert_eq!(after, before);
    }

    #[test]
    fn only_fields_of_generated_messages_are_taken() {
        let error = |text: &str| apply_to(text).unwrap_err().to_string();
        for (text, expected) in [
            (
                "\"livekit.UserPacket.payload\" = \"keep\"",
                "limits.toml:1: livekit.UserPacket.payload = \"keep\": expected \"drop\" or capacities like \
                 { bytes = 64 }",
            ),
            (
                "\"livekit.SIPStatus.status\" = \"drop\"",
                "limits.toml:1: livekit.SIPStatus.status: livekit.SIPStatus is not in the chosen features; it \
                 comes with feature \"sip\"",
            ),
            (
                "\"google.protobuf.Timestamp.seconds\" = \"drop\"",
                "limits.toml:1: google.protobuf.Timestamp.seconds: no message of the chosen features refers to \
                 google.protobuf.Timestamp",
            ),
            (
                "\"google.protobuf.Struct.fields\" = \"drop\"",
                "limits.toml:1: google.protobuf.Struct.fields: google.protobuf.Struct is bounded as a whole, by \
                 LIVEKIT_MICRO_STRUCT_BYTES",
            ),
            (
                "\"livekit.UserPacket.payloads\" = \"drop\"",
                "limits.toml:1: livekit.UserPacket.payloads: not a field of the schema; did you mean \
                 \"livekit.UserPacket.payload\"?",
            ),
        ] {
            assert_eq!(error(text), expected);
        }
    }

    #[test]
    fn a_file_is_read_or_the_error_says_how_to_name_it() {
        let folder = std::env::temp_dir();
        let path = folder.join(format!("livekit-micro-limits-{}.toml", std::process::id()));
        std::fs::write(&path, "\"livekit.ChatMessage.timestamp\" = \"drop\"").unwrap();
        let schema = Schema::read(include_bytes!("../../../protocol/livekit.binpb")).unwrap();
        let generated = BTreeSet::from(["livekit.ChatMessage".to_owned()]);
        let apply = |path: &Path| apply(path, &schema, &generated, &mut Capacities::new());
        let dropped = apply(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(dropped, BTreeSet::from(["livekit.ChatMessage.timestamp".to_owned()]));
        let missing = |path: &Path| apply(path).unwrap_err().to_string();
        let shown = path.display();
        assert_eq!(missing(&path), format!("LIVEKIT_MICRO_LIMITS = {shown}: not found"));
        assert_eq!(
            missing(Path::new("no.toml")),
            "LIVEKIT_MICRO_LIMITS = no.toml: not found; .cargo/config.toml makes a path absolute with \
             LIVEKIT_MICRO_LIMITS = { value = \"no.toml\", relative = true }"
        );
        // A folder is there, and no file.
        let error = missing(&folder);
        assert!(
            !error.contains("not found") && error.contains(&folder.display().to_string()),
            "{error}"
        );
    }
}
