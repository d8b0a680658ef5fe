//! Measures codecs side by side, and what else a firmware may have, on bare metal.
//!
//! `scale [PART…]` measures codecs, and `peer`, the peer of WebRTC; all of them by default. It prints
//! `name<TAB>value` lines for tools/figures. `scale profile CODEC [OPT]` prints instructions by function.

mod figures;
mod firmware;
mod image;
mod measure;
mod peer;
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
            measure::all(&CODECS.each_ref(), true);
            Some(())
        }
        ref names => {
            let (peer, codecs): (Vec<&str>, Vec<&str>) =
                names.iter().partition(|name| **name == "peer");
            let codecs = codecs.into_iter().map(codec).collect::<Option<Vec<_>>>();
            codecs.map(|codecs| measure::all(&codecs, !peer.is_empty()))
        }
    };
    if done.is_some() {
        return ExitCode::SUCCESS;
    }
    eprintln!("usage: scale [PART…] | scale profile CODEC [OPT]");
    eprintln!(
        "parts are peer and codecs: {}; opt-levels s and z",
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
