//! nanopb's options: every field lies in its message and has the capacity that it has in our owned
//! family. Nothing is a callback and nothing comes from a heap.

use std::fmt::Write as _;

use measure_schema::capacity;
use prost_types::FileDescriptorSet;
use prost_types::field_descriptor_proto::{Label, Type};

use measure_schema::{messages, proto::is_map_entry};

/// The content of `livekit.options`.
pub fn of(set: &FileDescriptorSet) -> String {
    let mut options = String::new();
    for (name, message) in messages::all(set) {
        let entry = is_map_entry(message);
        for field in &message.field {
            let full = format!("{name}.{}", field.name());
            // A map is a list of entries to nanopb, whose fields have the map's row.
            let row = if entry { map_of(set, &name) } else { full.clone() };
            let capacity = capacity(&row).unwrap_or_default();
            let bytes = match (entry, field.name()) {
                (true, "key") => capacity.key_bytes,
                (true, _) => capacity.value_bytes,
                (false, _) => capacity.bytes,
            };
            let need = |what: Option<u32>| what.unwrap_or_else(|| panic!("{row} has no capacity"));
            if !entry && field.label() == Label::Repeated {
                writeln!(options, "{full} max_count:{}", need(capacity.items)).expect("a string");
            }
            // Of a string that many bytes and a NUL.
            let size = match field.r#type() {
                Type::String => "max_length",
                Type::Bytes => "max_size",
                _ => continue,
            };
            writeln!(options, "{full} {size}:{}", need(bytes)).expect("a string");
        }
    }
    options
}

/// The full name of the map that has this entry.
fn map_of(set: &FileDescriptorSet, entry: &str) -> String {
    let path = format!(".{entry}");
    let fields = messages::all(set).into_iter().flat_map(|(name, message)| {
        message.field.iter().map(move |field| (format!("{name}.{}", field.name()), field))
    });
    let mut maps = fields.filter(|(_, field)| field.type_name() == path);
    maps.next().unwrap_or_else(|| panic!("no map has the entry {entry}")).0
}
