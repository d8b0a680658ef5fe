//! Every type, field, value and case of the schema is called as in the official prost crate.
//!
//! build.rs lets prost-build, which made that crate, name them; what it wrote compiles only if
//! `owned` has all of them at the same paths.

#![allow(deprecated, non_upper_case_globals)]

include!(concat!(env!("OUT_DIR"), "/names.rs"));

#[test]
fn names_are_those_of_the_official_crate() {
    let program = include_str!(concat!(env!("OUT_DIR"), "/names.rs"));
    let types = program.matches("const _: fn(&").count();
    println!(
        "\n{types} structs and oneof cases, all their fields and enum values, called the same"
    );
    assert!(types > 535);
}
