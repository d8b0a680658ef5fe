//! The wheel reader, on a wheel made here. By hand, on a real one of `pip download --no-deps
//! livekit-protocol==1.1.29`: `cargo run -p schema -- diff tests/upstream/livekit-1.1.29.binpb WHEEL`
//! prints nothing.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use prost_reflect::DescriptorPool;
use schema::{diff, wheel};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{facts, release};

#[test]
fn a_wheel_gives_the_descriptors_that_were_put_into_it() {
    let release = release("1.1.5");
    let own = || release.files().filter(|file| !file.name().starts_with("google/"));
    let mut modules = vec![("__init__.py".to_owned(), "from . import models\n".to_owned())];
    modules.extend(own().map(|file| {
        let name = file.name().replace("livekit_", "").replace(".proto", ".py");
        (name, module(file.name(), &file.encode_to_vec()))
    }));
    let read = wheel::read(&write("good.whl", &modules)).expect("a wheel like PyPI's");

    assert_eq!(diff::changes(&release, &read), Vec::<String>::new());
    for file in own() {
        let same = read.get_file_by_name(file.name()).expect("it was put there");
        assert_eq!(facts::differences(&facts::of(&file), &facts::of(&same)), Vec::<String>::new());
    }
    let set = DescriptorPool::decode(wheel::descriptor_set(&read).as_slice()).expect("complete");
    assert_eq!(set.files().len(), release.files().len(), "with Google's that are imported");
    assert_eq!(diff::changes(&release, &set), Vec::<String>::new());
}

#[test]
fn every_byte_comes_through_a_python_literal() {
    // A file whose name holds each byte that is ASCII, and digits behind escapes.
    let mut name: String = (0..128_u8).map(char::from).collect();
    name.push_str("\n7\x01f\u{e9}a");
    let mut bytes = vec![0x0a, u8::try_from(name.len()).expect("short") | 0x80, 1];
    assert!(name.len() >= 128, "its length takes two bytes");
    bytes.extend_from_slice(name.as_bytes());
    let wheel = write("bytes.whl", &[("odd.py".to_owned(), module("odd", &bytes))]);
    let pool = wheel::read(&wheel).expect("an empty file");
    assert!(pool.get_file_by_name(&name).is_some());
}

#[test]
fn a_wheel_without_descriptors_is_refused() {
    let path = write("empty.whl", &[("__init__.py".to_owned(), String::new())]);
    let error = wheel::read(&path).expect_err("nothing is in it").to_string();
    assert_eq!(error, format!("{}: no module of it holds a descriptor", path.display()));
}

#[test]
fn a_descriptor_that_is_written_otherwise_is_not_left_out_silently() {
    let python = "x = _descriptor_pool.Default().AddSerializedFile(b\"\\n\\x01x\")\n".to_owned();
    let path = write("other.whl", &[("models.py".to_owned(), python)]);
    let error = wheel::read(&path).expect_err("double quotes").to_string();
    assert_eq!(error, "livekit/protocol/models.py: not the literal of protoc");
}

/// Writes a wheel: a zip of Python modules, and a file that is none.
fn write(name: &str, modules: &[(String, String)]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut zip = ZipWriter::new(File::create(&path).expect("a writable target"));
    let options = SimpleFileOptions::default();
    zip.start_file("livekit/protocol/models.pyi", options).expect("a zip");
    zip.write_all(b"DESCRIPTOR: _descriptor.FileDescriptor\n").expect("a zip");
    for (name, python) in modules {
        zip.start_file(format!("livekit/protocol/{name}"), options).expect("a zip");
        zip.write_all(python.as_bytes()).expect("a zip");
    }
    zip.finish().expect("a zip");
    path
}

/// A module as protoc's Python generator writes it.
fn module(name: &str, descriptor: &[u8]) -> String {
    format!(
        "# -*- coding: utf-8 -*-\n# source: {name}\n\
         from google.protobuf import descriptor_pool as _descriptor_pool\n\n\
         DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile(b'{}')\n\n\
         _globals = globals()\n",
        literal(descriptor)
    )
}

/// Bytes as absl's `CHexEscape` writes them, which protoc uses: two hexadecimal digits for all that
/// cannot be printed, and for a hexadecimal digit behind such an escape, which C would add to it.
fn literal(bytes: &[u8]) -> String {
    let (mut text, mut after_hex) = (String::new(), false);
    for &byte in bytes {
        let was_hex = std::mem::take(&mut after_hex);
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'"' | b'\'' | b'\\' => {
                text.push('\\');
                text.push(byte.into());
            }
            b' '..=b'~' if !(was_hex && byte.is_ascii_hexdigit()) => text.push(byte.into()),
            _ => {
                write!(text, "\\x{byte:02x}").expect("a String takes any text");
                after_hex = true;
            }
        }
    }
    text
}
