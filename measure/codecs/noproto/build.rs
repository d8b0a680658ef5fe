//! noproto has no generator: this writes its structs, with the capacities of `owned`.
//!
//! Every single field is an `Option`, as noproto encodes zeros otherwise. What it has no type for:
//! signed varints are unsigned here, which holds for numbers that are not negative, enums are
//! numbers, maps are lists of entries. Fields of floating point are left out.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use heck::{ToSnakeCase, ToUpperCamelCase};
use measure_schema::proto::is_map_entry;
use measure_schema::{Capacity, capacity, messages};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let set = measure_schema::set();
    let all = messages::all(&set);
    // A module for the types nested in a message, and one for those of the package.
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for name in messages::closure(&all, &["livekit.DataPacket"]) {
        write(&mut modules, &name, all[&name]);
    }
    let mut text = modules.remove("").expect("DataPacket is of the package");
    for (module, types) in modules {
        let parts: Vec<&str> = module.split("::").collect();
        for part in &parts {
            text += &format!("pub mod {part} {{ ");
        }
        text += &types;
        text += &"}\n".repeat(parts.len());
    }
    let out_dir = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out_dir).join("messages.rs"), text).expect("OUT_DIR is writable");
}

/// Writes the message called `name`, its oneofs and the entries of its maps.
fn write(modules: &mut BTreeMap<String, String>, name: &str, message: &DescriptorProto) {
    let path = name.strip_prefix("livekit.").expect("it is of this package");
    let (module, own) = path.rsplit_once('.').unwrap_or(("", path));
    // `DataStream.Header` has its own types in a module of the package, as modules are flat here.
    let inner = path.replace('.', "_").to_snake_case();
    let is_single =
        |field: &&FieldDescriptorProto| field.oneof_index.is_none() || field.proto3_optional();
    let (single, cases): (Vec<_>, Vec<_>) = message.field.iter().partition(is_single);

    let mut fields = String::new();
    for field in single {
        let size = capacity(&format!("{name}.{}", field.name())).unwrap_or_default();
        let is_entry = |it: &&DescriptorProto| {
            is_map_entry(it) && field.type_name().ends_with(&format!(".{}", it.name()))
        };
        let ty = match message.nested_type.iter().find(is_entry) {
            Some(entry) => {
                modules.entry(inner.clone()).or_default().push_str(&map_entry(entry, size));
                Some(format!("crate::messages::{inner}::{}", entry.name()))
            }
            None => type_of(field, size),
        };
        let Some(ty) = ty else { continue };
        let (kind, ty) = match (field.label(), size.items) {
            (Label::Repeated, items) => {
                let items = items.expect("a list has a capacity");
                ("repeated", format!("heapless::Vec<{ty}, {items}>"))
            }
            _ => ("optional", format!("Option<{ty}>")),
        };
        let (number, field) = (field.number(), field.name());
        fields += &format!("#[noproto(tag = \"{number}\", {kind})] pub r#{field}: {ty},");
    }
    for (index, oneof) in (0i32..).zip(&message.oneof_decl) {
        let (mut variants, mut tags) = (String::new(), Vec::new());
        for field in cases.iter().filter(|field| field.oneof_index == Some(index)) {
            let size = capacity(&format!("{name}.{}", field.name())).unwrap_or_default();
            let ty = type_of(field, size).expect("no case is a floating point number");
            let (number, case) = (field.number(), field.name().to_upper_camel_case());
            variants += &format!("#[noproto(tag = \"{number}\")] {case}({ty}),");
            tags.push(number.to_string());
        }
        if !tags.is_empty() {
            let (of, ty) = (oneof.name(), oneof.name().to_upper_camel_case());
            let text = format!("#[derive(noproto::Oneof)] pub enum {ty} {{ {variants} }}\n");
            modules.entry(inner.clone()).or_default().push_str(&text);
            let tags = tags.join(", ");
            fields += &format!(
                "#[noproto(oneof, tags({tags}))] pub {of}: Option<crate::messages::{inner}::{ty}>,"
            );
        }
    }
    let own = own.to_upper_camel_case();
    let text = format!("#[derive(Default, noproto::Message)] pub struct {own} {{ {fields} }}\n");
    modules.entry(module.to_snake_case()).or_default().push_str(&text);
}

fn map_entry(entry: &DescriptorProto, size: Capacity) -> String {
    let part = |index: usize, bytes| {
        let size = Capacity { bytes, ..Default::default() };
        type_of(&entry.field[index], size).expect("no map here is of floating point numbers")
    };
    let (key, value) = (part(0, size.key_bytes), part(1, size.value_bytes));
    format!(
        "#[derive(Default, noproto::Message)] pub struct {} {{
            #[noproto(tag = \"1\", optional)] pub key: Option<{key}>,
            #[noproto(tag = \"2\", optional)] pub value: Option<{value}>, }}\n",
        entry.name()
    )
}

/// The Rust type of a value, `None` where noproto has no encoding for it.
fn type_of(field: &FieldDescriptorProto, size: Capacity) -> Option<String> {
    let bytes = || size.bytes.expect("strings and bytes have a capacity");
    Some(match field.r#type() {
        Type::Float | Type::Double => return None,
        Type::Bool => "bool".to_owned(),
        Type::Int32 | Type::Uint32 | Type::Enum => "u32".to_owned(),
        Type::Int64 | Type::Uint64 => "u64".to_owned(),
        Type::String => format!("heapless::String<{}>", bytes()),
        Type::Bytes => format!("heapless::Vec<u8, {}>", bytes()),
        Type::Message => {
            let path = field.type_name().strip_prefix(".livekit.").expect("of this package");
            let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
            let name = name.to_upper_camel_case();
            match module {
                "" => format!("crate::messages::{name}"),
                _ => format!("crate::messages::{}::{name}", module.to_snake_case()),
            }
        }
        other => panic!("noproto has no {other:?}"),
    })
}
