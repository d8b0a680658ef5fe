//! The files in `protocol/`: compiled, in the one canonical form, and commented throughout.

use std::collections::BTreeSet;
use std::fs;

use prost_reflect::{DescriptorPool, EnumDescriptor, MessageDescriptor};
use schema::{comments, compile, print};

use crate::{DESCRIPTOR, path, pool, read};

#[test]
fn livekit_binpb_is_what_the_proto_files_compile_to() {
    let compiled = compile::directory(&path("protocol")).expect("protocol/*.proto compile");
    assert!(
        compiled == read("protocol/livekit.binpb"),
        "protocol/livekit.binpb is not what protocol/*.proto say: cargo run -p schema -- compile"
    );
}

#[test]
fn the_proto_files_are_in_canonical_form() {
    let compiled = compile::directory(&path("protocol")).expect("protocol/*.proto compile");
    let pool = DescriptorPool::decode(compiled.as_slice()).expect("just compiled");
    let comments = comments::of(&pool);
    for file in pool.files().filter(|file| file.name() != DESCRIPTOR) {
        let text = fs::read_to_string(path("protocol").join(file.name())).expect("just compiled");
        assert!(
            text == print::file(&file, &comments),
            "protocol/{} is not in canonical form: cargo run -p schema -- format",
            file.name()
        );
    }
}

#[test]
fn all_of_the_release_is_there() {
    let pool = pool("protocol/livekit.binpb");
    let is_own = |name: &str| !name.starts_with("google/");
    let files = pool.files().filter(|file| is_own(file.name())).count();
    let messages = messages(&pool).filter(|m| is_own(m.parent_file().name())).count();
    let enums = enums(&pool).filter(|e| is_own(e.parent_file().name())).count();
    println!("\n{files} files of LiveKit, {messages} messages, {enums} enums");
    assert_eq!((files, messages, enums), (23, 535, 98));
}

#[test]
fn everything_has_a_comment() {
    let pool = pool("protocol/livekit.binpb");
    let comments = comments::of(&pool);
    let mut names: BTreeSet<String> = BTreeSet::new();
    let files = pool.files().filter(|file| file.name() != DESCRIPTOR);
    names.extend(files.map(|file| format!("{}:file", file.name())));
    for message in messages(&pool) {
        names.insert(message.full_name().to_owned());
        names.extend(message.fields().map(|field| field.full_name().to_owned()));
        let oneofs = message.oneofs().filter(|oneof| !oneof.is_synthetic());
        names.extend(oneofs.map(|oneof| oneof.full_name().to_owned()));
    }
    for item in enums(&pool) {
        let name = item.full_name();
        names.insert(name.to_owned());
        // Protobuf gives a value the scope of its enum; its comment is filed below the enum.
        names.extend(item.values().map(|value| format!("{name}.{}", value.name())));
    }
    for service in pool.services() {
        names.insert(service.full_name().to_owned());
        names.extend(service.methods().map(|method| method.full_name().to_owned()));
    }
    names.extend(pool.all_extensions().map(|extension| extension.full_name().to_owned()));

    let bare: Vec<_> = names.iter().filter(|name| !comments.contains_key(*name)).collect();
    assert!(bare.is_empty(), "{} without a comment: {bare:#?}", bare.len());
    println!("\n{} comments, one for each thing of the schema", names.len());
}

fn messages(pool: &DescriptorPool) -> impl Iterator<Item = MessageDescriptor> {
    pool.all_messages().filter(|m| !m.is_map_entry() && m.parent_file().name() != DESCRIPTOR)
}

fn enums(pool: &DescriptorPool) -> impl Iterator<Item = EnumDescriptor> {
    pool.all_enums().filter(|item| item.parent_file().name() != DESCRIPTOR)
}
