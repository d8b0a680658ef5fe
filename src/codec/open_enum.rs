//! How open enums print: by name, or as a number the schema does not know.

use core::fmt;

pub fn debug(f: &mut fmt::Formatter<'_>, number: i32, name: Option<&str>) -> fmt::Result {
    match name {
        Some(name) => f.write_str(name),
        None => write!(f, "{number}"),
    }
}

#[cfg(feature = "defmt")]
pub fn format(f: defmt::Formatter<'_>, number: i32, name: Option<&str>) {
    match name {
        Some(name) => defmt::write!(f, "{=str}", name),
        None => defmt::write!(f, "{=i32}", number),
    }
}
