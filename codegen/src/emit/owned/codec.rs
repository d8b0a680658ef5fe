//! What every owned message implements: a constant empty value, decoding and encoding of fields,
//! `Debug`, and the conversion from a borrowed message.

use crate::config::plan::Plan;
use crate::emit::debug;
use crate::emit::module_tree::{function, indent};
use crate::emit::owned::copy_from;
use crate::schema::names;
use crate::schema::{Field, Kind, Member, Message, Shape};

/// Returns the implementations of all messages of the plan as one Rust file.
pub fn generate(plan: &Plan) -> String {
    plan.messages()
        .filter(|message| message.hand_written().is_none())
        .map(|message| Companions::of(plan, message).print())
        .collect()
}

struct Companions<'a> {
    plan: &'a Plan,
    message: &'a Message,
    path: String,
    members: Vec<Member<'a>>,
}

impl<'a> Companions<'a> {
    fn of(plan: &'a Plan, message: &'a Message) -> Self {
        let path = format!("crate::owned::{}", plan.schema.path(&message.name));
        let members = message.members(|field| plan.is_owned(message, field));
        Self { plan, message, path, members }
    }

    fn print(&self) -> String {
        let Self { plan, message, path, members } = self;
        let schema = &plan.schema;
        let each = |one: &dyn Fn(&Member) -> String| members.iter().map(one).collect::<String>();
        let mut sorted: Vec<&Member> = members.iter().collect();
        sorted.sort_by_key(|member| std::cmp::Reverse(member.number()));
        let write: String = sorted.iter().map(|member| self.write(member)).collect();
        let lifetime = if schema.borrows(&message.name) { "<'a>" } else { "" };
        let elided = if schema.borrows(&message.name) { "<'_>" } else { "" };
        let borrowed = format!("crate::borrowed::{}", schema.path(&message.name));
        let mut out = format!(
            "impl {path} {{\n\
             \x20   /// Returns an empty message: every number 0, every string and list empty, no submessage.\n\
             \x20   ///\n\
             \x20   /// It is `const`, so a message can be a `static`.\n\
             {}}}\n\n\
             impl ::core::default::Default for {path} {{\n{}}}\n\n\
             impl codec::Owned for {path} {{\n{}\n{}}}\n\n\
             impl codec::Write for {path} {{\n{}}}\n\n\
             codec::owned!({path}, {borrowed}{elided});\n\n\
             impl<'a> codec::CopyMessage<'a, {borrowed}{lifetime}> for {path} {{\n{}}}\n\n{}\n",
            method(
                "pub const fn new() -> Self",
                &format!("Self {{\n{}}}\n", indent(&each(&|member| self.empty(member))))
            ),
            method("fn default() -> Self", "Self::new()\n"),
            method("fn field(&mut self, r: &mut codec::Reader<'_>, tag: u32)", &self.decode()),
            method("fn clear(&mut self)", &each(&|member| self.clear(member))),
            method("fn write(&self, w: &mut codec::Writer<'_>)", &write),
            method(
                &format!(
                    "fn copy_message(&mut self, from: &{borrowed}{lifetime}, r: &mut codec::Reader<'a>)"
                ),
                &each(&|member| copy_from::member(plan, message, member))
            ),
            debug::of_message(plan, message, path, "", members),
        );
        for member in members {
            if let Member::Oneof(oneof, cases) = member {
                let path = format!("crate::owned::{}", schema.oneof_path(message, oneof));
                out += &debug::of_oneof(plan, message, &path, "", cases);
            }
        }
        out
    }

    /// Returns the constant empty value of a field.
    fn empty_field(&self, field: &Field) -> String {
        match (self.plan.schema.shape(field), &field.kind) {
            _ if field.optional => "None".to_owned(),
            (Shape::String, _) => "::heapless::String::new()".to_owned(),
            (Shape::Bytes | Shape::List | Shape::Strings, _) => "::heapless::Vec::new()".to_owned(),
            (Shape::Map { .. }, _) => "crate::codec::Map::new()".to_owned(),
            (_, kind @ (Kind::Enum(_) | Kind::Scalar(_))) => kind.zero(&self.plan.schema),
            _ => "None".to_owned(),
        }
    }

    fn empty(&self, member: &Member) -> String {
        match member {
            Member::Field(field) => {
                format!("{}: {},\n", names::field(&field.name), self.empty_field(field))
            }
            Member::Oneof(oneof, _) => format!("{}: None,\n", names::field(&oneof.name)),
        }
    }

    /// Clears a member in place.
    fn clear(&self, member: &Member) -> String {
        match member {
            // `clear` sets the length only; an assignment would write the whole capacity.
            Member::Field(field)
                if !field.optional && self.plan.schema.shape(field) != Shape::Plain =>
            {
                format!("self.{}.clear();\n", names::field(&field.name))
            }
            Member::Field(field) => {
                format!("self.{} = {};\n", names::field(&field.name), self.empty_field(field))
            }
            Member::Oneof(oneof, _) => format!("self.{} = None;\n", names::field(&oneof.name)),
        }
    }

    /// Decodes the current field: one arm per field.
    fn decode(&self) -> String {
        let mut arms = String::new();
        for member in &self.members {
            match member {
                Member::Field(field) => {
                    for (key, what) in self.decode_field(field) {
                        arms += &format!("{key} => {what},\n");
                    }
                }
                Member::Oneof(oneof, cases) => {
                    let place = format!("self.{}", names::field(&oneof.name));
                    let path = self.plan.schema.oneof_path(self.message, oneof);
                    for case in cases {
                        let variant =
                            format!("crate::owned::{path}::{}", names::type_name(&case.name));
                        arms += &format!(
                            "{} => {},\n",
                            case.tag(),
                            self.decode_case(case, &place, &variant)
                        );
                    }
                }
            }
        }
        match arms.as_str() {
            "" => "let _ = (r, tag);\n".to_owned(),
            arms => format!("match tag {{\n{}}}\n", indent(&format!("{arms}_ => {{}}\n"))),
        }
    }

