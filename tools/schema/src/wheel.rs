//! Reads the descriptors out of a PyPI wheel of `livekit-protocol`.
//!
//! Each module that protoc has generated registers its file with `AddSerializedFile(b'…')`: a Python
//! bytes literal that holds a serialised `FileDescriptorProto`. The wheel calls them `models.py` and
//! the like, where protoc would call them `livekit_models_pb2.py`.

use std::collections::{BTreeMap, BTreeSet};
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
        if !entry.name()?.ends_with(".py") {
            continue;
        }
        let mut text = String::new();
        entry.read_to_string(&mut text)?;
        let Some((_, literal)) = text.split_once(".AddSerializedFile(") else { continue };
        let module = entry.name()?;
        let bytes =
            bytes_of(literal).ok_or_else(|| format!("{module}: not the literal of protoc"))?;
        let file = FileDescriptorProto::decode(bytes.as_slice())?;
        files.insert(file.name().to_owned(), bytes);
    }
    if files.is_empty() {
        return Err(format!("{}: no module of it holds a descriptor", path.display()).into());
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

/// The bytes of the Python literal `b'…'` that `python` begins with.
fn bytes_of(python: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = python.strip_prefix("b'")?.bytes();
    loop {
        match rest.next()? {
            b'\'' => return Some(bytes),
            b'\\' => bytes.push(match rest.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'x' => {
                    let (high, low) = (rest.next()?, rest.next()?);
                    let digit = |byte: u8| (byte as char).to_digit(16);
                    (digit(high)? * 16 + digit(low)?) as u8
                }
                itself @ (b'\'' | b'"' | b'\\') => itself,
                _ => return None,
            }),
            byte => bytes.push(byte),
        }
    }
}

/// The files of `pool` but for those of Google's that none of the others imports, as one
/// descriptor set.
pub fn descriptor_set(pool: &DescriptorPool) -> Vec<u8> {
    let own = pool.files().filter(|file| !file.name().starts_with("google/"));
    let imported: BTreeSet<String> = own
        .flat_map(|file| file.dependencies().map(|d| d.name().to_owned()).collect::<Vec<_>>())
        .collect();
    let mut bytes = Vec::new();
    for file in pool.files() {
        if !file.name().starts_with("google/") || imported.contains(file.name()) {
            prost_reflect::prost::encoding::bytes::encode(1, &file.encode_to_vec(), &mut bytes);
        }
    }
    bytes
}
