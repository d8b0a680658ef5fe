//! `owned`: micropb-gen's types with the names and paths of the official prost crate.
//!
//! micropb-gen keeps protobuf's names and puts what is nested in a message `X` into a module `X_`.
//! Here names and modules change ([`tokens`]), enums and companions are added, and micropb's own
//! traits are kept out of the documentation ([`place`]).

use std::path::Path;

use super::plan::Plan;
use super::{micropb, place, tokens};

/// Generates the plan's messages and enums as one Rust file.
pub fn generate(plan: &Plan, out_dir: &Path) -> String {
    let written = tokens::mend(tokens::last_one_wins(micropb::generate(plan, out_dir)));
    let renamed = tokens::rename(written, &tokens::idents(&plan.schema));
    let mut file: syn::File = syn::parse2(renamed).expect("micropb-gen writes valid Rust");
    file.items = place::all(plan, file.items);
    prettyplease::unparse(&file)
}
