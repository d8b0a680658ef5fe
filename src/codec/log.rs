//! What stands in a log in place of a payload or a secret.

use core::fmt;

/// The length of something that is not to be seen.
pub struct Redacted {
    pub len: usize,
    pub unit: &'static str,
}

/// The length of something that would fill the log.
pub struct Length {
    pub len: usize,
    pub unit: &'static str,
}

/// The length of a submessage, which is not read for a log.
pub(super) fn bytes(len: usize) -> Length {
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

/// `[a, b]`
#[cfg(feature = "defmt")]
pub(super) fn list(f: defmt::Formatter<'_>, items: impl Iterator<Item: defmt::Format>) {
    defmt::write!(f, "[");
    for (index, item) in items.enumerate() {
        defmt::write!(f, "{=str}{}", comma(index), item);
    }
    defmt::write!(f, "]");
}

/// `{a: b, c: d}`
#[cfg(feature = "defmt")]
pub(super) fn map<K: defmt::Format, V: defmt::Format>(
    f: defmt::Formatter<'_>,
    entries: impl Iterator<Item = (K, V)>,
) {
    defmt::write!(f, "{{");
    for (index, (key, value)) in entries.enumerate() {
        defmt::write!(f, "{=str}{}: {}", comma(index), key, value);
    }
    defmt::write!(f, "}}");
}

/// What stands before the item at `index`.
#[cfg(feature = "defmt")]
fn comma(index: usize) -> &'static str {
    if index == 0 { "" } else { ", " }
}
