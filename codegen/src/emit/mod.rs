//! Rust text: what is generated from a plan.

pub mod borrowed;
pub mod debug;
pub mod enums;
pub mod field_types;
pub mod keys;
pub mod limits;
pub mod module_tree;
pub mod owned;
pub mod registry;
