//! `tags`: every field's tag as a constant, for the pull reader and the writer.

use std::fmt::Write as _;

use crate::config::plan::Plan;
use crate::emit::module_tree::Module;
use crate::schema::{Field, Member, Message, names};

/// Returns the Rust text: one module per message, and one per map of it.
pub fn generate(plan: &Plan) -> String {
    let mut root = Module::default();
    let mut docs = plan.module_docs();
    for message in plan.messages() {
        let path = names::own_modules(&message.name, &message.package);
        root.at(&path).items = constants(message);
        for field in &message.fields {
            let Some(entry) = plan.schema.entry(field) else { continue };
            let path = [&path[..], &[names::module(names::last(&entry.name))]].concat();
            root.at(&path).items = entry.fields.iter().map(constant).collect();
            docs.insert(path, format!("Tags of an entry of the map `{}`.", field.name));
        }
    }
    root.print(&[], "", &|path| match docs.get(path) {
        Some(doc) => doc.replace("Types of the parts of", "Tags of").replace("Messages", "Tags"),
        None => String::new(),
    })
}

/// The tags of a message's fields, the highest number of one, and for each oneof which tags are its members'.
fn constants(message: &Message) -> String {
    let mut text: String = message.fields.iter().map(constant).collect();
    if let Some(highest) = message.fields.iter().map(|field| field.number).max() {
        let doc = "/// The highest number of a field of this schema.";
        writeln!(text, "{doc}\npub const HIGHEST_NUMBER: u32 = {highest};").expect("a string");
    }
    for member in message.members(|_| true) {
        let Member::Oneof(oneof, fields) = member else { continue };
        let tags: Vec<String> = fields.iter().map(|field| field.tag()).collect();
        write!(
            text,
            "/// Returns `true` if `tag` is that of a member of the oneof `{0}`.\n\
             pub const fn is_{0}(tag: u32) -> bool {{\n    matches!(tag, {1})\n}}\n",
            oneof.name,
            tags.join(" | ")
        )
        .expect("a string");
    }
    text
}

fn constant(field: &Field) -> String {
    let name = names::field(&field.name);
    format!(
        "/// `{}`, field {}.\npub const {}: u32 = {};\n",
        field.name,
        field.number,
        name.trim_end_matches('_').to_uppercase(),
        field.tag()
    )
}
