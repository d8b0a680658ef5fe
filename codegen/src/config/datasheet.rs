//! The words build.rs is written in: knobs, fixed sizes and rows.

/// A number a firmware may set: `LIVEKIT_MICRO_<name>`.
pub struct Knob {
    pub name: &'static str,
    pub default: u32,
    pub min: u32,
    pub max: u32,
    /// What it bounds; becomes the rustdoc of `limits::<name>`.
    pub doc: &'static str,
}

/// A size the protocol fixes.
pub struct Fixed {
    pub name: &'static str,
    pub value: u32,
    /// Why it is this number; becomes the rustdoc of `limits::<name>`.
    pub doc: &'static str,
}

/// The whole of it.
#[derive(Clone, Copy)]
pub struct Datasheet {
    pub knobs: &'static [Knob],
    pub fixed: &'static [Fixed],
    pub rows: &'static [Row],
    /// Fields, named as in a [`Row`], whose message goes on the heap because it holds itself; only
    /// for programs that have one.
    pub boxed: &'static [&'static str],
    /// Fields that logs do not show although the schema does not mark them.
    pub secrets: &'static [Silent],
    /// Fields of which logs show the length only.
    pub payloads: &'static [Silent],
}

/// Which fields logs are silent about, and why. `field` is as in a [`Row`].
pub struct Silent {
    pub field: &'static str,
    pub why: &'static str,
}

/// Logs are silent about `field`.
pub const fn silent(field: &'static str, why: &'static str) -> Silent {
    Silent { field, why }
}

/// A knob's value or a fixed size, by name, and what comes on top of it.
#[derive(Clone, Copy)]
pub struct Size {
    pub name: &'static str,
    pub plus: u32,
}

impl Size {
    pub const fn of(name: &'static str) -> Self {
        Self { name, plus: 0 }
    }

    /// This size and `more` bytes, for what is wrapped around it.
    pub const fn plus(self, more: u32) -> Self {
        Self { plus: self.plus + more, ..self }
    }
}

/// Which fields a row speaks of, and how large they may become.
///
/// `field` is, in order of rank: the end of a full name (`UserPacket.payload`), a field's name
/// (`payload`), or a pattern with one `*` at its start or end (`*_sid`). A row speaks only of
/// fields of its own kind, so `text("name", …)` leaves a list called `name` alone.
pub struct Row {
    pub field: &'static str,
    pub limit: Limit,
}

/// The capacity of a field, by kind.
#[derive(Clone, Copy)]
pub enum Limit {
    Text(Size),
    Bytes(Size),
    List(Size),
    Texts { items: Size, bytes: Size },
    Map { items: Size, key: Option<Size>, value: Option<Size> },
}

/// A string of at most `bytes`.
pub const fn text(field: &'static str, bytes: Size) -> Row {
    Row { field, limit: Limit::Text(bytes) }
}

/// A `bytes` field of at most `bytes`.
pub const fn bytes(field: &'static str, bytes: Size) -> Row {
    Row { field, limit: Limit::Bytes(bytes) }
}

/// At most `items` messages, enum values or numbers.
pub const fn list(field: &'static str, items: Size) -> Row {
    Row { field, limit: Limit::List(items) }
}

/// At most `items` strings or `bytes` of at most `bytes` each.
pub const fn texts(field: &'static str, items: Size, bytes: Size) -> Row {
    Row { field, limit: Limit::Texts { items, bytes } }
}

/// At most `items` entries from strings to strings or `bytes`.
pub const fn map(field: &'static str, items: Size, key: Size, value: Size) -> Row {
    Row { field, limit: Limit::Map { items, key: Some(key), value: Some(value) } }
}

/// At most `items` entries from strings to something without a length.
pub const fn map_of(field: &'static str, items: Size, key: Size) -> Row {
    Row { field, limit: Limit::Map { items, key: Some(key), value: None } }
}

/// At most `items` entries from numbers to something without a length.
pub const fn map_by_number(field: &'static str, items: Size) -> Row {
    Row { field, limit: Limit::Map { items, key: None, value: None } }
}

impl Silent {
    /// Is it about the field `field`, whose full name is `full_name`?
    pub fn matches(&self, full_name: &str, field: &str) -> bool {
        rank(self.field, full_name, field) > 0
    }
}

/// How exactly `row` names a field: 3 for the end of a full name, 2 for a field's name, 1 for a pattern, 0 for no match.
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
        // A knob need not stand in a row: src/ reads it from `limits`.
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
