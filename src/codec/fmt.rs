//! What `Debug` and `defmt::Format` print in place of a payload or a secret, and of enums, lists and
//! maps.

use core::fmt;

/// The length of a redacted field: `<redacted (12 bytes)>`.
pub struct Redacted {
    pub len: usize,
    pub unit: &'static str,
}

/// The length of a field that would fill the log: `<12 bytes>`.
pub struct Length {
    pub len: usize,
    pub unit: &'static str,
}

/// The length of a submessage, which is not decoded for a log.
pub(crate) fn bytes(len: usize) -> Length {
    Length { len, unit: "bytes" }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<redacted ({} {})>", self.len, self.unit)
    }
}

impl fmt::Debug for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} {}>", self.len, self.unit)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Redacted {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "<redacted ({=usize} {=str})>", self.len, self.unit)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Length {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "<{=usize} {=str}>", self.len, self.unit)
    }
}

/// Prints an open enum's value by name, or as a number that the schema does not know.
pub fn debug_enum(f: &mut fmt::Formatter<'_>, number: i32, name: Option<&str>) -> fmt::Result {
    match name {
        Some(name) => f.write_str(name),
        None => write!(f, "{number}"),
    }
}

/// As [`debug_enum`].
#[cfg(feature = "defmt")]
pub fn format_enum(f: defmt::Formatter<'_>, number: i32, name: Option<&str>) {
    match name {
        Some(name) => defmt::write!(f, "{=str}", name),
        None => defmt::write!(f, "{=i32}", number),
    }
}

/// `[a, b]`
#[cfg(feature = "defmt")]
pub(crate) fn list(f: defmt::Formatter<'_>, items: impl Iterator<Item: defmt::Format>) {
    defmt::write!(f, "[");
    for (index, item) in items.enumerate() {
        defmt::write!(f, "{=str}{}", comma(index), item);
    }
    defmt::write!(f, "]");
}

/// `{a: b, c: d}`
#[cfg(feature = "defmt")]
pub(crate) fn map<K: defmt::Format, V: defmt::Format>(
    f: defmt::Formatter<'_>,
    entries: impl Iterator<Item = (K, V)>,
) {
    defmt::write!(f, "{{");
    for (index, (key, value)) in entries.enumerate() {
        defmt::write!(f, "{=str}{}: {}", comma(index), key, value);
    }
    defmt::write!(f, "}}");
}

/// The separator before the item at `index`.
#[cfg(feature = "defmt")]
fn comma(index: usize) -> &'static str {
    if index == 0 { "" } else { ", " }
}
