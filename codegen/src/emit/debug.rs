//! What logs show: `Debug` and `defmt::Format` of every message and oneof.
//!
//! Both print field by field, except what the schema marks as personal or secret and what the
//! datasheet adds to that: of those only the length. Payloads print as their length as well.

use std::fmt::Write as _;

use crate::config::datasheet::{Datasheet, Silent};
use crate::config::error::{Result, did_you_mean, mistake};
use crate::config::plan::Plan;
use crate::emit::module_tree::{function, indent};
use crate::schema::names;
use crate::schema::{Field, Kind, Member, Message, Schema, Shape};

/// How a field is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Show {
    /// As it is.
    Plain,
    /// `<12 bytes>`
    Length,
    /// `<redacted (12 bytes)>`
    Redacted,
}

/// How `field` of `message` is shown, and why.
pub fn show(plan: &Plan, message: &Message, field: &Field) -> (Show, &'static str) {
    let name = format!("{}.{}", message.name, field.name);
    let rows =
        |rows: &[Silent]| rows.iter().find(|row| row.matches(&name, &field.name)).map(|r| r.why);
    let shape = plan.schema.shape(field);
    match field.sensitivity {
        _ if shape == Shape::Plain => (Show::Plain, ""),
        1 => (Show::Redacted, "personal, by the schema"),
        2 => (Show::Redacted, "secret, by the schema"),
        _ => match (rows(plan.datasheet.secrets), rows(plan.datasheet.payloads)) {
            (Some(why), _) => (Show::Redacted, why),
            (None, Some(why)) => (Show::Length, why),
            (None, None) if field.kind == Kind::Bytes => (Show::Length, "bytes"),
            (None, None) => (Show::Plain, ""),
        },
    }
}

/// Every row of the datasheet has to be about some field.
pub fn check(schema: &Schema, datasheet: &Datasheet) -> Result<()> {
    for row in datasheet.secrets.iter().chain(datasheet.payloads) {
        let is_about = |m: &Message| {
            m.fields.iter().any(|f| row.matches(&format!("{}.{}", m.name, f.name), &f.name))
        };
        if !schema.messages.iter().any(is_about) {
            let names = schema.messages.iter().flat_map(|m| &m.fields).map(|f| f.name.as_str());
            let hint = did_you_mean(row.field, names);
            return mistake!(
                "build.rs: silent({:?}, …) matches no field of the schema{hint}",
                row.field
            );
        }
    }
    Ok(())
}

/// The Rust text of the list of fields that logs do not show.
pub fn list(plan: &Plan) -> String {
    let (mut table, mut array) = (String::new(), String::new());
    for message in plan.messages() {
        for field in &message.fields {
            if let (Show::Redacted, why) = show(plan, message, field) {
                let name = format!("{}.{}", message.name, field.name);
                writeln!(table, "/// | `{name}` | {why} |").expect("a String takes any text");
                writeln!(array, "    {name:?},").expect("a String takes any text");
            }
        }
    }
    format!(
        "/// Full names of the fields of this build that logs do not show.\n///\n\
         /// | field | why |\n/// |---|---|\n{table}pub const REDACTED: &[&str] = &[\n{array}];\n"
    )
}

/// `Debug` and `Format` of the message `path`, which has these members.
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
        let value = match field.map(|field| (show(plan, message, field).0, field)) {
            None | Some((Show::Plain, _)) => format!("&{place}"),
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

/// `Debug` and `Format` of a oneof of `message`, the enum `path`.
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
        let value = match show(plan, message, field).0 {
            Show::Plain => "value".to_owned(),
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

/// Both implementations for the type `path`.
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

/// The length of `value`, to be shown in its place.
fn measured(show: Show, value: &str, unit: &str) -> String {
    let kind = if show == Show::Redacted { "Redacted" } else { "Length" };
    format!("crate::codec::fmt::{kind} {{ len: {value}.len(), unit: {unit:?} }}")
}

/// What the length of a field counts.
fn unit(plan: &Plan, field: &Field) -> &'static str {
    match plan.schema.shape(field) {
        Shape::Text | Shape::Bytes => "bytes",
        Shape::Map { .. } => "entries",
        _ => "items",
    }
}
