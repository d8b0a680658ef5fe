//! Reads the descriptors out of a PyPI wheel of `livekit-protocol`.
//!
//! Each `*_pb2.py` module registers its file with `AddSerializedFile(b'…')`: a Python bytes
//! literal that holds a serialised `FileDescriptorProto`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use prost_reflect::DescriptorPool;
use prost_reflect::prost::Message as _;
use prost_reflect::prost_types::FileDescriptorProto;

use crate::Failure;

/// All .proto files of the wheel at `path`, with Google's own where they are imported.
pub fn read(path: &Path) -> Result<DescriptorPool, Failure> {
    let mut archive = zip::ZipArchive::new(File::open(path)?)?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        if !entry.name()?.ends_with("_pb2.py") {
            continue;
        }
        let mut text = String::new();
        entry.read_to_string(&mut text)?;
        let name = entry.name()?;
        let bytes = serialised(&text).ok_or_else(|| format!("{name}: no descriptor found"))?;
        let file = FileDescriptorProto::decode(bytes.as_slice())?;
        files.insert(file.name().to_owned(), bytes);
    }
    if files.is_empty() {
        return Err(format!("{}: no *_pb2.py with a descriptor", path.display()).into());
    }
    let mut pool = DescriptorPool::global();
    let names: Vec<String> = files.keys().cloned().collect();
    for name in names {
        add(&name, &mut files, &mut pool)?;
    }
    Ok(pool)
}

/// Adds the file `name` after everything it imports.
fn add(
    name: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
    pool: &mut DescriptorPool,
) -> Result<(), Failure> {
    let Some(bytes) = files.remove(name) else { return Ok(()) };
    let file = FileDescriptorProto::decode(bytes.as_slice())?;
    for import in &file.dependency {
        add(import, files, pool)?;
    }
    pool.decode_file_descriptor_proto(bytes.as_slice())?;
    Ok(())
}

/// The value of the first `AddSerializedFile(b'…')` in a Python module.
fn serialised(python: &str) -> Option<Vec<u8>> {
    let literal = python.split_once("AddSerializedFile(b'")?.1;
    let mut bytes = Vec::new();
    let mut rest = literal.bytes();
    loop {
        match rest.next()? {
            b'\'' => return Some(bytes),
            b'\\' => bytes.push(match rest.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'x' => {
                    let digit = |byte: u8| (byte as char).to_digit(16);
                    (digit(rest.next()?)? * 16 + digit(rest.next()?)?) as u8
                }
                // `\'`, `\"` and `\\` stand for themselves.
                other => other,
            }),
            byte => bytes.push(byte),
        }
    }
}
