//! LiveKit's schema is read, broken ones are errors.

use crate::schema::{Kind, Member, Message, Schema, Shape};

static LIVEKIT: &[u8] = include_bytes!("../../../protocol/livekit.binpb");

/// A length-delimited field.
fn sub(number: u8, content: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, content.len() as u8], content].concat()
}

/// A file of the package `p` with these further fields.
fn file(content: &[u8]) -> Vec<u8> {
    sub(1, &[sub(1, b"p.proto"), sub(2, b"p"), content.to_vec()].concat())
}

/// A field `f` with number 1, this type and this type name.
fn field_of(kind: u8, type_name: &[u8]) -> Vec<u8> {
    [sub(1, b"f"), vec![0x18, 1, 0x20, 1, 0x28, kind], sub(6, type_name)].concat()
}

fn error(set: &[u8]) -> String {
    Schema::read(set).err().expect("the schema is broken").to_string()
}

#[test]
fn livekits_schema_is_read() {
    let schema = Schema::read(LIVEKIT).unwrap();
    let of_google = schema.messages.iter().filter(|m| m.package == "google.protobuf").count();
    assert_eq!(schema.messages.len() - of_google, 535);
    let packet = schema.message("livekit.UserPacket").unwrap();
    let payload = packet.fields.iter().find(|field| field.name == "payload").unwrap();
    assert_eq!((payload.number, &payload.kind), (2, &Kind::Bytes));
    assert_eq!(schema.shape(payload), Shape::Bytes);
    let topic = packet.fields.iter().find(|field| field.name == "topic").unwrap();
    assert!(topic.optional && topic.oneof.is_none());
    let header = schema.message("livekit.DataStream.Header").unwrap();
    let attributes = header.fields.iter().find(|field| field.name == "attributes").unwrap();
    assert_eq!(schema.shape(attributes), Shape::Map { key_bytes: true, value_bytes: true });
    assert_eq!(schema.path("livekit.DataStream.Header"), "data_stream::Header");
}

/// Names of the members, and of a oneof those of its fields.
fn members(message: &Message, without: &str) -> Vec<(u32, Vec<String>)> {
    let members = message.members(|field| field.name != without);
    let names = |member: &Member| match member {
        Member::Field(field) => vec![field.name.clone()],
        Member::Oneof(oneof, fields) => {
            let names = fields.iter().map(|field| field.name.clone());
            [oneof.name.clone()].into_iter().chain(names).collect()
        }
    };
    members.iter().map(|member| (member.number(), names(member))).collect()
}

#[test]
fn a_oneof_is_one_member_at_the_place_of_its_first_field() {
    let schema = Schema::read(LIVEKIT).unwrap();
    let request = schema.message("livekit.RoomCompositeEgressRequest").unwrap();
    let all = members(request, "");
    let oneofs: Vec<_> = all.iter().filter(|(_, names)| names.len() > 1).collect();
    assert_eq!(oneofs.len(), 2);
    assert_eq!(oneofs[0].1, ["output", "file", "stream", "segments"]);
    assert_eq!(oneofs[1].1, ["options", "preset", "advanced"]);
    assert_eq!((oneofs[0].0, oneofs[1].0), (6, 8));
    let first = (1, vec!["room_name".to_owned()]);
    assert_eq!(all[0], first);
    // What is left out is in no member.
    let without = members(request, "file");
    assert!(without.contains(&(7, ["output", "stream", "segments"].map(str::to_owned).into())));
    assert_eq!(without.len(), all.len());
    let paths = request.oneofs.iter().map(|oneof| schema.oneof_path(request, oneof));
    let paths: Vec<_> = paths.collect();
    let expected =
        ["Output", "Options"].map(|name| format!("room_composite_egress_request::{name}"));
    assert_eq!(paths, expected);
}

