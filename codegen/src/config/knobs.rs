//! The effective value of every knob: its default, or what the environment says.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::config::datasheet::{Fixed, Knob};
use crate::config::error::{Mistake, Result, mistake, nearest};

const PREFIX: &str = "LIVEKIT_MICRO_";

/// The variable that names the TOML file of single fields; the only one that is not a knob.
pub const LIMITS_FILE: &str = "LIVEKIT_MICRO_LIMITS";

/// Values by name, fixed sizes among them.
pub type Sizes = BTreeMap<&'static str, u32>;

/// Reads the knobs from `environment`; a variable that starts like a knob and is none is a mistake.
pub fn read(
    knobs: &'static [Knob],
    fixed: &'static [Fixed],
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Sizes> {
    let mut sizes: Sizes = fixed.iter().map(|size| (size.name, size.value)).collect();
    sizes.extend(knobs.iter().map(|knob| (knob.name, knob.default)));
    for (variable, text) in environment {
        let (variable, text) = (variable.to_string_lossy(), text.to_string_lossy());
        let Some(name) = variable.strip_prefix(PREFIX) else { continue };
        if variable == LIMITS_FILE {
            continue;
        }
        let Some(knob) = knobs.iter().find(|knob| knob.name == name) else {
            return Err(unknown(name, knobs, fixed));
        };
        let Knob { min, max, .. } = knob;
        let value = match text.parse::<u32>() {
            Ok(value) if (*min..=*max).contains(&value) => value,
            _ if is_whole(&text) => {
                return mistake!("{variable} = {text} is out of range; it takes {min} to {max}");
            }
            _ => {
                return mistake!(
                    "{variable} = {text:?} is not a whole number; it takes {min} to {max}"
                );
            }
        };
        sizes.insert(knob.name, value);
    }
    Ok(sizes)
}

/// Nothing but digits, perhaps with a minus.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Says that `LIVEKIT_MICRO_<name>` sets nothing, and what does.
fn unknown(name: &str, knobs: &[Knob], fixed: &[Fixed]) -> Mistake {
    if let Some(Fixed { value, .. }) = fixed.iter().find(|size| size.name == name) {
        return Mistake(format!("{PREFIX}{name} is no knob: the protocol fixes it at {value}"));
    }
    let mut names: Vec<&str> = knobs.iter().map(|knob| knob.name).collect();
    names.push(&LIMITS_FILE[PREFIX.len()..]);
    Mistake(match nearest(name, names.iter().copied()) {
        Some(near) => format!("{PREFIX}{name} is no knob; did you mean {PREFIX}{near}?"),
        None => format!("{PREFIX}{name} is no knob; knobs are {}", names.join(", ")),
    })
}

/// The path that `LIVEKIT_MICRO_LIMITS` names.
pub fn limits_file() -> Option<PathBuf> {
    env::var_os(LIMITS_FILE).map(PathBuf::from)
}

/// Tells cargo to run the build again when a knob changes.
pub fn watch(knobs: &[Knob]) {
    for knob in knobs {
        println!("cargo::rerun-if-env-changed={PREFIX}{}", knob.name);
    }
    println!("cargo::rerun-if-env-changed={LIMITS_FILE}");
    if let Some(path) = limits_file() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}
