//! `tags`: every field's tag as a constant, for the pull reader.

use crate::config::plan::Plan;
use crate::emit::module_tree::Module;
use crate::schema::names;

/// Returns the Rust text: one module per message.
pub fn generate(plan: &Plan) -> String {
    let mut root = Module::default();
    for message in plan.messages() {
        let path = names::own_modules(&message.name, &message.package);
        let module = root.at(&path);
        for field in &message.fields {
            let name = names::field(&field.name);
            let constant = name.trim_end_matches('_').to_uppercase();
            module.items += &format!(
                "/// `{}`, field {}.\npub const {constant}: u32 = {};\n",
                field.name,
                field.number,
                field.tag()
            );
        }
    }
    let docs = plan.module_docs();
    root.print(&[], "", &|path| match docs.get(path) {
        Some(doc) => doc.replace("Types of the parts of", "Tags of").replace("Messages", "Tags"),
        None => String::new(),
    })
}
