//! What stands in a log in place of a payload or a secret.

#![allow(dead_code, reason = "not every feature's messages have such fields")]

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
