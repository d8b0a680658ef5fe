//! The schema in `protocol/`: it is what LiveKit published, and what `livekit.binpb` holds.

mod diff;
mod facts;
mod protocol;
mod releases;
mod upstream;
mod wheel;

use std::fs;
use std::path::{Path, PathBuf};

use prost_reflect::DescriptorPool;

/// Google's description of schemas: part of the compiler, not of LiveKit's release.
const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// A path in the repository.
fn path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn read(path: &str) -> Vec<u8> {
    fs::read(self::path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn pool(path: &str) -> DescriptorPool {
    DescriptorPool::decode(read(path).as_slice()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Descriptors that LiveKit published in `livekit-protocol` on PyPI.
fn release(version: &str) -> DescriptorPool {
    pool(&format!("tests/upstream/livekit-{version}.binpb"))
}

/// The release that `protocol/` holds.
fn version() -> String {
    String::from_utf8(read("protocol/VERSION")).expect("UTF-8").trim().to_owned()
}
