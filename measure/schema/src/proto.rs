//! The schema as the text of a .proto file, for generators that read nothing else.

use std::fmt::Write as _;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
};

/// Prints `file`, a proto3 file of package `livekit` without options.
pub fn print(file: &FileDescriptorProto) -> String {
    let mut text = "syntax = \"proto3\";\npackage livekit;\n".to_owned();
    file.enum_type.iter().for_each(|it| enumeration(&mut text, it));
    file.message_type.iter().for_each(|it| message(&mut text, it));
    text
}

fn enumeration(text: &mut String, it: &EnumDescriptorProto) {
    line(text, format_args!("enum {} {{", it.name()));
    for value in &it.value {
        line(text, format_args!("{} = {};", value.name(), value.number()));
    }
    text.push_str("}\n");
}

fn message(text: &mut String, it: &DescriptorProto) {
    line(text, format_args!("message {} {{", it.name()));
    it.enum_type.iter().for_each(|it| enumeration(text, it));
    it.nested_type.iter().filter(|it| !is_map_entry(it)).for_each(|it| message(text, it));
    for field in it.field.iter().filter(|field| !is_in_oneof(field)) {
        let label = match field.label() {
            Label::Repeated if map_entry(it, field).is_none() => "repeated ",
            _ if field.proto3_optional() => "optional ",
            _ => "",
        };
        line(text, format_args!("{label}{}", declaration(it, field)));
    }
    for (index, oneof) in (0i32..).zip(&it.oneof_decl) {
        let cases = it.field.iter().filter(|field| is_in_oneof(field));
        let cases: Vec<_> = cases.filter(|field| field.oneof_index == Some(index)).collect();
        // The oneof of an optional field is the compiler's own.
        if !cases.is_empty() {
            line(text, format_args!("oneof {} {{", oneof.name()));
            cases.iter().for_each(|field| line(text, format_args!("{}", declaration(it, field))));
            text.push_str("}\n");
        }
    }
    text.push_str("}\n");
}

/// Type, name and number.
fn declaration(message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
    let ty = match map_entry(message, field) {
        Some(entry) => {
            format!("map<{}, {}>", type_name(&entry.field[0]), type_name(&entry.field[1]))
        }
        None => type_name(field),
    };
    format!("{ty} {} = {};", field.name(), field.number())
}

fn type_name(field: &FieldDescriptorProto) -> String {
    match field.r#type() {
        Type::Message | Type::Enum => {
            field.type_name().strip_prefix(".livekit.").expect("it is of this package").to_owned()
        }
        // TYPE_UINT32 is called uint32.
        scalar => scalar.as_str_name().trim_start_matches("TYPE_").to_lowercase(),
    }
}

fn is_in_oneof(field: &FieldDescriptorProto) -> bool {
    field.oneof_index.is_some() && !field.proto3_optional()
}

/// The entry of a field that is a map.
fn map_entry<'a>(
    message: &'a DescriptorProto,
    field: &FieldDescriptorProto,
) -> Option<&'a DescriptorProto> {
    let name = field.type_name().rsplit('.').next()?;
    message.nested_type.iter().find(|it| is_map_entry(it) && it.name() == name)
}

/// Returns `true` if the compiler has made `message` of a map.
pub fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(|options| options.map_entry())
}

fn line(text: &mut String, it: std::fmt::Arguments) {
    writeln!(text, "{it}").expect("a string takes everything");
}
