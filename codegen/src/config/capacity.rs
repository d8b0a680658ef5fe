//! The capacity of every field: the one row of highest rank that speaks of it.

use std::collections::BTreeMap;
use std::fmt;

use crate::config::datasheet::{Limit, Row, Size, rank};
use crate::config::error::{Result, did_you_mean, mistake};
use crate::config::knobs::Sizes;
use crate::schema::{Field, Schema, Shape};

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
    // First, because a misspelt row leaves its fields without one too.
    rows.iter().try_for_each(|row| check(row, schema))?;
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
        Some(index) => mistake!(
            "build.rs: row {} decides for no field: rows that say it more exactly have all it matches",
            rows[index]
        ),
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
            "build.rs: rows {one} and {two} both speak of {name}; remove one or write it more exactly"
        ),
        _ => mistake!("build.rs: {name} has no row; add {}({:?}, …)", word(shape), field.name),
    }
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
    let value = |size: Size| sizes.get(size.name).map(|bytes| bytes + size.plus);
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

/// Every field of the schema with its full name.
pub fn fields(schema: &Schema) -> impl Iterator<Item = (String, &Field)> {
    schema.messages.iter().flat_map(|message| {
        message.fields.iter().map(move |field| (format!("{}.{}", message.name, field.name), field))
    })
}

/// Is there a field that `row` speaks of?
fn check(row: &Row, schema: &Schema) -> Result<()> {
    let mut other_kind = None;
    for (full_name, field) in fields(schema) {
        if rank(row.field, &full_name, &field.name) == 0 {
            continue;
        }
        match schema.shape(field) {
            shape if fits(&row.limit, shape) => return Ok(()),
            shape => other_kind = other_kind.or(Some((full_name, shape))),
        }
    }
    match other_kind {
        Some((name, Shape::Plain)) => {
            mistake!("build.rs: row {row} matches nothing: {name} needs no capacity")
        }
        Some((name, shape)) => mistake!(
            "build.rs: row {row} matches nothing: {name} is of another kind, its row is {}({:?}, …)",
            word(shape),
            row.field
        ),
        None => {
            let dots = row.field.matches('.').count();
            // Of each full name as much as the row has.
            let names: Vec<String> =
                fields(schema).map(|(full, _)| end(&full, dots).to_owned()).collect();
            let hint = did_you_mean(row.field, names.iter().map(String::as_str));
            mistake!("build.rs: row {row} matches no field of the schema{hint}")
        }
    }
}

/// The last part of `full_name` that has `dots` dots: `UserPacket.payload` for one.
fn end(full_name: &str, dots: usize) -> &str {
    let before = full_name.rmatch_indices('.').nth(dots);
    before.map_or(full_name, |(at, _)| &full_name[at + 1..])
}

/// A row as a message quotes it: `text("topic", …)`.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let word = match self.limit {
            Limit::Text(_) => "text",
            Limit::Bytes(_) => "bytes",
            Limit::List(_) => "list",
            Limit::Texts { .. } => "texts",
            Limit::Map { key: Some(_), value: Some(_), .. } => "map",
            Limit::Map { key: Some(_), .. } => "map_of",
            Limit::Map { .. } => "map_by_number",
        };
        write!(f, "{word}({:?}, …)", self.field)
    }
}
