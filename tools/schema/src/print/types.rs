//! Names of types, as short as .proto allows.

use prost_reflect::Kind;

/// `name` as it is written inside `scope`: without the part both have in common.
pub fn relative<'a>(name: &'a str, scope: &str) -> &'a str {
    let mut scope = scope;
    loop {
        if let Some(rest) = name.strip_prefix(scope).and_then(|rest| rest.strip_prefix('.')) {
            return rest;
        }
        match scope.rsplit_once('.') {
            Some((outer, _)) => scope = outer,
            None => return name,
        }
    }
}

/// The type as .proto writes it inside the message `scope`.
pub fn type_name(kind: &Kind, scope: &str) -> String {
    match kind {
        Kind::Message(m) => relative(m.full_name(), scope).to_owned(),
        Kind::Enum(e) => relative(e.full_name(), scope).to_owned(),
        Kind::Double => "double".into(),
        Kind::Float => "float".into(),
        Kind::Int32 => "int32".into(),
        Kind::Int64 => "int64".into(),
        Kind::Uint32 => "uint32".into(),
        Kind::Uint64 => "uint64".into(),
        Kind::Sint32 => "sint32".into(),
        Kind::Sint64 => "sint64".into(),
        Kind::Fixed32 => "fixed32".into(),
        Kind::Fixed64 => "fixed64".into(),
        Kind::Sfixed32 => "sfixed32".into(),
        Kind::Sfixed64 => "sfixed64".into(),
        Kind::Bool => "bool".into(),
        Kind::String => "string".into(),
        Kind::Bytes => "bytes".into(),
    }
}
