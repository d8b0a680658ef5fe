//! The capacity of every field: the one row of highest rank that speaks of it.

use std::collections::BTreeMap;

use super::datasheet::{Limit, Row, Size};
use super::knobs::Sizes;
use super::mistake::{Result, did_you_mean, mistake};
use super::schema::{Field, Schema, Shape};

/// How large one field may become; `None` where the field has no such part.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Capacity {
    /// Bytes of a string or `bytes`, or of each string of a list.
    pub bytes: Option<u32>,
    /// Items of a list, entries of a map.
    pub items: Option<u32>,
    /// Bytes of a map's keys and values, where they are strings.
    pub key_bytes: Option<u32>,
    pub value_bytes: Option<u32>,
}

/// Capacities by full name: `livekit.UserPacket.payload`.
pub type Capacities = BTreeMap<String, Capacity>;

/// Gives every field of the schema that needs one its capacity.
///
/// All of the schema is looked at, whatever features are on, so that a mistake cannot hide.
pub fn assign(rows: &[Row], sizes: &Sizes, schema: &Schema) -> Result<Capacities> {
    let mut capacities = Capacities::new();
    let mut used = vec![false; rows.len()];
    for message in schema.messages.iter().filter(|m| m.by_hand().is_none()) {
        for field in &message.fields {
            let shape = schema.shape(field);
            if shape == Shape::Plain {
                continue;
            }
            let name = format!("{}.{}", message.name, field.name);
            let index = row_of(rows, &name, field, shape)?;
            used[index] = true;
            capacities.insert(name, capacity(&rows[index].limit, sizes));
        }
    }
    match used.iter().position(|used| !used) {
        Some(index) => unused(&rows[index], schema),
        None => Ok(capacities),
    }
}

/// The row that decides for the field called `name`.
fn row_of(rows: &[Row], name: &str, field: &Field, shape: Shape) -> Result<usize> {
    let matching = |row: &Row| match fits(&row.limit, shape) {
        true => rank(row.field, name, &field.name),
        false => 0,
    };
    let best = rows.iter().map(matching).max().unwrap_or(0);
    let mut found = rows.iter().enumerate().filter(|(_, row)| matching(row) == best);
    match (best, found.next(), found.next()) {
        (1.., Some((index, _)), None) => Ok(index),
        (1.., Some((_, one)), Some((_, two))) => mistake!(
            "build.rs: two rows of equal rank speak of {name}: {:?} and {:?}; give one of them its full name",
            one.field,
            two.field
        ),
        _ => mistake!(
            "build.rs: {name} has no row; add one: {}(\"{}\", …)",
            word(shape),
            field.name
        ),
    }
}

/// 3 for the end of a full name, 2 for a field's name, 1 for a pattern, 0 for no match.
fn rank(row: &str, full_name: &str, field: &str) -> u32 {
    if row.contains('.') {
        let rest = full_name.strip_suffix(row);
        return if rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.')) { 3 } else { 0 };
    }
    let pattern = match (row.strip_prefix('*'), row.strip_suffix('*')) {
        (Some(end), _) => field.ends_with(end),
        (_, Some(start)) => field.starts_with(start),
        _ => return if row == field { 2 } else { 0 },
    };
    u32::from(pattern)
}

fn fits(limit: &Limit, shape: Shape) -> bool {
    match (limit, shape) {
        (Limit::Text(_), Shape::Text)
        | (Limit::Bytes(_), Shape::Bytes)
        | (Limit::List(_), Shape::List)
        | (Limit::Texts { .. }, Shape::Texts) => true,
        (Limit::Map { key, value, .. }, Shape::Map { text_key, text_value }) => {
            key.is_some() == text_key && value.is_some() == text_value
        }
        _ => false,
    }
}

fn capacity(limit: &Limit, sizes: &Sizes) -> Capacity {
    let value = |size: Size| sizes.get(size.0).copied();
    let none = Capacity::default();
    match *limit {
        Limit::Text(bytes) | Limit::Bytes(bytes) => Capacity { bytes: value(bytes), ..none },
        Limit::List(items) => Capacity { items: value(items), ..none },
        Limit::Texts { items, bytes } => {
            Capacity { items: value(items), bytes: value(bytes), ..none }
        }
        Limit::Map { items, key, value: v } => Capacity {
            items: value(items),
            key_bytes: key.and_then(value),
            value_bytes: v.and_then(value),
            ..none
        },
    }
}

/// The word that makes a row for a field of this shape.
fn word(shape: Shape) -> &'static str {
    match shape {
        Shape::Plain => "nothing",
        Shape::Text => "text",
        Shape::Bytes => "bytes",
        Shape::List => "list",
        Shape::Texts => "texts",
        Shape::Map { text_key: true, text_value: true } => "map",
        Shape::Map { text_key: true, .. } => "map_of",
        Shape::Map { .. } => "map_by_number",
    }
}

/// Says why `row` decides for no field: no field is called so, or all are of another kind, or a
/// row of higher rank decides for each.
fn unused(row: &Row, schema: &Schema) -> Result<Capacities> {
    let all: Vec<(String, &Field)> = schema
        .messages
        .iter()
        .flat_map(|m| m.fields.iter().map(move |f| (format!("{}.{}", m.name, f.name), f)))
        .collect();
    let same: Vec<_> = all.iter().filter(|(full, f)| rank(row.field, full, &f.name) > 0).collect();
    let field = row.field;
    if let Some((full, f)) = same.iter().find(|(_, f)| !fits(&row.limit, schema.shape(f))) {
        let right = word(schema.shape(f));
        return mistake!("build.rs: row {field:?} matches nothing; {full} is no such kind of field, its row is {right}(…)");
    }
    if !same.is_empty() {
        return mistake!("build.rs: row {field:?} decides for no field; rows of higher rank speak of all it matches");
    }
    let hint = match field.contains('.') {
        true => {
            let ends = all.iter().map(|(full, _)| {
                let start = full.rmatch_indices('.').nth(field.matches('.').count());
                start.map_or(full.as_str(), |(at, _)| &full[at + 1..])
            });
            did_you_mean(field, ends)
        }
        false => did_you_mean(field, all.iter().map(|(_, f)| f.name.as_str())),
    };
    mistake!("build.rs: row {field:?} matches no field of the schema{hint}")
}
