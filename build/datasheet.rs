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

/// At most `items` strings of at most `bytes` each.
pub const fn texts(field: &'static str, items: Size, bytes: Size) -> Row {
    Row { field, limit: Limit::Texts { items, bytes } }
}

/// At most `items` entries from strings to strings.
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

/// Declares knobs: `NAME = default, min..=max, "what it bounds";`
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
macro_rules! fixed {
    ($($name:ident = $value:literal, $doc:literal;)*) => {
        $(const $name: Size = Size::of(stringify!($name));)*
        const FIXED: &[Fixed] = &[$(Fixed {
            name: stringify!($name), value: $value, doc: $doc,
        }),*];
    };
}
