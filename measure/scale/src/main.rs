//! Measures codecs side by side on bare metal.
//!
//! `scale [CODEC…]` measures these codecs, all of them by default, and prints `name<TAB>value` lines
//! for tools/figures. `scale profile CODEC [OPT]` prints instructions by function.

mod figures;
mod firmware;
mod image;
mod measure;
mod profile;

use std::path::Path;
use std::process::ExitCode;

use measure::{CODECS, Codec, OPTS};

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["profile", codec] => profile(codec, "s"),
        ["profile", codec, opt] => profile(codec, opt),
        [] => {
            measure::all(&CODECS.each_ref());
            Some(())
        }
        ref names => {
            names.iter().map(|name| codec(name)).collect::<Option<Vec<_>>>().map(|codecs| {
                measure::all(&codecs);
            })
        }
    };
    if done.is_some() {
        return ExitCode::SUCCESS;
    }
    eprintln!("usage: scale [CODEC…] | scale profile CODEC [OPT]");
    eprintln!(
        "codecs are {}; opt-levels s and z",
        CODECS.each_ref().map(|codec| codec.name).join(", ")
    );
    ExitCode::from(2)
}

fn codec(name: &str) -> Option<&'static Codec> {
    CODECS.iter().find(|known| known.name == name)
}

fn profile(name: &str, opt: &str) -> Option<()> {
    let opt = OPTS.into_iter().find(|known| *known == opt)?;
    profile::print(codec(name)?.features, opt);
    Some(())
}
