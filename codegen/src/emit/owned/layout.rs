//! Puts what micropb-gen wrote, and what it did not, where people look for it.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use crate::config::plan::Plan;
use crate::emit::enums;
use crate::schema::names;
use crate::schema::{BY_HAND, Message};

/// Puts everything in its place.
pub fn all(plan: &Plan, items: Vec<Item>) -> Vec<Item> {
    let mut items = lift_livekit(items);
    let mut place = Placer { plan, docs: plan.module_docs(), enums: enums::by_module(plan) };
    place.walk(&mut items, &[]);
    for (path, enums) in std::mem::take(&mut place.enums) {
        place.add_module(&mut items, &path, enums);
    }
    if plan.has_by_hand() {
        place.by_hand(&mut items);
    }
    items
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
    plan: &'a Plan,
    docs: BTreeMap<Vec<String>, String>,
    /// Enums that still look for their module.
    enums: BTreeMap<Vec<String>, Vec<Item>>,
}

impl Placer<'_> {
    /// Adds to the items of the module `path` what micropb-gen does not write, and takes out its
    /// own codec: all that it implements and does not derive.
    fn walk(&mut self, items: &mut Vec<Item>, path: &[String]) {
        items.retain(|item| !matches!(item, Item::Impl(_)));
        for item in items.iter_mut() {
            match item {
                Item::Mod(module) => {
                    let inside = [path, &[module.ident.to_string()]].concat();
                    module.attrs = vec![self.module_doc(&inside)];
                    let (_, content) = module.content.as_mut().expect("modules are inline");
                    self.walk(content, &inside);
                }
                Item::Struct(item) => {
                    let name = item.ident.to_string();
                    let message =
                        self.find(|m| names::path(&m.name, &m.package) == join(path, &name));
                    let message = message.expect("micropb-gen's structs are messages");
                    item.attrs.extend(self.plan.label(&message.name));
                    item.attrs.push(twin(path, &name));
                }
                Item::Enum(item) => {
                    let message = self.find(|m| names::own_modules(&m.name, &m.package) == path);
                    let message = message.expect("micropb-gen's enums are oneofs");
                    item.attrs.extend(self.plan.label(&message.name));
                }
                _ => {}
            }
        }
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

    /// The documentation of a module.
    fn module_doc(&self, path: &[String]) -> syn::Attribute {
        let text = format!(" {}", self.docs.get(path).map_or("", String::as_str));
        parse_quote!(#[doc = #text])
    }

    fn find(&self, which: impl Fn(&Message) -> bool) -> Option<&'_ Message> {
        self.plan.schema.messages.iter().find(|message| which(message))
    }

    /// Re-exports the hand-written messages at their place.
    fn by_hand(&self, items: &mut Vec<Item>) {
        let names = BY_HAND.map(|name| format_ident!("{name}"));
        let exports = quote!(pub use crate::owned::json::{Entries, Items, Json, #(#names),*};);
        let exports = syn::parse2(exports).expect("a use declaration");
        self.add_module(items, &["google".to_owned(), "protobuf".to_owned()], vec![exports]);
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

/// Where the documentation of an owned message leads to its borrowed twin.
fn twin(path: &[String], name: &str) -> syn::Attribute {
    let text =
        format!("\n Borrowed counterpart: [`borrowed`](crate::borrowed::{}).", join(path, name));
    parse_quote!(#[doc = #text])
}

/// `data_stream::Header` for the module path `data_stream` and the name `Header`.
fn join(path: &[String], name: &str) -> String {
    [path, &[name.to_owned()]].concat().join("::")
}
