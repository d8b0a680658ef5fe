//! How an owned message copies its borrowed counterpart.

use crate::config::plan::Plan;
use crate::emit::module_tree::indent;
use crate::schema::names;
use crate::schema::{Field, Member, Message, Oneof};

/// Copies one member.
pub fn member(plan: &Plan, message: &Message, member: &Member) -> String {
    match member {
        Member::Field(field) => of_field(plan, message, field),
        Member::Oneof(oneof, cases) => of_oneof(plan, message, oneof, cases),
    }
}

fn of_field(plan: &Plan, message: &Message, field: &Field) -> String {
    let name = names::field(&field.name);
    let (to, from) = (format!("self.{name}"), format!("from.{name}"));
    if !field.refers() {
        format!("{to} = {from};\n")
    } else if plan.is_boxed(message, field) {
        let assigned =
            assign(message, field, &format!("&mut **{to}.insert(Default::default())"), "value");
        format!("if let Some(value) = {from} {{\n{}}}\n", indent(&assigned))
    } else {
        assign(message, field, &format!("&mut {to}"), &from)
    }
}

fn of_oneof(plan: &Plan, message: &Message, oneof: &Oneof, cases: &[&Field]) -> String {
    let place = format!("self.{}", names::field(&oneof.name));
    let path = plan.schema.oneof_path(message, oneof);
    let arm = |case: &&Field| {
        let variant = format!("{path}::{}", names::type_name(&case.name));
        let (own, counterpart) =
            (format!("crate::owned::{variant}"), format!("crate::borrowed::{variant}"));
        if !case.refers() {
            return format!("Some({counterpart}(value)) => {place} = Some({own}(value)),\n");
        }
        // In place: on the stack it could be large.
        let body = format!(
            "{place} = Some({own}(Default::default()));\n\
             if let Some({own}(member)) = &mut {place} {{\n{}}}\n",
            indent(&assign(message, case, "member", "value"))
        );
        format!("Some({counterpart}(value)) => {{\n{}}}\n", indent(&body))
    };
    let arms: String = cases.iter().map(arm).collect();
    // Cases that this build drops become `None`.
    format!("match from.{} {{\n{}}}\n", names::field(&oneof.name), indent(&(arms + "_ => {}\n")))
}

fn assign(message: &Message, field: &Field, to: &str, from: &str) -> String {
    let name = message.full_name(field);
    format!(
        "codec::CopyField::copy_field({to}, {from}, r, &{name:?}, codec::CapacityKind::Bytes);\n"
    )
}
