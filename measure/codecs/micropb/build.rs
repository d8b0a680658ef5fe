//! Plain micropb: what micropb-gen makes of the schema, with the capacities of livekit-micro's owned
//! messages.

use std::env;
use std::path::Path;

use measure_schema::{Capacity, capacity, set};
use micropb_gen::{Config, Generator};
use prost::Message as _;
use prost_types::DescriptorProto;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let set = set();
    let mut generator = Generator::new();
    generator.use_container_heapless();
    for message in &set.file[0].message_type {
        configure(&mut generator, &format!("livekit.{}", message.name()), message);
    }
    let out_dir = env::var_os("OUT_DIR").expect("cargo sets it");
    let (input, output) = (Path::new(&out_dir).join("set"), Path::new(&out_dir).join("livekit.rs"));
    std::fs::write(&input, set.encode_to_vec()).expect("OUT_DIR is writable");
    generator.compile_fdset_file(&input, &output).expect("micropb-gen takes the schema");
}

fn configure(generator: &mut Generator, name: &str, message: &DescriptorProto) {
    for nested in &message.nested_type {
        configure(generator, &format!("{name}.{}", nested.name()), nested);
    }
    for field in &message.field {
        let name = format!("{name}.{}", field.name());
        let Some(Capacity { bytes, items, key_bytes, value_bytes }) = capacity(&name) else {
            continue;
        };
        let mut config = Config::new();
        if let Some(items) = items {
            config = config.max_len(items);
        }
        let parts = [("", bytes), (".elem", bytes), (".key", key_bytes), (".value", value_bytes)];
        for (part, bytes) in parts {
            match (part, bytes, items) {
                (_, None, _) | ("", _, Some(_)) | (".elem", _, None) => {}
                ("", Some(bytes), None) => config = config.max_bytes(bytes),
                (part, Some(bytes), _) => {
                    let config = Config::new().max_bytes(bytes);
                    generator.configure(&format!(".{name}{part}"), config);
                }
            }
        }
        generator.configure(&format!(".{name}"), config);
    }
}
