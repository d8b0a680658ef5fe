//! What changed between two releases, message by message.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use prost_reflect::{Cardinality, DescriptorPool, FieldDescriptor, Kind};

/// What changed, as text; empty if nothing did.
pub fn text(old: &DescriptorPool, new: &DescriptorPool) -> String {
    let mut out = String::new();
    for change in changes(old, new) {
        writeln!(out, "{change}").expect("a String takes any text");
    }
    out
}

/// One line a change: `added`, `removed`, `renumbered` or `retyped`, what, and from what to what.
pub fn changes(old: &DescriptorPool, new: &DescriptorPool) -> Vec<String> {
    let mut out = Vec::new();
    for (group, old, new) in [
        ("message", messages(old), messages(new)),
        ("enum", enums(old), enums(new)),
        ("service", services(old), services(new)),
    ] {
        for (name, parts) in &new {
            match old.get(name) {
                None => out.push(format!("added {group} {name} ({} parts)", parts.len())),
                Some(before) => part_changes(name, before, parts, &mut out),
            }
        }
        let gone = old.keys().filter(|name| !new.contains_key(*name));
        out.extend(gone.map(|name| format!("removed {group} {name}")));
    }
    out
}

/// A field, value or rpc: its number (0 for an rpc) and its type in words.
type Parts = BTreeMap<String, (i64, String)>;

fn part_changes(name: &str, old: &Parts, new: &Parts, out: &mut Vec<String>) {
    for (part, (number, kind)) in new {
        match old.get(part) {
            None => out.push(format!("added {name}.{part} = {number} {kind}")),
            Some((before, _)) if before != number => {
                out.push(format!("renumbered {name}.{part}: {before} to {number}"));
            }
            Some((_, before)) if before != kind => {
                out.push(format!("retyped {name}.{part}: {before} to {kind}"));
            }
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|(part, _)| !new.contains_key(*part));
    out.extend(gone.map(|(part, (number, kind))| format!("removed {name}.{part} = {number} {kind}")));
}

fn messages(pool: &DescriptorPool) -> BTreeMap<String, Parts> {
    let own = pool.all_messages().filter(|m| !m.is_map_entry() && !is_borrowed(m.full_name()));
    own.map(|message| {
        let fields = message.fields().map(|field| {
            (field.name().to_owned(), (i64::from(field.number()), describe(&field)))
        });
        (message.full_name().to_owned(), fields.collect())
    })
    .collect()
}

fn enums(pool: &DescriptorPool) -> BTreeMap<String, Parts> {
    let own = pool.all_enums().filter(|e| !is_borrowed(e.full_name()));
    own.map(|item| {
        let values = item.values().map(|value| {
            (value.name().to_owned(), (i64::from(value.number()), String::new()))
        });
        (item.full_name().to_owned(), values.collect())
    })
    .collect()
}

fn services(pool: &DescriptorPool) -> BTreeMap<String, Parts> {
    pool.services()
        .map(|service| {
            let methods = service.methods().map(|method| {
                let (input, output) = (method.input(), method.output());
                let kind = format!("({}) returns ({})", input.full_name(), output.full_name());
                (method.name().to_owned(), (0, kind))
            });
            (service.full_name().to_owned(), methods.collect())
        })
        .collect()
}

/// Google's own messages are nobody's release.
fn is_borrowed(name: &str) -> bool {
    name.starts_with("google.")
}

/// A field's label, type and oneof in words: `repeated livekit.TrackInfo`.
fn describe(field: &FieldDescriptor) -> String {
    let kind = match field.kind() {
        Kind::Message(entry) if field.is_map() => {
            let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
            return format!("map<{}, {}>", describe(&key), describe(&value));
        }
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(item) => item.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    };
    let label = match field.cardinality() {
        Cardinality::Repeated => "repeated ",
        _ if field.field_descriptor_proto().proto3_optional() => "optional ",
        _ => "",
    };
    match field.containing_oneof() {
        Some(oneof) if !oneof.is_synthetic() => format!("{kind} in oneof {}", oneof.name()),
        _ => format!("{label}{kind}"),
    }
}
