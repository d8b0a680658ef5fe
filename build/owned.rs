//! `owned`: drives micropb-gen and puts its types where people look for them.
//!
//! micropb-gen writes structs, oneofs and their codec. It keeps protobuf's names and puts what is
//! nested in a message `X` into a module `X_`; here names and modules become those of the official
//! prost crate, enums and companions ([`super::companions`]) are added, and micropb's own traits
//! are kept out of the documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use micropb_gen::config::OptionalRepr;
use micropb_gen::{Config, Generator};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::capacity::{Capacities, Capacity};
use super::schema::{Message, Schema, Shape};
use super::{companions, enums, names};

/// The recursive messages of google/protobuf/struct.proto are written by hand (src/owned/json.rs):
/// micropb has no bounded form of a type that holds itself.
const BY_HAND: [&str; 3] = ["Struct", "Value", "ListValue"];

/// Generates the messages and enums in `wanted` as one Rust file.
pub fn generate(
    schema: &Schema,
    wanted: &BTreeSet<String>,
    capacities: &Capacities,
    dropped: &BTreeSet<String>,
    out_dir: &Path,
) -> String {
    let raw = micropb(schema, wanted, capacities, dropped, out_dir);
    let file: syn::File =
        syn::parse2(rename(raw, &idents(schema))).expect("micropb-gen writes valid Rust");
    let mut items = file.items;
    let mut place = Placer { schema, enums: enums::by_module(schema, wanted) };
    place.walk(&mut items, &[]);
    let left: Vec<_> = std::mem::take(&mut place.enums).into_iter().collect();
    for (path, enums) in left {
        place.add_module(&mut items, &path, enums);
    }
    by_hand(wanted, &mut items);
    prettyplease::unparse(&syn::File { shebang: None, attrs: Vec::new(), items })
}

/// What micropb-gen makes of the schema.
fn micropb(
    schema: &Schema,
    wanted: &BTreeSet<String>,
    capacities: &Capacities,
    dropped: &BTreeSet<String>,
    out_dir: &Path,
) -> TokenStream {
    let mut generator = Generator::with_warning_callback(|text| panic!("micropb-gen: {text}"));
    generator.use_container_heapless().suffixed_package_names(false);
    generator.calculate_max_size(false).format(false);
    let everywhere = Config::new()
        .no_accessors(true)
        .no_default_impl(true)
        .optional_repr(OptionalRepr::Option)
        .map_type("crate::codec::Map<$K, $V, $N>");
    generator.configure(".", everywhere);

    for message in &schema.messages {
        let path = format!(".{}", message.name);
        if by_hand_name(&message.name).is_some() {
            let name = message.name.rsplit('.').next().expect("names are not empty");
            generator.extern_type_path(&path, format!("crate::owned::google::protobuf::{name}"));
        } else if wanted.contains(&message.name) {
            configure(&mut generator, schema, message, capacities, dropped);
        } else if !has_wanted_inside(&message.name, wanted) {
            generator.configure(&path, Config::new().skip(true));
        }
    }
    for item in &schema.enums {
        let rust = names::path(&item.name, &item.package);
        generator.extern_type_path(format!(".{}", item.name), format!("crate::owned::{rust}"));
    }

    // The options of protobuf's own descriptors have no place on a device.
    let files = schema.files.iter().filter(|f| !f.name.ends_with("/descriptor.proto"));
    let set: Vec<u8> = files.flat_map(|file| file.record.iter().copied()).collect();
    let (input, output) = (out_dir.join("micropb.binpb"), out_dir.join("micropb.rs"));
    std::fs::write(&input, set).expect("OUT_DIR is writable");
    generator.compile_fdset_file(&input, &output).expect("micropb-gen takes every row");
    let text = std::fs::read_to_string(&output).expect("micropb-gen has just written it");
    text.parse().expect("micropb-gen writes valid Rust")
}

/// Tells micropb-gen the capacity and the Rust name of every field of `message`.
fn configure(
    generator: &mut Generator,
    schema: &Schema,
    message: &Message,
    capacities: &Capacities,
    dropped: &BTreeSet<String>,
) {
    for oneof in &message.oneofs {
        let path = format!(".{}.{oneof}", message.name);
        generator.configure(&path, Config::new().rename_field(&names::field(oneof)));
    }
    for field in &message.fields {
        let name = format!("{}.{}", message.name, field.name);
        let path = format!(".{name}");
        if dropped.contains(&name) {
            generator.configure(&path, Config::new().skip(true));
            continue;
        }
        let capacity = capacities.get(&name).copied().unwrap_or_default();
        let Capacity { bytes, items, key_bytes, value_bytes } = capacity;
        let mut config = Config::new().rename_field(&names::field(&field.name));
        if let Some(items) = items {
            config = config.max_len(items);
        }
        let bytes_of = |bytes: u32| Config::new().max_bytes(bytes);
        match (schema.shape(field), bytes) {
            (Shape::Texts, Some(bytes)) => {
                generator.configure(&format!("{path}.elem"), bytes_of(bytes));
            }
            (_, Some(bytes)) => config = config.max_bytes(bytes),
            (_, None) => {}
        }
        for (half, bytes) in [("key", key_bytes), ("value", value_bytes)] {
            if let Some(bytes) = bytes {
                generator.configure(&format!("{path}.{half}"), bytes_of(bytes));
            }
        }
        generator.configure(&path, config);
    }
}

/// `Struct` for `google.protobuf.Struct`.
fn by_hand_name(full_name: &str) -> Option<&str> {
    full_name.strip_prefix("google.protobuf.").filter(|name| BY_HAND.contains(name))
}

