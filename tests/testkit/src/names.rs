//! Every type, field, value and case of the schema is called as in the official prost crate.
//!
//! prost-build, which made that crate, names them in build.rs; what it wrote compiles only if `owned`
//! has all of them at the same paths.

#![allow(deprecated, non_upper_case_globals)]

include!(concat!(env!("OUT_DIR"), "/names.rs"));

/// The program that names them, as text.
pub const PROGRAM: &str = include_str!(concat!(env!("OUT_DIR"), "/names.rs"));
