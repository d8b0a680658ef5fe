//! The effective value of every knob: its default, or what the environment says.

use std::collections::BTreeMap;

use super::datasheet::{Fixed, Knob};
use super::mistake::{Result, did_you_mean, mistake};

const PREFIX: &str = "LIVEKIT_MICRO_";

/// The variable that names the TOML file of single fields; the only one that is not a knob.
pub const LIMITS_FILE: &str = "LIVEKIT_MICRO_LIMITS";

/// Values by name, fixed sizes among them.
pub type Sizes = BTreeMap<&'static str, u32>;

/// Reads the knobs from `environment`; a variable that starts like a knob and is none is a mistake.
pub fn read(
    knobs: &'static [Knob],
    fixed: &'static [Fixed],
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Sizes> {
    let mut sizes: Sizes = fixed.iter().map(|size| (size.name, size.value)).collect();
    sizes.extend(knobs.iter().map(|knob| (knob.name, knob.default)));
    for (variable, text) in environment {
        let Some(name) = variable.strip_prefix(PREFIX) else { continue };
        if variable == LIMITS_FILE {
            continue;
        }
        let Some(knob) = knobs.iter().find(|knob| knob.name == name) else {
            let names: Vec<_> = knobs.iter().map(|knob| knob.name).collect();
            let hint = did_you_mean(name, names.iter().copied());
            return mistake!("{variable}: there is no knob {name:?}{hint} Knobs: {}", names.join(", "));
        };
        let Ok(value) = text.parse::<u32>() else {
            let Knob { min, max, .. } = knob;
            return mistake!("{variable} = {text:?} is not a whole number; {name} takes {min} to {max}");
        };
        if !(knob.min..=knob.max).contains(&value) {
            let Knob { min, max, .. } = knob;
            return mistake!("{variable} = {value} is out of range; {name} takes {min} to {max}");
        }
        sizes.insert(knob.name, value);
    }
    Ok(sizes)
}

/// Tells cargo to run the build again when a knob changes.
pub fn watch(knobs: &[Knob]) {
    for knob in knobs {
        println!("cargo::rerun-if-env-changed={PREFIX}{}", knob.name);
    }
    println!("cargo::rerun-if-env-changed={LIMITS_FILE}");
}
