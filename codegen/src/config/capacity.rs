//! The capacity of every field: from the most specific row that matches it.

use std::collections::BTreeMap;
use std::fmt;

use crate::config::datasheet::{Limit, Row, Size, rank};
use crate::config::knobs::Sizes;
use crate::error::{Result, did_you_mean, err};
use crate::schema::{Field, Schema, Shape};

/// The capacities of one field; `None` for a part that it does not have.
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

/// The limits of the rows by the full name of the field that they decide for.
pub type Limits = BTreeMap<String, Limit>;

/// Returns the capacity of every field of the schema that needs one.
pub fn assign(rows: &[Row], sizes: &Sizes, schema: &Schema) -> Result<Capacities> {
    Ok(look_up(&limits(rows, schema)?, sizes))
}

/// Looks up the sizes that the limits name.
pub fn look_up(limits: &Limits, sizes: &Sizes) -> Capacities {
    limits.iter().map(|(name, limit)| (name.clone(), limit.capacity(sizes))).collect()
}

/// Finds the row of every field of the schema that needs a capacity.
///
/// Fields of features that are off need a row too, so that a mistake is an error in every build.
pub fn limits(rows: &[Row], schema: &Schema) -> Result<Limits> {
    // First, because a misspelled row also leaves its fields without one.
    rows.iter().try_for_each(|row| check(row, schema))?;
    let mut limits = Limits::new();
    let mut used = vec![false; rows.len()];
    for message in schema.messages.iter().filter(|m| m.hand_written().is_none()) {
        for field in &message.fields {
            let shape = schema.shape(field);
            if shape == Shape::Plain {
                continue;
            }
            let name = message.full_name(field);
            let index = row_of(rows, &name, field, shape)?;
            used[index] = true;
            limits.insert(name, rows[index].limit);
        }
    }
    match used.iter().position(|used| !used) {
        Some(index) => err!(
            "build.rs: row {} is unused: more specific rows match every field it names",
            rows[index]
        ),
        None => Ok(limits),
    }
}

/// Returns the index of the row that decides for the field called `name`.
fn row_of(rows: &[Row], name: &str, field: &Field, shape: Shape) -> Result<usize> {
    let rank_of = |row: &Row| match is_for(&row.limit, shape) {
        true => rank(row.field, name, &field.name),
        false => 0,
    };
    let best = rows.iter().map(rank_of).max().unwrap_or(0);
    let mut found = rows.iter().enumerate().filter(|(_, row)| rank_of(row) == best);
    match (best, found.next(), found.next()) {
        (1.., Some((index, _)), None) => Ok(index),
        (1.., Some((_, one)), Some((_, two))) => err!(
            "build.rs: rows {one} and {two} both match {name} equally; remove one or make it more specific"
        ),
        _ => err!("build.rs: {name} has no row; add {}", example(shape, &field.name)),
    }
}

/// Returns `true` if `limit` bounds fields of this shape.
fn is_for(limit: &Limit, shape: Shape) -> bool {
    match (limit, shape) {
        (Limit::String(_), Shape::String)
        | (Limit::Bytes(_), Shape::Bytes)
        | (Limit::List(_), Shape::List)
        | (Limit::Strings { .. }, Shape::Strings) => true,
        (Limit::Map { key, value, .. }, Shape::Map { key_bytes, value_bytes }) => {
            key.is_some() == key_bytes && value.is_some() == value_bytes
        }
        _ => false,
    }
}

impl Limit {
    /// Looks up the sizes that the limit names.
    fn capacity(&self, sizes: &Sizes) -> Capacity {
        let [bytes, items, key_bytes, value_bytes] =
            self.sizes().map(|size| size.and_then(|size| size.value(sizes)));
        Capacity { bytes, items, key_bytes, value_bytes }
    }

    /// Returns the sizes of the parts, in the order of [`Capacity`].
    pub fn sizes(&self) -> [Option<Size>; 4] {
        match *self {
            Limit::String(bytes) | Limit::Bytes(bytes) => [Some(bytes), None, None, None],
            Limit::List(items) => [None, Some(items), None, None],
            Limit::Strings { items, bytes } => [Some(bytes), Some(items), None, None],
            Limit::Map { items, key, value } => [None, Some(items), key, value],
        }
    }
}

impl Size {
    /// Returns the effective value.
    pub fn value(&self, sizes: &Sizes) -> Option<u32> {
        sizes.get(self.name).map(|value| value + self.plus)
    }
}

