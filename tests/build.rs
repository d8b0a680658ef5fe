//! Writes a program that names every type, field, value and case that prost-build makes of the
//! schema, at its path below `owned`: it compiles only if ours are called the same.
//!
//! The official crate is prost-build's output, so its paths are these; the differences that are
//! meant are in [`ours`].

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use prost::Message as _;
use syn::{Fields, Item};

fn main() {
    println!("cargo::rerun-if-changed=../protocol/livekit.binpb");
    let set = fs::read("../protocol/livekit.binpb").expect("the schema is there");
    let set = prost_types::FileDescriptorSet::decode(set.as_slice()).expect("it is compiled");
    let out_dir = env::var("OUT_DIR").expect("cargo sets it");
    let prost_dir = Path::new(&out_dir).join("prost");
    fs::create_dir_all(&prost_dir).expect("OUT_DIR is writable");
    let mut config = prost_build::Config::new();
    config.out_dir(&prost_dir).compile_fds(set).expect("prost-build takes the schema");

    let mut program = String::new();
    for (file, root) in
        [("livekit.rs", vec![]), ("livekit.agent.rs", vec!["agent"]), ("logger.rs", vec!["logger"])]
    {
        let text = fs::read_to_string(prost_dir.join(file)).expect("prost-build wrote it");
        let root = root.into_iter().map(str::to_owned).collect::<Vec<_>>();
        walk(&syn::parse_file(&text).expect("it is Rust").items, &root, &mut program);
    }
    fs::write(Path::new(&out_dir).join("names.rs"), program).expect("OUT_DIR is writable");
}

/// Names everything in `items`, which lie in the module `path`.
fn walk(items: &[Item], path: &[String], out: &mut String) {
    for item in items {
        match item {
            Item::Mod(module) => {
                let inside = [path, &[module.ident.to_string()]].concat();
                walk(&module.content.as_ref().expect("modules are inline").1, &inside, out);
            }
            Item::Struct(message) => {
                let name = full(path, &message.ident);
                let fields = message.fields.iter().filter_map(|field| field.ident.as_ref());
                let uses: String =
                    fields.map(|field| format!("let _ = &m.{};", ours(field))).collect();
                writeln!(out, "const _: fn(&{name}) = |m| {{ let _ = m; {uses} }};").unwrap();
            }
            // prost's enums have numbers, its oneofs have contents.
            Item::Enum(item) => {
                let name = full(path, &item.ident);
                for variant in &item.variants {
                    let case = &variant.ident;
                    match variant.fields {
                        Fields::Unit => writeln!(out, "const _: {name} = {name}::{case};").unwrap(),
                        _ => writeln!(
                            out,
                            "const _: fn(&{name}) -> bool = |v| matches!(v, {name}::{case}(_));"
                        )
                        .unwrap(),
                    }
                }
            }
            _ => {}
        }
    }
}

fn full(path: &[String], name: &syn::Ident) -> String {
    let mut full = String::from("livekit_micro::owned");
    for part in path.iter().map(String::as_str).chain([name.to_string().as_str()]) {
        write!(full, "::{part}").unwrap();
    }
    full
}

/// Our name of a field: `type_` where prost has `r#type`.
fn ours(field: &syn::Ident) -> String {
    match field.to_string().strip_prefix("r#") {
        Some(keyword) => format!("{keyword}_"),
        None => field.to_string(),
    }
}
