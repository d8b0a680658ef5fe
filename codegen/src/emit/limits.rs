//! `limits`: every effective number as a documented constant.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::config::capacity::Capacity;
use crate::config::datasheet::{Datasheet, Fixed, Knob};
use crate::config::plan::Plan;
use crate::emit::capacity_doc;
use crate::emit::module_tree::{Module, indent};
use crate::schema::names;

/// Returns the Rust text: knobs and fixed sizes, then the fields of the generated messages.
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
    out += "/// The capacity of one field.\n\
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]\n\
            #[non_exhaustive]\n\
            pub struct Field {\n\
            /// Its full name in the schema: `livekit.UserPacket.payload`.\n\
            pub name: &'static str,\n\
            /// Bytes of a string or `bytes` field, or of each string of a list.\n\
            pub bytes: Option<usize>,\n\
            /// Items of a list, entries of a map.\n\
            pub items: Option<usize>,\n\
            /// Bytes of each key of a map.\n\
            pub key_bytes: Option<usize>,\n\
            /// Bytes of each value of a map.\n\
            pub value_bytes: Option<usize>,\n\
            /// The variables of the environment that set them; none for a size of the protocol.\n\
            pub knobs: &'static [&'static str],\n\
            }\n\n\
            /// Every bounded field of the generated messages, in the order of the schema.\n\
            ///\n\
            /// For programs on a host that need to know the capacities of a device.\n\
            pub const FIELDS: &[Field] = &[\n";
    let (mut tree, mut docs) = (Module::default(), BTreeMap::new());
    for message in plan.messages() {
        for field in &message.fields {
            let name = message.full_name(field);
            let capacity = plan.capacities.get(&name);
            let Some(capacity) = capacity.filter(|_| !plan.dropped.contains(&name)) else {
                continue;
            };
            let Capacity { bytes, items, key_bytes, value_bytes } = capacity;
            let knobs = capacity_doc::knobs(plan, &name);
            writeln!(
                out,
                "Field {{ name: {name:?}, bytes: {bytes:?}, items: {items:?}, \
                 key_bytes: {key_bytes:?}, value_bytes: {value_bytes:?}, knobs: &{knobs:?} }},"
            )
            .expect("a String takes any text");
            let path = names::own_modules(&message.name, &message.package);
            tree.at(&path).items += &constants(&field.name, capacity);
            docs.insert(path, format!("Capacities of `{}`.", message.name));
        }
    }
    out += "];\n\n\
            /// Returns the variables that set the capacities of a field: for\n\
            /// [`OverCapacity::field`](crate::OverCapacity::field).\n\
            ///\n\
            /// Empty for a field that the protocol bounds or that does not exist. It searches [`FIELDS`], which\n\
            /// is linked into programs that call this.\n\
            ///\n\
            /// ```\n\
            /// let knobs = livekit_micro::limits::knobs_of(\"livekit.UserPacket.payload\");\n\
            /// assert_eq!(knobs, [\"LIVEKIT_MICRO_PAYLOAD_BYTES\"]);\n\
            /// ```\n\
            pub fn knobs_of(field: &str) -> &'static [&'static str] {\n    \
            FIELDS.iter().find(|known| known.name == field).map_or(&[], |known| known.knobs)\n\
            }\n\n";
    let doc = |path: &[String]| match docs.get(path) {
        Some(doc) => doc.clone(),
        None => "Capacities of nested messages.".to_owned(),
    };
    let fields = indent(&tree.print(&[], "", &doc));
    out + &format!(
        "/// One module per message, one constant per capacity.\npub mod fields {{\n{fields}}}\n"
    )
}

/// Returns one constant per capacity of a field.
fn constants(field: &str, capacity: &Capacity) -> String {
    let constant = names::field(field).trim_end_matches('_').to_uppercase();
    let Capacity { bytes, items, key_bytes, value_bytes } = *capacity;
    let parts = [
        ("BYTES", bytes, "Maximum bytes of"),
        ("ITEMS", items, "Maximum items of"),
        ("KEY_BYTES", key_bytes, "Maximum bytes of a key of"),
        ("VALUE_BYTES", value_bytes, "Maximum bytes of a value of"),
    ];
    let parts = parts.into_iter().filter_map(|(part, value, what)| {
        let value = value?;
        Some(format!("/// {what} `{field}`.\npub const {constant}_{part}: usize = {value};\n"))
    });
    parts.collect()
}
