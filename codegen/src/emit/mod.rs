//! The Rust text that is generated from a plan.

pub mod borrowed;
mod capacity_doc;
pub mod debug;
pub mod enums;
pub mod field_types;
pub mod gated;
pub mod limits;
pub mod logs;
pub mod module_tree;
pub mod owned;
pub mod registry;
pub mod tags;
