//! Puts where the linker looks for it what riscv-rt's link.x includes.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let mut memory = include_str!("memory.x").to_owned();
    if env::var_os("CARGO_FEATURE_LARGE").is_some() {
        memory = memory
            .replace("LENGTH = 252K", "LENGTH = 508K")
            .replace("LENGTH = 64K", "LENGTH = 128K");
    }
    fs::write(out.join("memory.x"), memory).expect("OUT_DIR can be written");
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rerun-if-changed=memory.x");
}
