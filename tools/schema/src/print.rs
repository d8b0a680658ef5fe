//! Prints a file descriptor as .proto text.
//!
//! The text is the one canonical form of the files in `protocol/`: nested enums, then nested
//! messages, then fields in declaration order. Comments come from a [`Comments`] table keyed by
//! full name, so that they survive an import of a newer release.

mod options;
mod service;
mod types;

use std::fmt::Write as _;

use prost_reflect::{
    Cardinality, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, FileDescriptor, Kind,
    MessageDescriptor, Syntax,
};

use self::options::{option_list, option_suffix};
use self::types::type_name;
use crate::comments::Comments;

/// The .proto text of `file`, with a comment above everything `comments` knows.
pub fn file(file: &FileDescriptor, comments: &Comments) -> String {
    let mut out = Printer { text: String::new(), depth: 0, comments };
    assert_eq!(file.syntax(), Syntax::Proto3, "{} is not proto3", file.name());

    out.comment(&format!("{}:file", file.name()));
    out.line("syntax = \"proto3\";");
    out.blank();
    out.line(&format!("package {};", file.package_name()));
    let imports: Vec<_> = file.dependencies().collect();
    if !imports.is_empty() {
        out.blank();
        for import in imports {
            out.line(&format!("import \"{}\";", import.name()));
        }
    }
    let options = option_list(&file.options());
    if !options.is_empty() {
        out.blank();
        for option in options {
            out.line(&format!("option {option};"));
        }
    }
    let extensions: Vec<_> = file.extensions().collect();
    if !extensions.is_empty() {
        out.extensions(&extensions);
    }
    for service in file.services() {
        out.blank();
        out.service(&service);
    }
    for item in file.enums() {
        out.blank();
        out.enumeration(&item);
    }
    for item in file.messages() {
        out.blank();
        out.message(&item);
    }
    out.text
}

struct Printer<'a> {
    text: String,
    depth: usize,
    comments: &'a Comments,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        writeln!(self.text, "{:1$}{text}", "", self.depth * 2).expect("a String takes any text");
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Opens a block; `close` ends it.
    fn open(&mut self, head: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    /// The comment of `name`, line for line.
    fn comment(&mut self, name: &str) {
        let Some(comment) = self.comments.get(name) else { return };
        for line in comment.lines() {
            self.line(format!("// {line}").trim_end());
        }
    }

    fn message(&mut self, message: &MessageDescriptor) {
        self.comment(message.full_name());
        let options = option_list(&message.options());
        let nested: Vec<_> = message.child_messages().filter(|m| !m.is_map_entry()).collect();
        if options.is_empty()
            && nested.is_empty()
            && message.fields().len() == 0
            && message.child_enums().len() == 0
            && message.reserved_ranges().len() == 0
            && message.reserved_names().len() == 0
        {
            return self.line(&format!("message {} {{}}", message.name()));
        }
        self.open(&format!("message {}", message.name()));
        let start = self.text.len();
        for option in options {
            self.line(&format!("option {option};"));
        }
        self.reserved(
            message.reserved_ranges().map(|r| (r.start as i32, r.end as i32 - 1)).collect(),
            message.reserved_names().collect(),
        );
        for item in message.child_enums() {
            self.separate(start);
            self.enumeration(&item);
        }
        for item in nested {
            self.separate(start);
            self.message(&item);
        }
        if self.text.len() > start && message.fields().len() > 0 {
            self.blank();
        }
        self.fields(message);
        self.close();
    }

    fn separate(&mut self, start: usize) {
        if self.text.len() > start {
            self.blank();
        }
    }

    /// Fields in declaration order; a oneof stands where its first member was declared.
    fn fields(&mut self, message: &MessageDescriptor) {
        let mut done = Vec::new();
        // `fields()` is sorted by number; the descriptor keeps the order of declaration.
        for declared in &message.descriptor_proto().field {
            let field = message.get_field_by_name(declared.name()).expect("declared above");
            match field.containing_oneof() {
                Some(oneof) if !oneof.is_synthetic() => {
                    if done.contains(&oneof.name().to_owned()) {
                        continue;
                    }
                    done.push(oneof.name().to_owned());
                    self.comment(oneof.full_name());
                    self.open(&format!("oneof {}", oneof.name()));
                    for declared in &message.descriptor_proto().field {
                        let member = message.get_field_by_name(declared.name()).expect("declared");
                        if member.containing_oneof().is_some_and(|o| o == oneof) {
                            self.field(&member);
                        }
                    }
                    self.close();
                }
                _ => self.field(&field),
            }
        }
    }

    fn field(&mut self, field: &FieldDescriptor) {
        self.comment(field.full_name());
        let label = match field.cardinality() {
            Cardinality::Repeated if field.is_map() => "",
            Cardinality::Repeated => "repeated ",
            _ if field.field_descriptor_proto().proto3_optional() => "optional ",
            _ => "",
        };
        let kind = match field.kind() {
            Kind::Message(entry) if field.is_map() => format!(
                "map<{}, {}>",
                type_name(&entry.map_entry_key_field().kind(), ""),
                type_name(
                    &entry.map_entry_value_field().kind(),
                    field.parent_message().full_name()
                ),
            ),
            kind => type_name(&kind, field.parent_message().full_name()),
        };
        let options = option_suffix(&field.options());
        self.line(&format!("{label}{kind} {} = {}{options};", field.name(), field.number()));
    }

    fn extensions(&mut self, extensions: &[ExtensionDescriptor]) {
        let target = extensions[0].containing_message();
        self.blank();
        self.open(&format!("extend {}", target.full_name()));
        for extension in extensions {
            assert_eq!(extension.containing_message(), target, "one extend block is enough so far");
            self.comment(extension.full_name());
            let label = match extension.field_descriptor_proto().proto3_optional() {
                true => "optional ",
                false => "",
            };
            let kind = type_name(&extension.kind(), extension.package_name());
            self.line(&format!("{label}{kind} {} = {};", extension.name(), extension.number()));
        }
        self.close();
    }

    fn enumeration(&mut self, item: &EnumDescriptor) {
        self.comment(item.full_name());
        self.open(&format!("enum {}", item.name()));
        for option in option_list(&item.options()) {
            self.line(&format!("option {option};"));
        }
        self.reserved(
            item.reserved_ranges().map(|r| (*r.start(), *r.end())).collect(),
            item.reserved_names().collect(),
        );
        for declared in &item.enum_descriptor_proto().value {
            let value = item.get_value_by_name(declared.name()).expect("declared above");
            self.comment(&format!("{}.{}", item.full_name(), value.name()));
            let options = option_suffix(&value.options());
            self.line(&format!("{} = {}{options};", value.name(), value.number()));
        }
        self.close();
    }

    /// `reserved` statements; ranges are inclusive at both ends.
    fn reserved(&mut self, ranges: Vec<(i32, i32)>, names: Vec<&str>) {
        if !ranges.is_empty() {
            let list: Vec<_> = ranges
                .iter()
                .map(|(a, b)| if a == b { a.to_string() } else { format!("{a} to {b}") })
                .collect();
            self.line(&format!("reserved {};", list.join(", ")));
        }
        if !names.is_empty() {
            let list: Vec<_> = names.iter().map(|n| format!("{n:?}")).collect();
            self.line(&format!("reserved {};", list.join(", ")));
        }
    }
}
