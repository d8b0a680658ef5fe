//! What buffa-build makes of the schema, and its views under the messages' own names.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use heck::{ToSnakeCase, ToUpperCamelCase};
use measure_schema::proto::is_map_entry;
use prost::Message as _;
use prost_types::DescriptorProto;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out_dir = env::var_os("OUT_DIR").expect("cargo sets it");
    let schema = measure_schema::set();
    let set = Path::new(&out_dir).join("set");
    fs::write(&set, schema.encode_to_vec()).expect("OUT_DIR is writable");
    buffa_build::Config::new()
        .descriptor_set(&set)
        .files(&["livekit.proto"])
        // The other codecs drop them.
        .preserve_unknown_fields(false)
        .include_file("mod.rs")
        .compile()
        .expect("buffa-build takes the schema");

    let mut names = String::new();
    for message in &schema.file[0].message_type {
        rename(&mut names, "", message);
        let nested = message.nested_type.iter();
        let nested: Vec<_> = nested.filter(|it| !is_map_entry(it)).collect();
        if !nested.is_empty() {
            let module = message.name().to_snake_case();
            writeln!(names, "pub mod {module} {{").expect("a string");
            nested.into_iter().for_each(|it| rename(&mut names, &format!("::{module}"), it));
            names.push_str("}\n");
        }
    }
    fs::write(Path::new(&out_dir).join("names.rs"), names).expect("OUT_DIR is writable");
}

fn rename(names: &mut String, module: &str, message: &DescriptorProto) {
    let (theirs, name) = (message.name(), message.name().to_upper_camel_case());
    writeln!(names, "pub use crate::generated::livekit{module}::{theirs}View as {name};")
        .expect("a string");
}
