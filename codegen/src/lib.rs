//! The generator of livekit-micro: from a compiled schema and a datasheet to the text that the crate
//! includes from `OUT_DIR`.
//!
//! 1. [`schema`] decodes the descriptor set into plain structs.
//! 2. [`config`] decides what is generated and how large each field may become: features, datasheet,
//!    knobs of the environment, overrides of a TOML file.
//! 3. [`emit`] prints Rust: both families of messages, enums, logs, tags, limits.
//!
//! A build script declares a datasheet with [`knobs!`], [`fixed!`] and rows, then runs a [`Builder`].
//! Every mistake is an [`Error`](error::Error) of one line.

pub mod config;
pub mod emit;
pub mod error;
pub mod schema;

use std::path::PathBuf;
use std::{env, fs};

use config::datasheet::Datasheet;
use config::knobs;
use config::plan::Plan;
use emit::{borrowed, gated, limits, logs, owned, registry, tags};
use error::{Error, Result};

/// Generates the text of a crate, from its build script.
pub struct Builder {
    datasheet: Datasheet,
    boxed: Vec<&'static str>,
}

impl Builder {
    pub fn new(datasheet: Datasheet) -> Self {
        Self { datasheet, boxed: Vec::new() }
    }

    /// Puts the message of these fields, named as in a row, on the heap. A message that contains itself
    /// needs it; LiveKit has none.
    pub fn boxed(mut self, fields: &[&'static str]) -> Self {
        self.boxed.extend(fields);
        self
    }

    /// Generates everything from `set`, a compiled `FileDescriptorSet`.
    ///
    /// An error stops the build with one line, which cargo shows as an error of the crate.
    pub fn run(self, set: &[u8]) {
        knobs::watch(self.datasheet.knobs);
        if let Err(error) = self.generate(set) {
            println!("cargo::error={error}");
        }
    }

    fn generate(self, set: &[u8]) -> Result<()> {
        let out_dir = env::var_os("OUT_DIR").map(PathBuf::from);
        let out_dir = out_dir
            .ok_or_else(|| Error::new("OUT_DIR is not set: run this from a build script"))?;
        let plan = Plan::read(set, self.datasheet, self.boxed)?;

        println!("cargo::rustc-check-cfg=cfg(livekit_micro_json)");
        if plan.has_hand_written() {
            println!("cargo::rustc-cfg=livekit_micro_json");
        }
        let files = [
            ("owned.rs", owned::generate(&plan, &out_dir)?),
            ("owned_codec.rs", owned::codec::generate(&plan)),
            ("borrowed.rs", borrowed::generate(&plan)),
            ("gated.rs", gated::root(&plan)),
            ("tags.rs", tags::generate(&plan)),
            ("limits.rs", limits::generate(&plan)),
            ("logs.rs", logs::generate(&plan)),
            ("registry.rs", registry::generate(&plan)),
        ];
        for (name, text) in files {
            let path = out_dir.join(name);
            fs::write(&path, text)
                .map_err(|error| Error::new(format!("{}: {error}", path.display())))?;
        }
        Ok(())
    }
}
