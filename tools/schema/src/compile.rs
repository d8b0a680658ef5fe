//! Compiles `protocol/*.proto` into one descriptor set.

use std::path::Path;

use prost_reflect::DescriptorPool;
use prost_reflect::prost::Message as _;
use prost_reflect::prost_types::{FileDescriptorProto, FileDescriptorSet, SourceCodeInfo};
use protox::Compiler;

use crate::{Failure, files};

/// The descriptor set of all .proto files below `protocol`, imports included, in the order of
/// their names with imports first.
///
/// Of the source info only what the build reads is kept: comments, and what they stand above.
pub fn directory(protocol: &Path) -> Result<Vec<u8>, Failure> {
    let mut compiler = Compiler::new([protocol])?;
    compiler.include_source_info(true).include_imports(true);
    for name in files::proto_names(protocol)? {
        compiler.open_file(&name)?;
    }
    // Through the pool, because only it keeps custom options such as `(logger.sensitivity)`.
    let set = compiler.encode_file_descriptor_set();
    let pool = DescriptorPool::decode(set.as_slice())?;
    let mut bytes = Vec::new();
    for file in pool.files() {
        let raw = file.encode_to_vec();
        let comments = comments_only(file.file_descriptor_proto());
        let record = with_source_info(&raw, &comments)?;
        prost_reflect::prost::encoding::bytes::encode(1, &record, &mut bytes);
    }
    FileDescriptorSet::decode(bytes.as_slice())?;
    Ok(bytes)
}

/// The source info of `file` without places in the text and without what has no comment.
fn comments_only(file: &FileDescriptorProto) -> SourceCodeInfo {
    let all = file.source_code_info.iter().flat_map(|info| &info.location);
    let kept = all.filter(|location| location.leading_comments.is_some()).map(|location| {
        let mut location = location.clone();
        location.span = Vec::new();
        location.leading_detached_comments = Vec::new();
        location
    });
    SourceCodeInfo { location: kept.collect() }
}

/// The file `raw` with its field 9 (`source_code_info`) replaced; the rest, custom options too,
/// stays as it is.
fn with_source_info(raw: &[u8], info: &SourceCodeInfo) -> Result<Vec<u8>, Failure> {
    use prost_reflect::prost::encoding::{WireType, decode_key, encode_key, skip_field};
    const SOURCE_CODE_INFO: u32 = 9;
    let (mut rest, mut out) = (raw, Vec::new());
    while !rest.is_empty() {
        let start = rest;
        let (tag, wire) = decode_key(&mut rest)?;
        skip_field(wire, tag, &mut rest, Default::default())?;
        if tag != SOURCE_CODE_INFO {
            out.extend_from_slice(&start[..start.len() - rest.len()]);
        }
    }
    encode_key(SOURCE_CODE_INFO, WireType::LengthDelimited, &mut out);
    info.encode_length_delimited(&mut out)?;
    Ok(out)
}
