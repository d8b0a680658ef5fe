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
use super::schema::{BY_HAND, Message, Schema, Shape};
use super::{companions, enums, names};

/// Generates the messages and enums in `wanted` as one Rust file.
pub fn generate(
    schema: &Schema,
    wanted: &BTreeSet<String>,
    capacities: &Capacities,
    dropped: &BTreeSet<String>,
    out_dir: &Path,
) -> String {
    let raw = micropb(schema, wanted, capacities, dropped, out_dir);
    let mut file: syn::File =
        syn::parse2(rename(raw, &idents(schema))).expect("micropb-gen writes valid Rust");
    let mut place = Placer { schema, enums: enums::by_module(schema, wanted) };
    file.items = lift_livekit(file.items);
    place.walk(&mut file.items, &[]);
    for (path, enums) in std::mem::take(&mut place.enums) {
        place.add_module(&mut file.items, &path, enums);
    }
    by_hand(schema, wanted, &mut file.items, &place);
    prettyplease::unparse(&file)
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
        if let Some(name) = message.by_hand() {
            generator.extern_type_path(&path, format!("crate::owned::google::protobuf::{name}"));
        } else if wanted.contains(&message.name) {
            configure(&mut generator, schema, message, capacities, dropped);
        } else if schema.parent(message).is_none_or(|parent| wanted.contains(&parent.name)) {
            // What is nested in it goes with it.
            generator.configure(&path, Config::new().skip(true));
        }
    }
    for item in &schema.enums {
        let rust = names::path(&item.name, &item.package);
        generator.extern_type_path(format!(".{}", item.name), format!("crate::owned::{rust}"));
    }

    let set: Vec<u8> = schema.files.iter().flat_map(|file| file.record.iter().copied()).collect();
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

/// Puts the package `livekit` where `owned` itself is. Paths to other packages, which micropb-gen
/// begins with as many `super` as it takes to leave `livekit`, then begin at `owned` and still hold.
fn lift_livekit(items: Vec<Item>) -> Vec<Item> {
    let lift = |item| match item {
        Item::Mod(module) if module.ident == "livekit" => {
            module.content.expect("modules are inline").1
        }
        other => vec![other],
    };
    items.into_iter().flat_map(lift).collect()
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
                    let inside = [path, &[module.ident.to_string()]].concat();
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
        items.extend(self.enums.remove(path).into_iter().flatten());
    }

    /// Makes the module `path`, which micropb-gen had no reason to write, and puts `content` there.
    fn add_module(&self, mut items: &mut Vec<Item>, path: &[String], content: Vec<Item>) {
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
fn by_hand(schema: &Schema, wanted: &BTreeSet<String>, items: &mut Vec<Item>, place: &Placer) {
    let used = schema.messages.iter().any(|m| m.by_hand().is_some() && wanted.contains(&m.name));
    if used {
        let names = BY_HAND.map(|name| format_ident!("{name}"));
        let exports = quote!(pub use crate::owned::json::{Entries, Items, Json, #(#names),*};);
        let exports = syn::parse2(exports).expect("a use declaration");
        place.add_module(items, &["google".to_owned(), "protobuf".to_owned()], vec![exports]);
    }
}