/// A message that is itself not wanted stays if something nested in it is.
fn has_wanted_inside(name: &str, wanted: &BTreeSet<String>) -> bool {
    wanted.iter().any(|other| other.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// Every identifier that changes: type names, and the modules micropb-gen calls `X_`.
fn idents(schema: &Schema) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for message in &schema.messages {
        let name = message.name.rsplit('.').next().expect("names are not empty");
        map.insert(format!("{name}_"), names::module(name));
        map.insert(name.to_owned(), names::type_name(name));
    }
    map
}

fn rename(tokens: TokenStream, idents: &BTreeMap<String, String>) -> TokenStream {
    let one = |token| match token {
        TokenTree::Ident(ident) => {
            // micropb-gen writes `r#kind` for every lower-case name.
            let text = ident.to_string();
            let text = text.strip_prefix("r#").unwrap_or(&text);
            let text = idents.get(text).map_or(text, String::as_str);
            TokenTree::Ident(Ident::new(text, ident.span()))
        }
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), rename(group.stream(), idents)))
        }
        other => other,
    };
    tokens.into_iter().map(one).collect()
}

struct Placer<'a> {
    schema: &'a Schema,
    /// Enums that still look for their module.
    enums: BTreeMap<Vec<String>, Vec<Item>>,
}

impl Placer<'_> {
    /// Adds to the items of the module `path` what micropb-gen does not write.
    fn walk(&mut self, items: &mut Vec<Item>, path: &[String]) {
        let mut added = Vec::new();
        items.retain(|item| !is_empty_impl(item));
        for item in items.iter_mut() {
            match item {
                Item::Mod(module) => {
                    // The package `livekit` is `owned` itself.
                    let inside = match (path, module.ident.to_string().as_str()) {
                        ([], "livekit") => Vec::new(),
                        (path, name) => [path, &[name.to_owned()]].concat(),
                    };
                    module.attrs = vec![self.module_doc(&inside)];
                    let (_, content) = module.content.as_mut().expect("modules are inline");
                    self.walk(content, &inside);
                }
                Item::Struct(message) => added.extend(companions::of(message)),
                Item::Impl(block) if block.trait_.is_some() => {
                    block.attrs.push(parse_quote!(#[doc(hidden)]));
                }
                _ => {}
            }
        }
        items.extend(added);
        let is_package = !path.is_empty() || items.iter().any(|i| matches!(i, Item::Struct(_)));
        if is_package && let Some(enums) = self.enums.remove(path) {
            items.extend(enums);
        }
    }

    /// Makes the module `path`, which micropb-gen had no reason to write, and puts `content` there.
    fn add_module(&mut self, items: &mut Vec<Item>, path: &[String], content: Vec<Item>) {
        let mut items = open(items, &format_ident!("livekit"), || self.module_doc(&[]));
        for depth in 1..=path.len() {
            let name = format_ident!("{}", path[depth - 1]);
            items = open(items, &name, || self.module_doc(&path[..depth]));
        }
        items.extend(content);
    }

    /// The documentation of a module: the package it is, or the message its types belong to.
    fn module_doc(&self, path: &[String]) -> syn::Attribute {
        let packages = |p: &str| names::package_modules(p) == path;
        let text = match self.schema.messages.iter().find(|m| packages(&m.package)) {
            Some(message) => format!(" Messages of the package `{}`.", message.package),
            None => match self.schema.messages.iter().find(|m| {
                let name = m.name.rsplit('.').next().expect("names are not empty");
                let mut own = names::modules_of(&m.name, &m.package);
                own.push(names::module(name));
                own == path
            }) {
                Some(m) => format!(" Types of the parts of `{}`.", &m.name[m.package.len() + 1..]),
                None => " Packages that the schema borrows from others.".to_owned(),
            },
        };
        parse_quote!(#[doc = #text])
    }
}

/// The content of the module `name` among `items`; made if it is not there.
fn open<'a>(
    items: &'a mut Vec<Item>,
    name: &Ident,
    doc: impl Fn() -> syn::Attribute,
) -> &'a mut Vec<Item> {
    let found = items.iter().position(|item| matches!(item, Item::Mod(m) if m.ident == *name));
    let index = found.unwrap_or_else(|| {
        let doc = doc();
        items.push(parse_quote!(#doc pub mod #name {}));
        items.len() - 1
    });
    match &mut items[index] {
        Item::Mod(module) => &mut module.content.as_mut().expect("modules are inline").1,
        _ => unreachable!("only modules are looked for"),
    }
}

fn is_empty_impl(item: &Item) -> bool {
    matches!(item, Item::Impl(block) if block.trait_.is_none() && block.items.is_empty())
}

/// Re-exports the hand-written messages at their place, where something refers to them.
fn by_hand(wanted: &BTreeSet<String>, items: &mut Vec<Item>) {
    let used: Vec<_> = wanted.iter().filter_map(|name| by_hand_name(name)).collect();
    if used.is_empty() {
        return;
    }
    let doc = |text: &str| -> syn::Attribute { parse_quote!(#[doc = #text]) };
    let google = open(items, &format_ident!("google"), || doc(" Packages of Google."));
    let protobuf =
        open(google, &format_ident!("protobuf"), || doc(" Messages of the package `google.protobuf`."));
    let names = BY_HAND.map(|name| format_ident!("{name}"));
    let exports = quote!(pub use crate::owned::json::{#(#names),*};);
    protobuf.push(syn::parse2(exports).expect("a use declaration"));
}
