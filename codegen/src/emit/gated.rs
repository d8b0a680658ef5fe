//! Names of what the features of this build do not bring, so that rustc tells which feature to turn on.
//!
//! `#[cfg(feature = "rtc")] pub struct SignalRequest;` is written only while the feature is off. It never
//! exists, but rustc remembers it: "the item is gated behind the `rtc` feature".
//!
//! rustc looks for such an item only in the module that a path names, not through `pub use generated::*`.
//! So those of the root are a file of their own, which `borrowed` and `owned` include directly.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::features;
use crate::config::plan::Plan;
use crate::emit::module_tree::Module;
use crate::schema::names;

/// Returns the names of the root of a family.
pub fn root(plan: &Plan) -> String {
    stubs(plan).iter().filter(|(stub, _)| stub.path.is_empty()).map(print).collect()
}

/// Adds the names of the modules that exist in this build.
pub fn add_nested(plan: &Plan, root: &mut Module) {
    for stub in stubs(plan).iter().filter(|(stub, _)| !stub.path.is_empty()) {
        root.at(&stub.0.path).items += &print(stub);
    }
}

/// An item that is off.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Stub {
    /// The module that it would be in; that one exists.
    path: Vec<String>,
    item: String,
}

fn print((stub, features): (&Stub, &BTreeSet<String>)) -> String {
    let features: Vec<String> = features.iter().map(|f| format!("feature = {f:?}")).collect();
    let condition = match features.as_slice() {
        [feature] => feature.clone(),
        features => format!("any({})", features.join(", ")),
    };
    format!("#[cfg({condition})]\npub {}\n", stub.item)
}

/// Returns all items that are off with the features that bring them. Google's messages have none of
/// their own.
fn stubs(plan: &Plan) -> BTreeMap<Stub, BTreeSet<String>> {
    let modules = modules(plan);
    let mut stubs: BTreeMap<Stub, BTreeSet<String>> = BTreeMap::new();
    let mut add = |file: &str, path: &[String], item: String| {
        let missing = (1..=path.len()).find(|&end| !modules.contains(&path[..end]));
        let stub = match missing {
            Some(end) => {
                Stub { path: path[..end - 1].to_vec(), item: format!("mod {} {{}}", path[end - 1]) }
            }
            None if item.is_empty() => return,
            None => Stub { path: path.to_vec(), item },
        };
        stubs.entry(stub).or_default().insert(features::of_file(file));
    };
    let off = |name: &str, file: &str| !plan.wanted.contains(name) && !file.starts_with("google/");
    let item = |name: &str| format!("struct {};", names::type_name(names::last(name)));
    for message in plan.schema.messages.iter().filter(|m| off(&m.name, &m.file)) {
        let path = names::modules_of(&message.name, &message.package);
        add(&message.file, &path, item(&message.name));
        if !message.oneofs.is_empty() {
            add(&message.file, &names::own_modules(&message.name, &message.package), String::new());
        }
    }
    for found in plan.schema.enums.iter().filter(|e| off(&e.name, &e.file)) {
        add(&found.file, &names::modules_of(&found.name, &found.package), item(&found.name));
    }
    stubs
}

/// Returns the paths of the modules that this build generates.
fn modules(plan: &Plan) -> BTreeSet<Vec<String>> {
    let mut modules = BTreeSet::new();
    let mut add = |path: Vec<String>| {
        modules.extend((1..=path.len()).map(|end| path[..end].to_vec()));
    };
    for message in plan.messages() {
        add(names::modules_of(&message.name, &message.package));
        if !message.oneofs.is_empty() {
            add(names::own_modules(&message.name, &message.package));
        }
    }
    for item in plan.schema.enums.iter().filter(|item| plan.wanted.contains(&item.name)) {
        add(names::modules_of(&item.name, &item.package));
    }
    modules
}