    fn decode_field(&self, field: &Field) -> Vec<(String, String)> {
        let place = format!("self.{}", names::field(&field.name));
        let name = self.message.full_name(field);
        if let Some([key, value]) = self.entry_encodings(field) {
            let entry = format!(
                "r.entry::<_, _, codec::{key}, codec::{value}, _>(&mut {place}, &{name:?})"
            );
            return vec![(field.tag(), entry)];
        }
        let decoded = match &field.kind {
            _ if field.is_numbers() => {
                let encoding = field.kind.encoding();
                let packed =
                    format!("r.items_packed::<_, codec::{encoding}, _>(&mut {place}, &{name:?})");
                let single = format!("r.item::<_, codec::{encoding}, _>(&mut {place}, &{name:?})");
                return vec![(field.single_tag(), single), (field.packed_tag(), packed)];
            }
            _ if field.repeated => format!("r.item(&mut {place}, &{name:?})"),
            Kind::Message(_) if self.plan.is_boxed(self.message, field) => {
                format!("codec::Owned::merge(&mut **{place}.get_or_insert_default(), r)")
            }
            Kind::Message(_) => {
                format!("codec::Owned::merge({place}.get_or_insert_default(), r)")
            }
            Kind::String | Kind::Bytes if field.optional => {
                self.decode_bytes(field, &format!("{place}.get_or_insert_default()"))
            }
            Kind::String | Kind::Bytes => self.decode_bytes(field, &format!("&mut {place}")),
            kind if field.optional => format!("{place} = Some({})", kind.read(&self.plan.schema)),
            kind => format!("{place} = {}", kind.read(&self.plan.schema)),
        };
        vec![(field.tag(), decoded)]
    }

    fn decode_bytes(&self, field: &Field, place: &str) -> String {
        let name = self.message.full_name(field);
        let method = if field.kind == Kind::String { "text" } else { "bytes_into" };
        format!("r.{method}({place}, &{name:?})")
    }

    /// Decodes a member of a oneof in place, after replacing a different member by an empty one.
    fn decode_case(&self, case: &Field, place: &str, variant: &str) -> String {
        let decoded = match &case.kind {
            Kind::Message(_) => "codec::Owned::merge(member, r)".to_owned(),
            Kind::String | Kind::Bytes => self.decode_bytes(case, "member"),
            kind => return format!("{place} = Some({variant}({}))", kind.read(&self.plan.schema)),
        };
        let body = format!(
            "if !matches!({place}, Some({variant}(_))) {{\n    {place} = Some({variant}(Default::default()));\n}}\n\
             if let Some({variant}(member)) = &mut {place} {{\n    {decoded};\n}}\n"
        );
        format!("{{\n{}}}", indent(&body))
    }

    fn write(&self, member: &Member) -> String {
        match member {
            Member::Field(field) => self.write_field(field),
            Member::Oneof(oneof, cases) => {
                let path = self.plan.schema.oneof_path(self.message, oneof);
                let arm = |case: &&Field| {
                    let written = match &case.kind {
                        Kind::Message(_) => format!("w.message({}, value)", case.tag()),
                        Kind::Scalar(_) => case.kind.write(&case.tag(), "*value", true),
                        kind => kind.write(&case.tag(), "value", true),
                    };
                    let variant = names::type_name(&case.name);
                    format!("    Some(crate::owned::{path}::{variant}(value)) => {written},\n")
                };
                let arms: String = cases.iter().map(arm).collect();
                format!(
                    "match &self.{} {{\n{arms}    None => {{}}\n}}\n",
                    names::field(&oneof.name)
                )
            }
        }
    }

    fn write_field(&self, field: &Field) -> String {
        let (key, place) = (field.tag(), format!("self.{}", names::field(&field.name)));
        if let Some([k, v]) = self.entry_encodings(field) {
            return format!("{place}.write::<codec::{k}, codec::{v}>(w, {key});\n");
        }
        let some =
            |written: String| format!("if let Some(value) = &{place} {{\n    {written};\n}}\n");
        match &field.kind {
            kind if field.packed => {
                format!("w.packed::<_, codec::{}>({key}, &{place});\n", kind.encoding())
            }
            kind if field.repeated => {
                format!("w.items::<_, codec::{}>({key}, &{place});\n", kind.encoding())
            }
            Kind::Message(_) if self.plan.is_boxed(self.message, field) => {
                some(format!("w.message({key}, &**value)"))
            }
            Kind::Message(_) => some(format!("w.message({key}, value)")),
            Kind::Scalar(_) if field.optional => some(field.kind.write(&key, "*value", true)),
            kind if field.optional => some(kind.write(&key, "value", true)),
            Kind::Bytes => format!("w.bytes({key}, &{place});\n"),
            kind => format!("{};\n", kind.write(&key, &place, false)),
        }
    }

    /// Returns how keys and values of a map are encoded.
    fn entry_encodings(&self, field: &Field) -> Option<[&'static str; 2]> {
        let entry = self.plan.schema.entry(field)?;
        Some([entry.fields[0].kind.encoding(), entry.fields[1].kind.encoding()])
    }
}

/// Prints a function of an `impl`.
fn method(head: &str, body: &str) -> String {
    indent(&function(head, body))
}
