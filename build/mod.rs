//! From a compiled schema and a datasheet to what src/ includes from `OUT_DIR`.

pub mod borrowed;
pub mod borrowed_codec;
pub mod capacity;
#[macro_use]
pub mod datasheet;
pub mod descriptor;
pub mod enums;
pub mod features;
pub mod keys;
pub mod kinds;
pub mod knobs;
pub mod limits;
pub mod logs;
pub mod micropb;
pub mod mistake;
pub mod names;
pub mod overrides;
pub mod owned;
pub mod owned_assign;
pub mod owned_codec;
pub mod place;
pub mod plan;
pub mod registry;
pub mod schema;
pub mod tokens;
pub mod tree;
pub mod wire;

use std::path::PathBuf;
use std::{env, fs};

use datasheet::Datasheet;
use mistake::Result;
use plan::Plan;

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
    write("owned_codec.rs", owned_codec::generate(&plan));
    write("borrowed.rs", borrowed::generate(&plan));
    write("tags.rs", keys::generate(&plan));
    write("limits.rs", limits::generate(&plan));
    write("logs.rs", logs::list(&plan));
    write("registry.rs", registry::generate(&plan));
    Ok(())
}
