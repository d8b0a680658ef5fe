//! LiveKit's schema is read, broken ones are errors.

use crate::schema::{Kind, Schema, Shape};

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
