//! `Debug` and `defmt::Format` of every message and oneof.
//!
//! Both print field by field, as config/redaction.rs decides: the value, its length, or that it is
//! redacted.

use crate::config::plan::Plan;
use crate::config::redaction::Show;
use crate::emit::module_tree::{function, indent};
use crate::schema::names;
use crate::schema::{Field, Member, Message, Shape};

/// Returns `Debug` and `Format` of the message `path`, which has these members.
pub fn of_message(
    plan: &Plan,
    message: &Message,
    path: &str,
    lifetime: &str,
    members: &[Member],
) -> String {
    let text = path.rsplit("::").next().expect("paths are not empty");
    let mut values = Vec::new();
    for member in members {
        let (name, field) = match member {
            Member::Field(field) => (names::field(&field.name), Some(field)),
            Member::Oneof(oneof, _) => (names::field(&oneof.name), None),
        };
        let place = format!("self.{name}");
        let value = match field.map(|field| (plan.show(message, field), field)) {
            None | Some((Show::Value, _)) => format!("&{place}"),
            Some((show, field)) if field.optional => {
                let value = measured(show, "value", unit(plan, field));
                format!("&{place}.as_ref().map(|value| {value})")
            }
            Some((show, field)) => format!("&{}", measured(show, &place, unit(plan, field))),
        };
        values.push((name, value));
    }
    let fields: String =
        values.iter().map(|(name, value)| format!("    .field({name:?}, {value})\n")).collect();
    let format: Vec<String> = values.iter().map(|(name, _)| format!("{name}: {{}}")).collect();
    let format = match format.as_slice() {
        [] => text.to_owned(),
        format => format!("{text} {{{{ {} }}}}", format.join(", ")),
    };
    let values: String = values.iter().map(|(_, value)| format!(", {value}")).collect();
    implementations(
        path,
        lifetime,
        &format!("f.debug_struct({text:?})\n{fields}    .finish()\n"),
        &format!("::defmt::write!(f, {format:?}{values})\n"),
    )
}

/// Returns `Debug` and `Format` of a oneof of `message`, the enum `path`.
pub fn of_oneof(
    plan: &Plan,
    message: &Message,
    path: &str,
    lifetime: &str,
    cases: &[&Field],
) -> String {
    let (mut debug, mut format) = (String::new(), String::new());
    for field in cases {
        let case = names::type_name(&field.name);
        let value = match plan.show(message, field) {
            Show::Value => "value".to_owned(),
            show => format!("&{}", measured(show, "value", unit(plan, field))),
        };
        let tuple = format!("f.debug_tuple({case:?}).field({value}).finish()");
        debug += &format!("    Self::{case}(value) => {tuple},\n");
        let text = format!("{case}({{}})");
        format += &format!("    Self::{case}(value) => ::defmt::write!(f, {text:?}, {value}),\n");
    }
    let matching = |arms: &str| format!("match self {{\n{arms}}}\n");
    implementations(path, lifetime, &matching(&debug), &matching(&format))
}

/// Returns both implementations for the type `path`.
fn implementations(path: &str, lifetime: &str, debug: &str, format: &str) -> String {
    let elided = if lifetime.is_empty() { "" } else { "<'_>" };
    let method = |head: &str, body: &str| indent(&function(head, body));
    format!(
        "impl ::core::fmt::Debug for {path}{elided} {{\n{}}}\n\n\
         #[cfg(feature = \"defmt\")]\nimpl ::defmt::Format for {path}{elided} {{\n{}}}\n",
        method("fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result", debug),
        method("fn format(&self, f: ::defmt::Formatter<'_>)", format),
    )
}

/// Returns the expression that is shown instead of `value`.
fn measured(show: Show, value: &str, unit: &str) -> String {
    let kind = if show == Show::Redacted { "Redacted" } else { "Length" };
    format!("crate::codec::fmt::{kind} {{ len: {value}.len(), unit: {unit:?} }}")
}

/// Returns what the length of a field counts.
fn unit(plan: &Plan, field: &Field) -> &'static str {
    match plan.schema.shape(field) {
        Shape::String | Shape::Bytes => "bytes",
        Shape::Map { .. } => "entries",
        _ => "items",
    }
}
