//! `owned`: the structs and oneofs of micropb-gen with the names, paths and enums of the official prost
//! crate.
//!
//! [`micropb`] drives micropb-gen, [`declarations`] reads what it wrote, and this module prints it with
//! documentation. What the messages implement is in [`codec`].

pub mod codec;
mod copy_from;
mod declarations;
mod micropb;

use std::path::Path;

use crate::config::plan::Plan;
use crate::emit::module_tree::{Module, doc, indent};
use crate::emit::owned::declarations::Declaration;
use crate::emit::{capacity_doc, enums, gated};
use crate::error::{Result, err};
use crate::schema::names;
use crate::schema::{Field, HAND_WRITTEN, Member, Message, Oneof};

/// Generates the plan's messages and enums as one Rust file.
pub fn generate(plan: &Plan, out_dir: &Path) -> Result<String> {
    let mut declarations = micropb::generate(plan, out_dir)?;
    let mut declared = |path: String| match declarations.remove(&path) {
        Some(declaration) => Ok(declaration),
        None => err!("micropb-gen: did not generate {path}"),
    };
    let mut root = Module::default();
    for message in plan.messages().filter(|message| message.hand_written().is_none()) {
        let declaration = declared(plan.schema.path(&message.name).to_owned())?;
        let path = names::modules_of(&message.name, &message.package);
        root.at(&path).items += &of_message(plan, message, &declaration);
        for member in message.members(|field| plan.is_owned(message, field)) {
            if let Member::Oneof(oneof, cases) = member {
                let declaration = declared(plan.schema.oneof_path(message, oneof))?;
                let path = names::own_modules(&message.name, &message.package);
                root.at(&path).items += &of_oneof(plan, message, oneof, &cases, &declaration);
            }
        }
    }
    for item in plan.schema.enums.iter().filter(|item| plan.wanted.contains(&item.name)) {
        let path = names::modules_of(&item.name, &item.package);
        root.at(&path).items += &enums::of_enum(plan, item);
    }
    if plan.has_hand_written() {
        let names = HAND_WRITTEN.join(", ");
        root.at(&names::package_modules("google.protobuf")).items +=
            &format!("pub use crate::owned::json::{{Entries, Items, Json, {names}}};\n");
    }
    gated::add_nested(plan, &mut root);
    let docs = plan.module_docs();
    Ok(root.print(&[], "", &|path| docs.get(path).cloned().unwrap_or_default()))
}

fn of_message(plan: &Plan, message: &Message, declaration: &Declaration) -> String {
    let mut fields = String::new();
    for (name, ty) in &declaration.members {
        let field =
            message.fields.iter().find(|f| f.oneof.is_none() && names::field(&f.name) == *name);
        let oneof = message.oneofs.iter().find(|oneof| names::field(&oneof.name) == *name);
        let text = match (field, oneof) {
            (Some(field), _) => field_doc(plan, message, field),
            (None, Some(oneof)) => doc(&oneof.comment),
            (None, None) => String::new(),
        };
        fields += &format!("{text}pub {name}: {ty},\n");
    }
    format!(
        "\n{}///\n/// Borrowed counterpart: [`borrowed`](crate::borrowed::{}).\n{}#[derive({})]\n\
         pub struct {} {{\n{}}}\n",
        doc(&message.comment),
        plan.schema.path(&message.name),
        plan.label(&message.name),
        declaration.derives,
        names::type_name(names::last(&message.name)),
        indent(&fields),
    )
}

fn of_oneof(
    plan: &Plan,
    message: &Message,
    oneof: &Oneof,
    cases: &[&Field],
    declaration: &Declaration,
) -> String {
    let mut variants = String::new();
    for (name, ty) in &declaration.members {
        let case = cases.iter().find(|case| names::type_name(&case.name) == *name);
        let text = case.map_or(String::new(), |case| field_doc(plan, message, case));
        variants += &format!("{text}{name}({ty}),\n");
    }
    format!(
        "\n{}{}#[derive({})]\npub enum {} {{\n{}}}\n",
        doc(&oneof.comment),
        plan.label(&message.name),
        declaration.derives,
        names::type_name(&oneof.name),
        indent(&variants),
    )
}

/// The documentation of a field: the schema's comment and what bounds the field.
fn field_doc(plan: &Plan, message: &Message, field: &Field) -> String {
    let comment = doc(&field.comment);
    match capacity_doc::of_field(plan, message, field) {
        bound if bound.is_empty() => comment,
        bound => format!("{comment}///\n/// {bound}\n"),
    }
}
