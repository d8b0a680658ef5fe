//! Three things out of what prost-build makes of the schema.
//!
//! - `names.rs` names every type, field, value and case at its path below `owned`, and every enum
//!   below `borrowed`: it compiles only if ours are called the same. The official crate is
//!   prost-build's output, so its paths are these; the difference that is meant is in [`ours`].
//! - `shapes.rs` says what each borrowed type is made of, as a call of the macro `shape`: who includes
//!   it says what is to be done with that.
//! - `prost/mod.rs` has prost's types, to compare bytes with.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use codegen::config::features;
use codegen::schema::Schema;
use prost::Message as _;
use prost_types::{DescriptorProto, EnumDescriptorProto};
use quote::ToTokens;
use syn::{Fields, Item, ItemEnum, ItemStruct};

pub fn generate() {
    println!("cargo::rerun-if-changed=ways.rs");
    println!("cargo::rerun-if-changed=../../protocol/livekit.binpb");
    let set = fs::read("../../protocol/livekit.binpb").expect("the schema is there");
    let mut set = prost_types::FileDescriptorSet::decode(set.as_slice()).expect("it is compiled");
    // prost-build would look for comments that are not there.
    set.file.iter_mut().for_each(|file| file.source_code_info = None);
    let mut walk = Walk::default();
    if cfg!(not(feature = "full")) {
        walk.others = keep_some(&mut set);
    }
    let out_dir = env::var("OUT_DIR").expect("cargo sets it");
    let prost_dir = Path::new(&out_dir).join("prost");
    fs::create_dir_all(&prost_dir).expect("OUT_DIR is writable");
    let mut config = prost_build::Config::new();
    // Sorted, so that its bytes are the same each time.
    config.btree_map(["."]).include_file("mod.rs").compile_well_known_types();
    config.out_dir(&prost_dir).compile_fds(set).expect("prost-build takes the schema");

    for (file, root) in PACKAGES {
        // prost-build writes no file for a package that has no messages.
        let text = fs::read_to_string(prost_dir.join(file)).unwrap_or_default();
        let root: Vec<String> = root.iter().map(|&part| part.to_owned()).collect();
        let mut items = syn::parse_file(&text).expect("it is Rust").items;
        if file.starts_with("google") {
            items.retain(is_used);
        }
        walk.find_plain(&items, "");
        walk.walk(&items, &root);
    }
    let shapes = format!(
        "#[macro_export]\nmacro_rules! for_each_shape {{\n($callback:ident) => {{\n{}}};\n}}\n",
        walk.shapes
    );
    for (name, text) in [("names.rs", walk.names), ("shapes.rs", shapes)] {
        fs::write(Path::new(&out_dir).join(name), text).expect("OUT_DIR is writable");
    }
}

/// The features of livekit-micro whose messages a build without `full` has: those of Cargo.toml.
const SOME: [&str; 8] = [
    "agent-inference",
    "agent-session",
    "agent-simulation",
    "agentdb",
    "data",
    "egress",
    "room",
    "rtc",
];

/// Leaves the messages and enums of [`SOME`], what they are nested in, and Google's description of schemas.
/// Returns the paths of messages that have no type of ours.
fn keep_some(set: &mut prost_types::FileDescriptorSet) -> BTreeSet<String> {
    let schema = Schema::read(&set.encode_to_vec()).expect("it is a schema");
    let names = features::closure(&schema, |feature| SOME.contains(&feature));
    for file in set.file.iter_mut().filter(|file| !file.name().ends_with("descriptor.proto")) {
        let package = file.package().to_owned();
        keep(&package, &names, &mut file.message_type, &mut file.enum_type);
        file.service.clear();
    }
    let others = schema.messages.iter().filter(|message| !names.contains(&message.name));
    others
        .map(|message| format!("livekit_micro::borrowed::{}", schema.path(&message.name)))
        .collect()
}

fn keep(
    scope: &str,
    names: &BTreeSet<String>,
    messages: &mut Vec<DescriptorProto>,
    enums: &mut Vec<EnumDescriptorProto>,
) {
    let is_wanted = |name: &str| names.contains(&format!("{scope}.{name}"));
    let is_entry = |item: &DescriptorProto| item.options.as_ref().is_some_and(|it| it.map_entry());
    enums.retain(|item| is_wanted(item.name()));
    messages.retain_mut(|item| {
        let stays = is_wanted(item.name()) || is_entry(item);
        if !stays {
            item.field.clear();
            item.oneof_decl.clear();
            item.nested_type.retain(|nested| !is_entry(nested));
        }
        let scope = format!("{scope}.{}", item.name());
        keep(&scope, names, &mut item.nested_type, &mut item.enum_type);
        stays || !item.nested_type.is_empty() || !item.enum_type.is_empty()
    });
}

/// Files and the modules that they are of.
const PACKAGES: [(&str, &[&str]); 4] = [
    ("livekit.rs", &[]),
    ("livekit.agent.rs", &["agent"]),
    ("logger.rs", &["logger"]),
    ("google.protobuf.rs", &["google", "protobuf"]),
];

/// Google's that messages of LiveKit refer to; the others describe schemas.
fn is_used(item: &Item) -> bool {
    let name = match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Mod(item) => item.ident.to_string(),
        _ => return false,
    };
    ["Any", "Duration", "Timestamp", "Struct", "Value", "ListValue", "NullValue", "value"]
        .contains(&name.as_str())
}

