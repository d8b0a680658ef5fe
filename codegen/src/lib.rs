//! The generator of livekit-micro: from a compiled schema and a datasheet to the text that the crate
//! includes from `OUT_DIR`.
//!
//! 1. [`schema`] decodes the descriptor set into plain structs.
//! 2. [`config`] decides what is generated and how large each field may become: features, datasheet,
//!    knobs of the environment, overrides of a TOML file. Every mistake is one readable error.
//! 3. [`emit`] writes Rust: both families of messages, enums, logs, tags, limits.
//!
//! A build script declares a datasheet with [`knobs!`], [`fixed!`] and rows, then calls [`run`].

pub mod config;
pub mod emit;
pub mod schema;

use std::path::PathBuf;
use std::{env, fs};

use config::datasheet::Datasheet;
use config::error::Result;
use config::knobs;
use config::plan::Plan;
use emit::{borrowed, debug, keys, limits, owned, registry};

/// Generates everything; a mistake stops the build of the crate with one line.
///
/// `set` is the schema, a compiled `FileDescriptorSet`.
pub fn run(set: &[u8], datasheet: Datasheet) {
    knobs::watch(datasheet.knobs);
    if let Err(mistake) = generate(set, datasheet) {
        // Cargo prints the line as an error of this crate and stops the build.
        println!("cargo::error={}", mistake.0);
    }
}

fn generate(set: &[u8], datasheet: Datasheet) -> Result<()> {
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let plan = Plan::read(set, datasheet)?;

    println!("cargo::rustc-check-cfg=cfg(livekit_micro_json)");
    if plan.has_by_hand() {
        println!("cargo::rustc-cfg=livekit_micro_json");
    }
    let write = |name: &str, text: String| {
        fs::write(out_dir.join(name), text).expect("OUT_DIR is writable");
    };
    write("owned.rs", owned::generate(&plan, &out_dir));
    write("owned_codec.rs", owned::codec::generate(&plan));
    write("borrowed.rs", borrowed::generate(&plan));
    write("tags.rs", keys::generate(&plan));
    write("limits.rs", limits::generate(&plan));
    write("logs.rs", debug::list(&plan));
    write("registry.rs", registry::generate(&plan));
    Ok(())
}
