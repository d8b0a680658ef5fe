//! `owned`: micropb-gen's types with the names and paths of the official prost crate.
//!
//! micropb-gen keeps protobuf's names and puts what is nested in a message `X` into a module `X_`.
//! Here names and modules change ([`tokens`]), enums are added, and micropb's own codec is taken out
//! ([`place`]): owned_codec.rs writes another.

pub mod codec;
mod copy_from;
mod layout;
mod micropb;
mod tokens;

use std::path::Path;

use crate::config::plan::Plan;

/// Generates the plan's messages and enums as one Rust file.
pub fn generate(plan: &Plan, out_dir: &Path) -> String {
    let written = micropb::generate(plan, out_dir);
    let renamed = tokens::rename(written, &tokens::idents(&plan.schema));
    let mut file: syn::File = syn::parse2(renamed).expect("micropb-gen writes valid Rust");
    file.items = layout::all(plan, file.items);
    prettyplease::unparse(&file)
}
