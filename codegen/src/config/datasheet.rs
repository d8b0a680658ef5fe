//! The vocabulary of build.rs: knobs, fixed sizes, a row per field, and rules for logs.

use crate::config::redaction::Show;

/// A capacity that a firmware may set: `LIVEKIT_MICRO_<name>`.
pub struct Knob {
    pub name: &'static str,
    pub default: u32,
    pub min: u32,
    pub max: u32,
    /// What it bounds; becomes the rustdoc of `limits::<name>`.
    pub doc: &'static str,
}

/// A size that the protocol fixes.
pub struct Fixed {
    pub name: &'static str,
    pub value: u32,
    /// The reason; becomes the rustdoc of `limits::<name>`.
    pub doc: &'static str,
}

/// Everything build.rs declares.
#[derive(Clone, Copy)]
pub struct Datasheet {
    pub knobs: &'static [Knob],
    pub fixed: &'static [Fixed],
    pub rows: &'static [Row],
    /// What logs do not show, in addition to what the schema marks. The first rule that matches a
    /// field decides.
    pub logs: &'static [LogRule],
}

/// How logs show a field, and the reason. `field` is as in a [`Row`].
pub struct LogRule {
    pub field: &'static str,
    pub show: Show,
    pub why: &'static str,
}

/// Logs show `<redacted (12 bytes)>` instead of the field.
pub const fn redact(field: &'static str, why: &'static str) -> LogRule {
    LogRule { field, show: Show::Redacted, why }
}

/// Logs show `<12 bytes>` instead of the field.
pub const fn length_only(field: &'static str, why: &'static str) -> LogRule {
    LogRule { field, show: Show::Length, why }
}

/// A knob or a fixed size, by name, plus a constant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    pub name: &'static str,
    pub plus: u32,
}

impl Size {
    pub const fn of(name: &'static str) -> Self {
        Self { name, plus: 0 }
    }

    /// Adds `more` bytes, for what is wrapped around the value.
    pub const fn plus(self, more: u32) -> Self {
        Self { plus: self.plus + more, ..self }
    }
}

/// The capacity of one or several fields.
///
/// `field` is, most specific first: the end of a full name (`UserPacket.payload`), a field's name
/// (`payload`), or a pattern with one `*` at its start or end (`*_sid`). A row matches only fields of
/// its own kind: `string("name", …)` does not match a list called `name`.
#[derive(Clone, Copy)]
pub struct Row {
    pub field: &'static str,
    pub limit: Limit,
}

/// The capacity of a field, by kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    String(Size),
    Bytes(Size),
    List(Size),
    Strings { items: Size, bytes: Size },
    Map { items: Size, key: Option<Size>, value: Option<Size> },
}

/// A string of at most `bytes`.
pub const fn string(field: &'static str, bytes: Size) -> Row {
    Row { field, limit: Limit::String(bytes) }
}

/// A `bytes` field of at most `bytes`.
pub const fn bytes(field: &'static str, bytes: Size) -> Row {
    Row { field, limit: Limit::Bytes(bytes) }
}

/// A list of at most `items` messages, enum values or numbers.
pub const fn list(field: &'static str, items: Size) -> Row {
    Row { field, limit: Limit::List(items) }
}

/// A list of at most `items` strings or `bytes` of at most `bytes` each.
pub const fn strings(field: &'static str, items: Size, bytes: Size) -> Row {
    Row { field, limit: Limit::Strings { items, bytes } }
}

/// A map of at most `items` entries. Keys and values that are strings or `bytes` need
/// [`key_bytes`](Row::key_bytes) and [`value_bytes`](Row::value_bytes) as well.
pub const fn map(field: &'static str, items: Size) -> Row {
    Row { field, limit: Limit::Map { items, key: None, value: None } }
}

impl Row {
    /// The keys of the map are strings of at most `bytes`.
    pub const fn key_bytes(self, bytes: Size) -> Self {
        match self.limit {
            Limit::Map { items, value, .. } => {
                let limit = Limit::Map { items, key: Some(bytes), value };
                Row { limit, ..self }
            }
            _ => panic!("only a map has keys"),
        }
    }

    /// The values of the map are strings or `bytes` of at most `bytes`.
    pub const fn value_bytes(self, bytes: Size) -> Self {
        match self.limit {
            Limit::Map { items, key, .. } => {
                let limit = Limit::Map { items, key, value: Some(bytes) };
                Row { limit, ..self }
            }
            _ => panic!("only a map has values"),
        }
    }
}

/// How specifically a row names a field; 0 if it does not match.
///
/// 3 for the end of a full name, 2 for a field's name, 1 for a pattern.
pub fn rank(row: &str, full_name: &str, field: &str) -> u32 {
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

/// Declares knobs: `NAME = default, min..=max, "what it bounds";`
#[macro_export]
macro_rules! knobs {
    ($($name:ident = $default:literal, $min:literal ..= $max:literal, $doc:literal;)*) => {
        // A knob may be in no row: src/ reads it from `limits`.
        $(#[allow(dead_code)] const $name: Size = Size::of(stringify!($name));)*
        const KNOBS: &[Knob] = &[$(Knob {
            name: stringify!($name), default: $default, min: $min, max: $max, doc: $doc,
        }),*];
    };
}

/// Declares fixed sizes: `NAME = value, "why";`
#[macro_export]
macro_rules! fixed {
    ($($name:ident = $value:literal, $doc:literal;)*) => {
        $(const $name: Size = Size::of(stringify!($name));)*
        const FIXED: &[Fixed] = &[$(Fixed {
            name: stringify!($name), value: $value, doc: $doc,
        }),*];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_ranks_above_a_name_and_a_name_above_a_pattern() {
        let rank = |row| rank(row, "livekit.UserPacket.payload", "payload");
        for full in ["livekit.UserPacket.payload", "UserPacket.payload"] {
            assert_eq!(rank(full), 3, "{full}");
        }
        assert_eq!(rank("payload"), 2);
        for pattern in ["*", "*load", "pay*", "*payload", "payload*"] {
            assert_eq!(rank(pattern), 1, "{pattern}");
        }
    }

    #[test]
    fn part_of_a_name_does_not_match() {
        let rank = |row| rank(row, "livekit.UserPacket.payload", "payload");
        for row in ["load", "pay", "Packet.payload", "Packet.load", "*pay", "load*", "p*d", ""] {
            assert_eq!(rank(row), 0, "{row}");
        }
    }

    #[test]
    fn a_map_says_which_halves_have_a_length() {
        let (items, key, value) = (Size::of("I"), Size::of("K"), Size::of("V"));
        let both = map("m", items).key_bytes(key).value_bytes(value);
        assert_eq!(both.limit, Limit::Map { items, key: Some(key), value: Some(value) });
        let key_only = map("m", items).key_bytes(key);
        assert_eq!(key_only.limit, Limit::Map { items, key: Some(key), value: None });
        assert_eq!(map("m", items).limit, Limit::Map { items, key: None, value: None });
    }
}
