//! What pb-rs makes of the schema. It reads .proto files only.

use std::path::PathBuf;
use std::{env, fs};

use pb_rs::ConfigBuilder;
use pb_rs::types::FileDescriptor;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let schema = out_dir.join("livekit.proto");
    let text = measure_schema::proto::print(&measure_schema::set().file[0]);
    fs::write(&schema, text).expect("OUT_DIR is writable");
    let output = out_dir.join("livekit.rs");
    let config = ConfigBuilder::new(&[schema], Some(&output), None, &[out_dir])
        .expect("the schema is there")
        .single_module(true)
        .nostd(true)
        .headers(false);
    FileDescriptor::run(&config.build()).expect("pb-rs takes the schema");
}
