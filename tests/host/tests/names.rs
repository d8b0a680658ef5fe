//! Every type, field, value and case of the schema is called as in the official prost crate.

#![cfg(feature = "full")]

use testkit::names::PROGRAM;

#[test]
fn names_are_those_of_the_official_crate() {
    let types = PROGRAM.matches("const _: fn(&").count();
    println!(
        "\n{types} structs and oneof cases, all their fields and enum values, called the same"
    );
    assert!(types > 535);
}
