//! `limits`: every effective number as a documented constant.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::capacity::Capacity;
use super::datasheet::{Datasheet, Fixed, Knob};
use super::names;
use super::plan::Plan;
use super::tree::{Module, indent};

/// The Rust text of the module: knobs and fixed sizes, then the fields of what is generated.
pub fn generate(plan: &Plan) -> String {
    let Datasheet { knobs, fixed, .. } = plan.datasheet;
    let mut out = String::new();
    for Knob { name, default, min, max, doc } in knobs {
        let value = plan.sizes[name];
        write!(
            out,
            "/// {doc}\n///\n/// {min} to {max}, by default {default}; set by `LIVEKIT_MICRO_{name}`.\n\
             pub const {name}: usize = {value};\n\n"
        )
        .expect("a String takes any text");
    }
    for Fixed { name, value, doc } in fixed {
        write!(
            out,
            "/// {doc}\n///\n/// Fixed by the protocol.\npub const {name}: usize = {value};\n\n"
        )
        .expect("a String takes any text");
    }
    out += "/// What bounds one field.\n\
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]\n\
            #[non_exhaustive]\n\
            pub struct Field {\n\
            /// Its full name in the schema: `livekit.UserPacket.payload`.\n\
            pub name: &'static str,\n\
            /// Bytes of a `string` or `bytes` field, or of each string of a list.\n\
            pub bytes: Option<usize>,\n\
            /// Items of a list, entries of a map.\n\
            pub items: Option<usize>,\n\
            /// Bytes of each key of a map.\n\
            pub key_bytes: Option<usize>,\n\
            /// Bytes of each value of a map.\n\
            pub value_bytes: Option<usize>,\n\
            }\n\n\
            /// Every bounded field of the generated messages, in the order of the schema.\n\
            ///\n\
            /// For programs on a host that want to know what a device can take.\n\
            pub const FIELDS: &[Field] = &[\n";
    let (mut tree, mut docs) = (Module::default(), BTreeMap::new());
    for message in plan.messages() {
        for field in &message.fields {
            let name = format!("{}.{}", message.name, field.name);
            let capacity = plan.capacities.get(&name);
            let Some(capacity) = capacity.filter(|_| !plan.dropped.contains(&name)) else {
                continue;
            };
            let Capacity { bytes, items, key_bytes, value_bytes } = capacity;
            writeln!(
                out,
                "Field {{ name: {name:?}, bytes: {bytes:?}, items: {items:?}, \
                 key_bytes: {key_bytes:?}, value_bytes: {value_bytes:?} }},"
            )
            .expect("a String takes any text");
            let path = names::own_modules(&message.name, &message.package);
            tree.at(&path).items += &constants(&field.name, capacity);
            docs.insert(path, format!("Bounds of `{}`.", message.name));
        }
    }
    out += "];\n";
    let doc = |path: &[String]| match docs.get(path) {
        Some(doc) => doc.clone(),
        None => "Bounds of what is nested here.".to_owned(),
    };
    let fields = indent(&tree.print(&[], "", &doc));
    out + &format!(
        "/// One module a message, one constant a bound.\npub mod fields {{\n{fields}}}\n"
    )
}

/// One constant a bound of a field.
fn constants(field: &str, capacity: &Capacity) -> String {
    let constant = names::field(field).trim_end_matches('_').to_uppercase();
    let Capacity { bytes, items, key_bytes, value_bytes } = *capacity;
    let parts = [
        ("BYTES", bytes, "Most bytes of"),
        ("ITEMS", items, "Most items of"),
        ("KEY_BYTES", key_bytes, "Most bytes of a key of"),
        ("VALUE_BYTES", value_bytes, "Most bytes of a value of"),
    ];
    let parts = parts.into_iter().filter_map(|(part, value, what)| {
        let value = value?;
        Some(format!("/// {what} `{field}`.\npub const {constant}_{part}: usize = {value};\n"))
    });
    parts.collect()
}