/// Returns every field of the schema with its full name.
pub fn fields(schema: &Schema) -> impl Iterator<Item = (String, &Field)> {
    schema.messages.iter().flat_map(|message| {
        message.fields.iter().map(move |field| (message.full_name(field), field))
    })
}

/// Checks that `row` matches a field.
fn check(row: &Row, schema: &Schema) -> Result<()> {
    let mut other_kind = None;
    for (full_name, field) in fields(schema) {
        if rank(row.field, &full_name, &field.name) == 0 {
            continue;
        }
        match schema.shape(field) {
            shape if is_for(&row.limit, shape) => return Ok(()),
            shape => other_kind = other_kind.or(Some((full_name, shape))),
        }
    }
    match other_kind {
        Some((name, Shape::Plain)) => {
            err!("build.rs: row {row} matches nothing: {name} needs no capacity")
        }
        Some((name, shape)) => err!(
            "build.rs: row {row} matches nothing: {name} is of another kind, its row is {}",
            example(shape, row.field)
        ),
        None => {
            let dots = row.field.matches('.').count();
            // As many parts of each full name as the row has.
            let names: Vec<String> =
                fields(schema).map(|(full, _)| end(&full, dots).to_owned()).collect();
            let hint = did_you_mean(row.field, names.iter().map(String::as_str));
            err!("build.rs: row {row} matches no field of the schema{hint}")
        }
    }
}

/// Returns the last part of `full_name` that has `dots` dots: `UserPacket.payload` for one.
fn end(full_name: &str, dots: usize) -> &str {
    let before = full_name.rmatch_indices('.').nth(dots);
    before.map_or(full_name, |(at, _)| &full_name[at + 1..])
}

/// A row as an error quotes it: `string("topic", …)`.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let shape = match self.limit {
            Limit::String(_) => Shape::String,
            Limit::Bytes(_) => Shape::Bytes,
            Limit::List(_) => Shape::List,
            Limit::Strings { .. } => Shape::Strings,
            Limit::Map { key, value, .. } => {
                Shape::Map { key_bytes: key.is_some(), value_bytes: value.is_some() }
            }
        };
        f.write_str(&example(shape, self.field))
    }
}

