//! `borrowed`: messages whose strings, bytes, lists and submessages refer to an encoded message or to
//! the caller's values.
//!
//! The same names and paths as `owned`, and the same enums. For each message: its struct, the enums
//! of its oneofs, and how fields are decoded and encoded ([`codec`]).

pub mod codec;

use std::fmt::Write as _;

use crate::config::plan::Plan;
use crate::emit::module_tree::{Module, doc, indent};
use crate::emit::{debug, gated};
use crate::schema::names;
use crate::schema::{Field, Kind, Member, Message, Oneof, Schema};

/// Generates the plan's messages as one Rust file.
pub fn generate(plan: &Plan) -> String {
    let mut root = Module::default();
    for message in plan.messages() {
        let path = names::modules_of(&message.name, &message.package);
        let module = root.at(&path);
        module.items += &of_message(plan, message);
        for member in message.members(|_| true) {
            if let Member::Oneof(oneof, cases) = member {
                let path = names::own_modules(&message.name, &message.package);
                root.at(&path).items += &of_oneof(plan, message, oneof, &cases);
            }
        }
    }
    for item in plan.schema.enums.iter().filter(|item| plan.wanted.contains(&item.name)) {
        let path = names::modules_of(&item.name, &item.package);
        let export =
            format!("#[doc(inline)]\npub use crate::owned::{};\n", plan.schema.path(&item.name));
        root.at(&path).items += &export;
    }
    gated::add_nested(plan, &mut root);
    let docs = plan.module_docs();
    let head = "use crate::codec::rt as codec;\n";
    root.print(&[], head, &|path| docs.get(path).cloned().unwrap_or_default())
}

fn of_message(plan: &Plan, message: &Message) -> String {
    let name = names::type_name(names::last(&message.name));
    let lifetime = if plan.schema.borrows(&message.name) { "<'a>" } else { "" };
    let members = message.members(|_| true);
    let fields: String = members.iter().map(|member| declare(plan, message, member)).collect();
    let empty: String = members.iter().map(|member| empty(plan, member)).collect();
    let label = plan.label(&message.name);
    format!(
        "\n{}///\n/// Owned counterpart: [`owned`](crate::owned::{}).\n{label}\
         #[derive(Clone, Copy, PartialEq)]\n\
         pub struct {name}{lifetime} {{\n{}}}\n\n\
         impl{lifetime} {name}{lifetime} {{\n{}}}\n\n\
         {}\n{}",
        doc(&message.comment),
        plan.schema.path(&message.name),
        indent(&fields),
        indent(&format!(
            "/// Returns an empty message: every number 0, every string and list empty, no submessage.\n\
             #[inline(always)]\npub const fn new() -> Self {{\n    Self {{\n{}    }}\n}}\n",
            indent(&indent(&empty))
        )),
        codec::of_message(plan, message, &members),
        debug::of_message(plan, message, &name, lifetime, &members),
    )
}

/// Returns a field of the struct.
fn declare(plan: &Plan, message: &Message, member: &Member) -> String {
    match member {
        Member::Field(field) => {
            let ty = field_type(&plan.schema, field);
            format!("{}pub {}: {ty},\n", doc(&field.comment), names::field(&field.name))
        }
        Member::Oneof(oneof, cases) => {
            let lifetime = if cases.iter().any(|case| case.refers()) { "<'a>" } else { "" };
            let ty = oneof_path(&plan.schema, message, oneof);
            let comment = match doc(&oneof.comment) {
                none if none.is_empty() => {
                    "/// One of the cases of the oneof, or `None`.\n".to_owned()
                }
                comment => comment,
            };
            format!("{comment}pub {}: Option<{ty}{lifetime}>,\n", names::field(&oneof.name))
        }
    }
}

/// Returns a member of an empty message.
fn empty(plan: &Plan, member: &Member) -> String {
    let (name, value) = match member {
        Member::Oneof(oneof, _) => (names::field(&oneof.name), "None".to_owned()),
        Member::Field(field) => {
            let value = match &field.kind {
                _ if plan.schema.entry(field).is_some() => "codec::MapView::new(&[])".to_owned(),
                Kind::Message(_) if field.repeated => {
                    "codec::RepeatedMessages::new(&[])".to_owned()
                }
                _ if field.repeated => "codec::Repeated::new(&[])".to_owned(),
                kind if field.optional || matches!(kind, Kind::Message(_)) => "None".to_owned(),
                Kind::String => "\"\"".to_owned(),
                Kind::Bytes => "&[]".to_owned(),
                kind => kind.zero(&plan.schema),
            };
            (names::field(&field.name), value)
        }
    };
    format!("{name}: {value},\n")
}

fn field_type(schema: &Schema, field: &Field) -> String {
    if let Some(entry) = schema.entry(field) {
        let halves = [&entry.fields[0].kind, &entry.fields[1].kind];
        let [key, value] = halves.map(|kind| kind.borrowed(schema));
        return match halves.map(|kind| kind.encoding()) {
            ["Scalar", "Scalar"] => format!("codec::MapView<'a, {key}, {value}>"),
            [a, b] => format!("codec::MapView<'a, {key}, {value}, (codec::{a}, codec::{b})>"),
        };
    }
    let one = field.kind.borrowed(schema);
    match (&field.kind, field.repeated) {
        (Kind::Message(_), true) => format!("codec::RepeatedMessages<'a, {one}>"),
        (Kind::Message(_), false) => format!("Option<codec::Submessage<'a, {one}>>"),
        (kind, true) => match kind.encoding() {
            "Scalar" => format!("codec::Repeated<'a, {one}>"),
            encoding => format!("codec::Repeated<'a, {one}, codec::{encoding}>"),
        },
        (_, false) if field.optional => format!("Option<{one}>"),
        (_, false) => one,
    }
}

fn of_oneof(plan: &Plan, message: &Message, oneof: &Oneof, cases: &[&Field]) -> String {
    let name = names::type_name(&oneof.name);
    let lifetime = if cases.iter().any(|case| case.refers()) { "<'a>" } else { "" };
    // The discriminant is the field number, so that no table is linked for it.
    let numbered = cases.iter().all(|case| case.number < 256)
        && cases.iter().any(|case| matches!(case.kind, Kind::Message(_)));
    let mut variants = String::new();
    for case in cases {
        let one = case.kind.borrowed(&plan.schema);
        let ty = match case.kind {
            Kind::Message(_) => format!("codec::Submessage<'a, {one}>"),
            _ => one,
        };
        let number = if numbered { format!(" = {}", case.number) } else { String::new() };
        let variant = names::type_name(&case.name);
        writeln!(variants, "{}{variant}({ty}){number},", doc(&case.comment))
            .expect("a String takes any text");
    }
    let label = plan.label(&message.name);
    format!(
        "\n/// The cases of the oneof `{}`.\n{label}#[derive(Clone, Copy, PartialEq)]\n{}\
         pub enum {name}{lifetime} {{\n{}}}\n\n{}\n{}",
        oneof.name,
        if numbered { "#[repr(u32)]\n" } else { "" },
        indent(&variants),
        codec::of_oneof(&name, cases),
        debug::of_oneof(plan, message, &name, lifetime, cases),
    )
}

/// `crate::borrowed::data_packet::Value`
pub fn oneof_path(schema: &Schema, message: &Message, oneof: &Oneof) -> String {
    format!("crate::borrowed::{}", schema.oneof_path(message, oneof))
}
