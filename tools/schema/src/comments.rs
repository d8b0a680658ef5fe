//! The comments of a descriptor set, keyed by full name.

use std::collections::BTreeMap;

use prost_reflect::DescriptorPool;
use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, source_code_info::Location,
};

/// Leading comments by full name (`livekit.DataPacket.kind`); a file's own comment, above its
/// `syntax` line, under `NAME:file`.
pub type Comments = BTreeMap<String, String>;

/// Collects every comment of `pool`.
pub fn of(pool: &DescriptorPool) -> Comments {
    let mut comments = Comments::new();
    for file in pool.files() {
        let proto = file.file_descriptor_proto();
        for location in proto.source_code_info.iter().flat_map(|info| &info.location) {
            let text = match location.leading_comments() {
                "" => location.trailing_comments(),
                text => text,
            };
            let name = name_of(proto, location);
            if let (Some(name), false) = (name, text.trim().is_empty()) {
                let text: Vec<_> =
                    text.lines().map(|l| l.strip_prefix(' ').unwrap_or(l).trim_end()).collect();
                comments.insert(name, text.join("\n").trim_end().to_owned());
            }
        }
    }
    comments
}

/// The full name of what stands at `location`; `None` for parts (a type, a number) of something.
fn name_of(file: &FileDescriptorProto, location: &Location) -> Option<String> {
    let package = file.package();
    match location.path.as_slice() {
        // 12 = syntax
        [12] => Some(format!("{}:file", file.name())),
        // 4 = message, 5 = enum, 6 = service, 7 = extension
        [4, index, rest @ ..] => message_name(&file.message_type[*index as usize], package, rest),
        [5, index, rest @ ..] => enum_name(&file.enum_type[*index as usize], package, rest),
        [6, index] => Some(format!("{package}.{}", file.service[*index as usize].name())),
        [6, index, 2, method] => {
            let service = &file.service[*index as usize];
            let method = service.method[*method as usize].name();
            Some(format!("{package}.{}.{method}", service.name()))
        }
        [7, index] => Some(format!("{package}.{}", file.extension[*index as usize].name())),
        _ => None,
    }
}

fn message_name(message: &DescriptorProto, scope: &str, path: &[i32]) -> Option<String> {
    let name = format!("{scope}.{}", message.name());
    match path {
        [] => Some(name),
        // 2 = field, 3 = nested message, 4 = nested enum, 8 = oneof
        [2, index] => Some(format!("{name}.{}", message.field[*index as usize].name())),
        [3, index, rest @ ..] => message_name(&message.nested_type[*index as usize], &name, rest),
        [4, index, rest @ ..] => enum_name(&message.enum_type[*index as usize], &name, rest),
        [8, index] => Some(format!("{name}.{}", message.oneof_decl[*index as usize].name())),
        _ => None,
    }
}

fn enum_name(item: &EnumDescriptorProto, scope: &str, path: &[i32]) -> Option<String> {
    let name = format!("{scope}.{}", item.name());
    match path {
        [] => Some(name),
        // 2 = value
        [2, index] => Some(format!("{name}.{}", item.value[*index as usize].name())),
        _ => None,
    }
}