#[derive(Default)]
struct Walk {
    names: String,
    shapes: String,
    /// `module::Name` of the oneofs whose cases are all numbers.
    plain: BTreeSet<String>,
    /// Messages that have no type of ours, because they only have types of ours nested in them.
    others: BTreeSet<String>,
}

impl Walk {
    fn find_plain(&mut self, items: &[Item], module: &str) {
        for item in items {
            match item {
                Item::Mod(inside) => {
                    let items = &inside.content.as_ref().expect("modules are inline").1;
                    self.find_plain(items, &inside.ident.to_string());
                }
                Item::Enum(item) => {
                    let fields = || item.variants.iter().flat_map(|variant| &variant.fields);
                    if fields().next().is_some() && fields().all(|field| is_number(&field.ty)) {
                        self.plain.insert(format!("{module}::{}", item.ident));
                    }
                }
                _ => {}
            }
        }
    }

    /// Names everything in `items`, which lie in the module `path`.
    fn walk(&mut self, items: &[Item], path: &[String]) {
        for item in items {
            match item {
                Item::Mod(module) => {
                    let inside = [path, &[module.ident.to_string()]].concat();
                    self.walk(&module.content.as_ref().expect("modules are inline").1, &inside);
                }
                Item::Struct(message) => self.message(message, path),
                // prost's enums have numbers, its oneofs have contents.
                Item::Enum(item) if item.variants.iter().any(|v| v.fields != Fields::Unit) => {
                    self.oneof(item, path);
                }
                Item::Enum(item) => {
                    let name = full("owned", path, &item.ident);
                    let pair = full("borrowed", path, &item.ident);
                    for variant in &item.variants {
                        let case = &variant.ident;
                        writeln!(self.names, "const _: {name} = {pair}::{case};").unwrap();
                    }
                    self.shape(&pair, false, "number", &[]);
                }
                _ => {}
            }
        }
    }

    fn message(&mut self, message: &ItemStruct, path: &[String]) {
        if self.others.contains(&full("borrowed", path, &message.ident)) {
            return;
        }
        let name = full("owned", path, &message.ident);
        let fields: Vec<String> =
            message.fields.iter().filter_map(|field| field.ident.as_ref()).map(ours).collect();
        // These three are written by hand, and have no fields.
        let is_json = ["Struct", "Value", "ListValue"].iter().any(|json| message.ident == json);
        let named = if path.first().is_some_and(|root| root == "google") && is_json {
            &[][..]
        } else {
            &fields
        };
        let uses: String = named.iter().map(|field| format!("let _ = &m.{field};")).collect();
        writeln!(self.names, "const _: fn(&{name}) = |m| {{ let _ = m; {uses} }};").unwrap();

        let refers = message.fields.iter().any(|field| {
            let ty = field.ty.to_token_stream().to_string().replace(' ', "");
            let one = ty.trim_start_matches("::core::option::Option<").trim_end_matches('>');
            let is_oneof = field
                .attrs
                .iter()
                .any(|attribute| attribute.to_token_stream().to_string().contains("oneof ="));
            match is_oneof {
                true => !self.plain.iter().any(|oneof| one.ends_with(oneof)),
                false => !NUMBERS.contains(&one),
            }
        });
        self.shape(&full("borrowed", path, &message.ident), refers, "message", &fields);
    }

    fn oneof(&mut self, item: &ItemEnum, path: &[String]) {
        let name = full("owned", path, &item.ident);
        let is_json = path.first().is_some_and(|root| root == "google");
        for variant in &item.variants {
            let case = &variant.ident;
            let names = format!("matches!(v, {name}::{case}(_))");
            if !is_json {
                writeln!(self.names, "const _: fn(&{name}) -> bool = |v| {names};").unwrap();
            }
        }
        let module = path.last().map_or("", String::as_str);
        let refers = !self.plain.contains(&format!("{module}::{}", item.ident));
        let cases: Vec<String> = item.variants.iter().map(|v| v.ident.to_string()).collect();
        self.shape(&full("borrowed", path, &item.ident), refers, "oneof", &cases);
    }

    fn shape(&mut self, name: &str, refers: bool, kind: &str, parts: &[String]) {
        let lifetime = if refers { "<'a>" } else { "" };
        let parts = parts.join(" ");
        writeln!(self.shapes, "$callback! {{ {name}{lifetime}: {kind} {parts} }}").unwrap();
    }
}

const NUMBERS: [&str; 7] = ["bool", "i32", "i64", "u32", "u64", "f32", "f64"];

fn is_number(ty: &syn::Type) -> bool {
    NUMBERS.contains(&ty.to_token_stream().to_string().as_str())
}

fn full(family: &str, path: &[String], name: &syn::Ident) -> String {
    let path = path.iter().map(|part| format!("::{part}")).collect::<String>();
    format!("livekit_micro::{family}{path}::{name}")
}

/// Our name of a field: `type_` where prost has `r#type`.
fn ours(field: &syn::Ident) -> String {
    match field.to_string().strip_prefix("r#") {
        Some(keyword) => format!("{keyword}_"),
        None => field.to_string(),
    }
}
