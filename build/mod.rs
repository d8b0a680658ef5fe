//! From a compiled schema and a datasheet to what src/ includes from `OUT_DIR`.

pub mod capacity;
pub mod companions;
#[macro_use]
pub mod datasheet;
pub mod descriptor;
pub mod enums;
pub mod features;
pub mod knobs;
pub mod limits;
pub mod logs;
pub mod micropb;
pub mod mistake;
pub mod names;
pub mod overrides;
pub mod owned;
pub mod place;
pub mod plan;
pub mod registry;
pub mod schema;
pub mod tokens;
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
    write("limits.rs", limits::generate(&plan));
    write("logs.rs", logs::list(&plan));
    write("registry.rs", registry::generate(&plan));
    Ok(())
}
