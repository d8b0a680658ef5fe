//! How a borrowed message decodes its fields, encodes them, and validates its submessages.

use crate::config::plan::Plan;
use crate::emit::borrowed::oneof_path;
use crate::emit::module_tree::{function, indent};
use crate::schema::names;
use crate::schema::{Field, Kind, Member, Message, Schema};

pub fn of_message(plan: &Plan, message: &Message, members: &[Member]) -> String {
    let schema = &plan.schema;
    let name = names::type_name(names::last(&message.name));
    let (named, elided) = match schema.borrows(&message.name) {
        true => ("<'a>", "<'_>"),
        false => ("", ""),
    };
    let mut sorted: Vec<&Member> = members.iter().collect();
    sorted.sort_by_key(|member| std::cmp::Reverse(member.number()));
    let write: String = sorted.iter().map(|member| write(member)).collect();
    let check: String = members.iter().map(|member| check(schema, message, member)).collect();
    let check = match check.as_str() {
        "" => String::new(),
        check => function(
            "fn check(&self, depth: u8) -> Result<(), codec::DecodeError>",
            &format!("{check}Ok(())\n"),
        ),
    };
    let decode = decode(schema, message, members);
    format!(
        "impl<'a> codec::Merge<'a> for {name}{named} {{\n{}}}\n\n\
         impl codec::Write for {name}{elided} {{\n{}}}\n\n\
         impl<'a> codec::Borrowed<'a> for {name}{named} {{\n{}}}\n\n\
         codec::borrowed!({name}{named});\n",
        indent(&function("fn field(&mut self, r: &mut codec::Reader<'a>, tag: u32)", &decode)),
        indent(&function("fn write(&self, w: &mut codec::Writer<'_>)", &write)),
        indent(&check),
    )
}

/// Decodes the current field: one arm per field, and one arm for all messages of oneofs.
fn decode(schema: &Schema, message: &Message, members: &[Member]) -> String {
    let (mut arms, mut keeps) = (String::new(), Vec::new());
    let mut arm = |key: String, what: String| arms += &format!("{key} => {what},\n");
    for member in members {
        match member {
            Member::Field(field) => {
                let place = format!("self.{}", names::field(&field.name));
                for (key, what) in decode_field(schema, field, &place) {
                    arm(key, what);
                }
            }
            Member::Oneof(oneof, cases) => {
                let place = format!("self.{}", names::field(&oneof.name));
                let ty = oneof_path(schema, message, oneof);
                for case in cases {
                    let variant = names::type_name(&case.name);
                    if !matches!(case.kind, Kind::Message(_)) {
                        let value = case.kind.read(schema);
                        arm(case.tag(), format!("{place} = Some({ty}::{variant}({value}))"));
                    }
                }
                if cases.iter().any(|case| matches!(case.kind, Kind::Message(_))) {
                    keeps.push(format!("codec::record_oneof(&mut {place}, r)"));
                }
            }
        }
    }
    match keeps.as_slice() {
        [] => {}
        [keep] => arm("tag if tag & 7 == 2".to_owned(), keep.clone()),
        keeps => arm("tag if tag & 7 == 2".to_owned(), format!("{{ {} }}", keeps.join("; "))),
    }
    match arms.as_str() {
        "" => "let _ = (r, tag);\n".to_owned(),
        arms => format!("match tag {{\n{}}}\n", indent(&format!("{arms}_ => {{}}\n"))),
    }
}

fn decode_field(schema: &Schema, field: &Field, place: &str) -> Vec<(String, String)> {
    let keep = format!("{place}.record(r)");
    match &field.kind {
        _ if field.is_numbers() => vec![
            (field.single_tag(), keep),
            (field.packed_tag(), format!("{place}.record_packed(r)")),
        ],
        _ if field.repeated => vec![(field.tag(), keep)],
        Kind::Message(_) => {
            vec![(field.tag(), format!("codec::Submessage::record(&mut {place}, r)"))]
        }
        Kind::String if field.optional => {
            vec![(field.tag(), format!("codec::some_text(&mut {place}, r)"))]
        }
        Kind::String => vec![(field.tag(), format!("codec::text(&mut {place}, r)"))],
        kind if field.optional => {
            vec![(field.tag(), format!("{place} = Some({})", kind.read(schema)))]
        }
        kind => vec![(field.tag(), format!("{place} = {}", kind.read(schema)))],
    }
}

/// Encodes a member.
fn write(member: &Member) -> String {
    match member {
        Member::Field(field) => {
            let (key, place) = (field.tag(), format!("self.{}", names::field(&field.name)));
            match &field.kind {
                _ if field.packed => format!("{place}.write_packed(w, {key});\n"),
                _ if field.repeated => format!("{place}.write(w, {key});\n"),
                Kind::Message(_) => format!("codec::Submessage::write(&{place}, w, {key});\n"),
                kind if field.optional => format!(
                    "if let Some(value) = {place} {{\n    {};\n}}\n",
                    kind.write(&key, "value", true)
                ),
                kind => format!("{};\n", kind.write(&key, &place, false)),
            }
        }
        Member::Oneof(oneof, _) => format!(
            "if let Some(member) = &self.{} {{\n    member.write(w);\n}}\n",
            names::field(&oneof.name)
        ),
    }
}