/// Returns a row for `field`, which has this shape, without its sizes.
fn example(shape: Shape, field: &str) -> String {
    let (word, more) = match shape {
        Shape::Plain => ("nothing", ""),
        Shape::String => ("string", ""),
        Shape::Bytes => ("bytes", ""),
        Shape::List => ("list", ""),
        Shape::Strings => ("strings", ""),
        Shape::Map { key_bytes: false, value_bytes: false } => ("map", ""),
        Shape::Map { key_bytes: true, value_bytes: false } => ("map", ".key_bytes(…)"),
        Shape::Map { key_bytes: false, value_bytes: true } => ("map", ".value_bytes(…)"),
        Shape::Map { .. } => ("map", ".key_bytes(…).value_bytes(…)"),
    };
    format!("{word}({field:?}, …){more}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::datasheet::{bytes, list, map, string, strings};

    const SMALL: Size = Size::of("SMALL");
    const LARGE: Size = Size::of("LARGE");
    const ITEMS: Size = Size::of("ITEMS");

    /// Rows for everything, of lowest rank.
    const ANY: [Row; 10] = [
        string("*", SMALL),
        bytes("*", SMALL),
        list("*", ITEMS),
        strings("*", ITEMS, SMALL),
        map("*", ITEMS),
        map("*", ITEMS).key_bytes(SMALL),
        map("*", ITEMS).key_bytes(SMALL).value_bytes(LARGE),
        string("UserPacket.id", LARGE),
        string("topic", LARGE),
        bytes("UserPacket.payload", LARGE.plus(8)),
    ];

    fn assign_with(more: &[Row]) -> Result<Capacities> {
        let schema = Schema::read(include_bytes!("../../../protocol/livekit.binpb"))?;
        let sizes = Sizes::from([("SMALL", 8), ("LARGE", 100), ("ITEMS", 3)]);
        let rows: Vec<Row> = ANY.into_iter().chain(more.iter().copied()).collect();
        assign(&rows, &sizes, &schema)
    }

    fn error(more: &[Row]) -> String {
        assign_with(more).unwrap_err().to_string()
    }

    #[test]
    fn each_kind_of_field_gets_its_parts() {
        let all = assign_with(&[]).unwrap();
        let none = Capacity::default();
        let expected = [
            ("livekit.UserPacket.payload", Capacity { bytes: Some(108), ..none }),
            ("livekit.UserPacket.id", Capacity { bytes: Some(100), ..none }),
            ("livekit.UserPacket.topic", Capacity { bytes: Some(100), ..none }),
            ("livekit.ChatMessage.id", Capacity { bytes: Some(8), ..none }),
            (
                "livekit.DataPacket.destination_identities",
                Capacity { items: Some(3), bytes: Some(8), ..none },
            ),
            ("livekit.Transcription.segments", Capacity { items: Some(3), ..none }),
            (
                "livekit.DataStream.Header.attributes",
                Capacity { items: Some(3), key_bytes: Some(8), value_bytes: Some(100), ..none },
            ),
            ("livekit.UpdateSubscription.participant_tracks", Capacity { items: Some(3), ..none }),
        ];
        for (field, capacity) in expected {
            assert_eq!(all[field], capacity, "{field}");
        }
        assert!(!all.contains_key("livekit.ChatMessage.timestamp"), "a number has no capacity");
    }

    #[test]
    fn the_most_specific_row_decides() {
        let all =
            assign_with(&[string("id", SMALL), string("ChatMessage.id", LARGE.plus(1))]).unwrap();
        assert_eq!(all["livekit.UserPacket.id"].bytes, Some(100), "full name, first in the table");
        assert_eq!(all["livekit.ChatMessage.id"].bytes, Some(101), "full name, last in the table");
        assert_eq!(all["livekit.RpcRequest.id"].bytes, Some(8), "name");
    }

    #[test]
    fn two_rows_of_equal_rank_are_an_error() {
        assert_eq!(
            error(&[string("UserPacket.id", SMALL)]),
            "build.rs: rows string(\"UserPacket.id\", …) and string(\"UserPacket.id\", …) both match \
             livekit.UserPacket.id equally; remove one or make it more specific"
        );
        assert!(
            error(&[string("*_sid", SMALL)]).contains("string(\"*\", …) and string(\"*_sid\", …)")
        );
    }

    #[test]
    fn an_unused_row_is_an_error() {
        let digit = string("digit", SMALL); // SipDTMF is the only message that has one
        assert!(assign_with(&[digit]).is_ok());
        assert_eq!(
            error(&[digit, string("SipDTMF.digit", SMALL)]),
            "build.rs: row string(\"digit\", …) is unused: more specific rows match every field it names"
        );
    }

    #[test]
    fn rows_that_match_nothing_say_what_is_near() {
        assert_eq!(
            error(&[string("UserPackt.id", SMALL)]),
            "build.rs: row string(\"UserPackt.id\", …) matches no field of the schema; \
             did you mean \"UserPacket.id\"?"
        );
        assert_eq!(
            error(&[list("digit", ITEMS)]),
            "build.rs: row list(\"digit\", …) matches nothing: livekit.SipDTMF.digit is of another \
             kind, its row is string(\"digit\", …)"
        );
        assert_eq!(
            error(&[map("DataStream.Header.attributes", ITEMS)]),
            "build.rs: row map(\"DataStream.Header.attributes\", …) matches nothing: \
             livekit.DataStream.Header.attributes is of another kind, its row is \
             map(\"DataStream.Header.attributes\", …).key_bytes(…).value_bytes(…)"
        );
        assert_eq!(
            error(&[bytes("SipDTMF.code", SMALL)]),
            "build.rs: row bytes(\"SipDTMF.code\", …) matches nothing: livekit.SipDTMF.code needs no capacity"
        );
    }

    #[test]
    fn a_field_without_a_row_is_an_error() {
        let schema = Schema::read(include_bytes!("../../../protocol/livekit.binpb")).unwrap();
        let error = limits(&ANY[1..7], &schema).unwrap_err().to_string();
        assert!(error.contains(" has no row; add string(\""), "{error}");
    }

    #[test]
    fn the_end_of_a_full_name_has_as_many_dots_as_asked() {
        for (dots, expected) in [
            (0, "payload"),
            (1, "UserPacket.payload"),
            (2, "livekit.UserPacket.payload"),
            (9, "livekit.UserPacket.payload"),
        ] {
            assert_eq!(end("livekit.UserPacket.payload", dots), expected);
        }
    }
}
