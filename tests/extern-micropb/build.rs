//! Generates the firmware's messages. Those of LiveKit are livekit-micro's.

use std::env;
use std::path::Path;

use micropb_gen::{Config, Generator};

/// LiveKit's types that firmware.proto refers to, and their names in Rust.
const EXTERN: [(&str, &str); 5] = [
    (".livekit.UserPacket", "UserPacket"),
    (".livekit.DataPacket", "DataPacket"),
    (".livekit.RpcAck", "RpcAck"),
    (".livekit.DataPacket.Kind", "data_packet::Kind"),
    (".livekit.DataStream.OperationType", "data_stream::OperationType"),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=proto");
    // A firmware has a copy of livekit-micro's folder `protocol`.
    let protocol = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocol");
    let mut compiler =
        protox::Compiler::new([Path::new("proto"), &protocol]).expect("folders are there");
    compiler.include_imports(true).open_file("firmware.proto").expect("it is valid");
    let out_dir = env::var("OUT_DIR").expect("cargo sets it");
    let (set, code) =
        (Path::new(&out_dir).join("set.binpb"), Path::new(&out_dir).join("firmware.rs"));
    // prost-reflect reads it in the test.
    std::fs::write(&set, compiler.encode_file_descriptor_set()).expect("OUT_DIR is writable");

    let mut generator = Generator::new();
    generator.use_container_heapless();
    for package in [".livekit", ".logger", ".google"] {
        generator.configure(package, Config::new().skip(true));
    }
    for (name, path) in EXTERN {
        generator.extern_type_path(name, format!("livekit_micro::owned::{path}"));
    }
    generator.configure(".firmware.Stored.reason", Config::new().max_bytes(64));
    generator.configure(".firmware.Stored.waiting", Config::new().max_len(2));
    generator.configure(".firmware.Stored.acks", Config::new().max_len(4));
    generator.configure(".firmware.Stored.acks.key", Config::new().max_bytes(48));
    generator.compile_fdset_file(&set, &code).expect("micropb-gen takes the schema");
}