/// Validates the submessages of a member.
fn check(schema: &Schema, message: &Message, member: &Member) -> String {
    match member {
        Member::Field(field) => {
            let place = format!("self.{}", names::field(&field.name));
            let is_message = |kind: &Kind| matches!(kind, Kind::Message(_));
            let of_messages = match schema.entry(field) {
                Some(entry) => is_message(&entry.fields[1].kind),
                None => is_message(&field.kind),
            };
            match (of_messages, field.repeated) {
                (false, _) => String::new(),
                (true, true) => format!("{place}.check(depth)?;\n"),
                (true, false) => {
                    format!("if let Some(message) = &{place} {{\n    message.check(depth)?;\n}}\n")
                }
            }
        }
        Member::Oneof(oneof, cases) => {
            let ty = oneof_path(schema, message, oneof);
            let messages: Vec<String> = cases
                .iter()
                .filter(|case| matches!(case.kind, Kind::Message(_)))
                .map(|case| {
                    let variant = names::type_name(&case.name);
                    format!("Some({ty}::{variant}(message)) => message.check(depth)?,\n")
                })
                .collect();
            match messages.len() {
                0 => String::new(),
                _ => format!(
                    "match &self.{} {{\n{}}}\n",
                    names::field(&oneof.name),
                    indent(&(messages.concat() + "_ => {}\n"))
                ),
            }
        }
    }
}

/// Returns how a oneof tells its member, and how it encodes it.
pub fn of_oneof(name: &str, cases: &[&Field]) -> String {
    let is_message = |case: &&Field| matches!(case.kind, Kind::Message(_));
    let (messages, others): (Vec<&Field>, Vec<&Field>) =
        cases.iter().copied().partition(is_message);
    let arms = |cases: &[&Field], arm: &dyn Fn(&Field, String) -> String, rest: &str| {
        let arms = cases.iter().map(|case| arm(case, names::type_name(&case.name)) + ",\n");
        indent(&(arms.collect::<String>() + rest))
    };
    let mut out = String::new();
    if !messages.is_empty() {
        let number = arms(cases, &|case, name| format!("Self::{name}(_) => {}", case.number), "");
        let received = |case: &Field, name| {
            format!("{} => Self::{name}(codec::Submessage::received(fields))", case.number)
        };
        let received = arms(&messages, &received, "_ => return None,\n");
        let rest = if others.is_empty() { "" } else { "_ => return None,\n" };
        let raw =
            arms(&messages, &|_, name| format!("Self::{name}(message) => message.raw()"), rest);
        let raw = match others.as_slice() {
            [] => "Some(self.message())\n".to_owned(),
            _ => format!("Some(match self {{\n{raw}}})\n"),
        };
        let methods = [
            function("fn number(&self) -> u32", &format!("match self {{\n{number}}}\n")),
            function(
                "fn received(number: u32, fields: codec::RawFieldsAt<'a>) -> Option<Self>",
                &format!("Some(match number {{\n{received}}})\n"),
            ),
            function("fn raw(&self) -> Option<codec::Raw<'a>>", &raw),
        ];
        out = format!(
            "impl<'a> codec::Oneof<'a> for {name}<'a> {{\n{}}}\n\n",
            indent(&methods.join("\n"))
        );
    }
    let written = |case: &Field, name| {
        let value = if matches!(case.kind, Kind::Scalar(_)) { "*value" } else { "value" };
        format!("Self::{name}(value) => {}", case.kind.write(&case.tag(), value, true))
    };
    let rest = match messages.as_slice() {
        [] => "",
        _ => "member => codec::write_member(member, w),\n",
    };
    // If all cases are messages, each case has an encoding.
    if others.is_empty() {
        let message = arms(cases, &|_, name| format!("Self::{name}(message) => message.raw()"), "");
        let methods = [
            function(
                "fn message(&self) -> codec::Raw<'a>",
                &format!("match self {{\n{message}}}\n"),
            ),
            function(
                "pub(crate) fn write(&self, w: &mut codec::Writer<'_>)",
                "w.submessage(codec::Oneof::number(self) << 3 | 2, self.message());\n",
            ),
        ];
        return out + &format!("impl<'a> {name}<'a> {{\n{}}}\n", indent(&methods.join("\n")));
    }
    let body = format!("match self {{\n{}}}\n", arms(&others, &written, rest));
    let write = function("pub(crate) fn write(&self, w: &mut codec::Writer<'_>)", &body);
    let lifetime = if cases.iter().any(|case| case.refers()) { "<'_>" } else { "" };
    out + &format!("impl {name}{lifetime} {{\n{}}}\n", indent(&write))
}
