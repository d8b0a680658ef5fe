//! `borrowed`: messages whose texts, bytes, lists and submessages are slices of a frame or
//! references to what the caller has.
//!
//! The same names and paths as `owned`, and the same enums. For each message: its struct, the enums
//! of its oneofs, and how fields are taken in and written (borrowed_codec.rs).

use std::fmt::Write as _;

use super::plan::Plan;
use super::schema::{Field, Kind, Member, Message, Oneof, Schema};
use super::tree::{Module, doc, indent};
use super::{borrowed_codec, logs, names};

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
        let export = format!("pub use crate::owned::{};\n", plan.schema.path(&item.name));
        root.at(&path).items += &export;
    }
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
    let label = plan.label_text(&message.name);
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
            "/// An empty message: every number 0, every string and list empty, nothing present.\n\
             #[inline(always)]\npub const fn new() -> Self {{\n    Self {{\n{}    }}\n}}\n",
            indent(&indent(&empty))
        )),
        borrowed_codec::of_message(plan, message, &members),
        logs::of_message(plan, message, &name, lifetime, &members),
    )
}

/// A field of the struct.
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
                none if none.is_empty() => "/// One of its cases, or nothing.\n".to_owned(),
                comment => comment,
            };
            format!("{comment}pub {}: Option<{ty}{lifetime}>,\n", names::field(&oneof.name))
        }
    }
}

/// A member of an empty message.
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
                Kind::Text => "\"\"".to_owned(),
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
    // So that a member's number is at hand without a table.
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
    let label = plan.label_text(&message.name);
    format!(
        "\n/// The cases of the oneof `{}`.\n{label}#[derive(Clone, Copy, PartialEq)]\n{}\
         pub enum {name}{lifetime} {{\n{}}}\n\n{}\n{}",
        oneof.name,
        if numbered { "#[repr(u32)]\n" } else { "" },
        indent(&variants),
        borrowed_codec::of_oneof(&name, cases),
        logs::of_oneof(plan, message, &name, lifetime, cases),
    )
}

/// `crate::borrowed::data_packet::Value`
pub fn oneof_path(schema: &Schema, message: &Message, oneof: &Oneof) -> String {
    format!("crate::borrowed::{}", schema.oneof_path(message, oneof))
}