#[test]
fn shapes_say_which_parts_need_a_capacity() {
    let schema = Schema::read(LIVEKIT).unwrap();
    for (message, field, shape) in [
        ("livekit.UserPacket", "payload", Shape::Bytes),
        ("livekit.UserPacket", "topic", Shape::String),
        ("livekit.DataPacket", "destination_identities", Shape::Strings),
        ("livekit.DataPacket", "user", Shape::Plain),
        ("livekit.DataPacket", "sequence", Shape::Plain),
        ("livekit.TrackInfo", "audio_features", Shape::List),
        ("livekit.TrackInfo", "layers", Shape::List),
        (
            "livekit.ParticipantInfo",
            "attributes",
            Shape::Map { key_bytes: true, value_bytes: true },
        ),
    ] {
        let message = schema.message(message).unwrap();
        let field = message.fields.iter().find(|it| it.name == field).unwrap();
        assert_eq!(schema.shape(field), shape, "{}", message.full_name(field));
        let is_map = matches!(shape, Shape::Map { .. });
        assert_eq!(schema.entry(field).map(|entry| entry.fields.len()), is_map.then_some(2));
    }
}

#[test]
fn lists_of_numbers_are_packed_unless_the_schema_says_otherwise() {
    let schema = Schema::read(LIVEKIT).unwrap();
    for (message, field, packed) in [
        ("livekit.TrackInfo", "audio_features", true),
        ("livekit.TrackInfo", "layers", false),
        ("livekit.TrackInfo", "source", false),
        ("livekit.DataPacket", "destination_identities", false),
        ("livekit.DataPacket", "sequence", false),
    ] {
        let message = schema.message(message).unwrap();
        let field = message.fields.iter().find(|it| it.name == field).unwrap();
        assert_eq!(field.packed, packed, "{}", message.full_name(field));
    }
    for (options, packed) in [(&[][..], true), (&[0x10, 1], true), (&[0x10, 0], false)] {
        let field = [sub(1, b"f"), vec![0x18, 1, 0x20, 3, 0x28, 5], sub(8, options)].concat();
        let schema =
            Schema::read(&file(&sub(4, &[sub(1, b"M"), sub(2, &field)].concat()))).unwrap();
        assert_eq!(schema.messages[0].fields[0].packed, packed, "{options:?}");
    }
}

#[test]
fn a_field_has_a_name_and_a_number() {
    for field in [&[0x18, 1, 0x20, 1, 0x28, 5][..], &[0x0a, 1, b'f', 0x20, 1, 0x28, 5]] {
        let set = file(&sub(4, &[sub(1, b"M"), sub(2, field)].concat()));
        assert_eq!(error(&set), "schema: a field has no name or no number");
    }
}

#[test]
fn only_messages_with_more_than_numbers_borrow() {
    let schema = Schema::read(LIVEKIT).unwrap();
    for (name, borrows) in [
        ("livekit.UserPacket", true),
        ("livekit.DataPacket", true),
        ("livekit.TimedVersion", false),
        ("livekit.ParticipantPermission", true),
    ] {
        assert_eq!(schema.borrows(name), borrows, "{name}");
    }
    for (name, hand_written) in [
        ("google.protobuf.Struct", Some("Struct")),
        ("google.protobuf.Timestamp", None),
        ("livekit.UserPacket", None),
    ] {
        assert_eq!(schema.message(name).unwrap().hand_written(), hand_written, "{name}");
    }
}

#[test]
fn comments_are_those_above_each_element() {
    let schema = Schema::read(LIVEKIT).unwrap();
    let begins = |comment: &str, text: &str| assert!(comment.trim().starts_with(text), "{comment}");
    // The last message of its file, and elements that are nested.
    let request = schema.messages.iter().rfind(|it| it.file == "livekit_models.proto").unwrap();
    assert!(!request.comment.is_empty(), "{}", request.name);
    begins(
        &schema.message("livekit.TimedVersion").unwrap().comment,
        "A version that grows with time.",
    );
    let header = schema.message("livekit.DataStream.Header").unwrap();
    begins(&header.comment, "Opens a data stream.");
    begins(&header.oneofs[0].comment, "Whether the stream is text or bytes.");
    let chunk = schema.message("livekit.DataStream.Chunk").unwrap();
    assert_ne!(
        (&chunk.comment, &chunk.fields[0].comment),
        (&header.comment, &header.fields[0].comment)
    );
    let version = &schema.message("livekit.TimedVersion").unwrap().fields[1];
    begins(&version.comment, "Tells apart versions of the same microsecond.");
    for (name, comment, value) in [
        (
            "livekit.DataStream.OperationType",
            "What a text stream does",
            "Replaces an earlier text.",
        ),
        ("livekit.DataStream.CompressionType", "How the content of a stream", ""),
        ("livekit.TrackSource", "Where a media track comes from.", ""),
    ] {
        let item = schema.enums.iter().find(|it| it.name == name).unwrap();
        begins(&item.comment, comment);
        begins(&item.values[1].comment, value);
    }
}

#[test]
fn a_file_is_kept_without_its_comments() {
    let schema = Schema::read(LIVEKIT).unwrap();
    let encodings: Vec<u8> = schema.files.iter().flat_map(|file| file.encoding.clone()).collect();
    assert!(encodings.len() < LIVEKIT.len() / 2, "{} of {}", encodings.len(), LIVEKIT.len());
    let again = Schema::read(&encodings).unwrap();
    let names =
        |schema: &Schema| schema.messages.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&again), names(&schema));
    assert!(again.messages.iter().all(|message| message.comment.is_empty()));
}

#[test]
fn truncation_is_an_error_wherever_it_is() {
    // Every place in the first bytes, then some: the set has 430 KB.
    let places = (1..200).chain((200..LIVEKIT.len()).step_by(9973));
    for len in places {
        assert_eq!(
            error(&LIVEKIT[..len]),
            "schema: truncated; compile it again with tools/schema",
            "{len} bytes"
        );
    }
}

#[test]
fn a_schema_that_is_no_descriptor_set_is_an_error() {
    assert!(Schema::read(b"syntax = \"proto3\";").is_err());
    assert_eq!(error(&sub(1, &sub(1, b"p.proto"))), "schema: \"p.proto\" has no package");
    let unnamed = file(&sub(4, &[]));
    assert_eq!(error(&unnamed), "schema: \"p.proto\" has a message without a name");
    let varint_name = file(&sub(4, &[0x08, 1]));
    assert_eq!(error(&varint_name), "schema: expected a length-delimited field, found a varint");
}

#[test]
fn a_reference_outside_the_schema_is_an_error() {
    for kind in [11, 14] {
        let message = [sub(1, b"M"), sub(2, &field_of(kind, b".p.N"))].concat();
        assert_eq!(
            error(&file(&sub(4, &message))),
            "schema: p.M.f is of a type that the schema does not have"
        );
    }
    let method = sub(6, &sub(2, &sub(2, b".p.Request")));
    assert_eq!(
        error(&file(&method)),
        "schema: a method has p.Request, which the schema does not have"
    );
}

#[test]
fn oneofs_map_entries_and_types_that_do_not_exist_are_errors() {
    let of_oneof = |more: &[u8]| {
        let field = [&field_of(5, b"")[..], more].concat();
        file(&sub(4, &[sub(1, b"M"), sub(2, &field)].concat()))
    };
    assert_eq!(
        error(&of_oneof(&[0x48, 0])),
        "schema: p.M.f is of a oneof that its message does not have"
    );
    assert_eq!(
        error(&of_oneof(&[0x88, 0x01, 1])),
        "schema: p.M has an `optional` field without its oneof"
    );
    assert_eq!(
        error(&of_oneof(&[0x42, 3, 0xc0, 0x50, 3])),
        "schema: the field f has the unknown sensitivity 3"
    );
    let group = file(&sub(4, &[sub(1, b"M"), sub(2, &field_of(10, b".p.M"))].concat()));
    assert_eq!(error(&group), "schema: the field f has the unknown type 10");
    let entry = file(&sub(4, &[sub(1, b"E"), sub(7, &[0x38, 1])].concat()));
    assert_eq!(error(&entry), "schema: p.E is not an entry of a map");
}
