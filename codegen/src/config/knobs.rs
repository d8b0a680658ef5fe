//! The effective value of every knob: its default, or the value of its environment variable.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::config::datasheet::{Fixed, Knob};
use crate::error::{Error, Result, err, nearest};

/// The prefix of the variables of all knobs.
pub const PREFIX: &str = "LIVEKIT_MICRO_";

/// The variable that names the TOML file of single fields; the only one that is not a knob.
pub const LIMITS_FILE: &str = "LIVEKIT_MICRO_LIMITS";

/// Values by name, fixed sizes among them.
pub type Sizes = BTreeMap<&'static str, u32>;

/// Reads the knobs from `environment`. A variable with the prefix of a knob that is none is an error.
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
                return err!("{variable} = {text} is out of range; it takes {min} to {max}");
            }
            _ => {
                return err!(
                    "{variable} = {text:?} is not a whole number; it takes {min} to {max}"
                );
            }
        };
        sizes.insert(knob.name, value);
    }
    Ok(sizes)
}

/// Returns `true` for digits with or without a minus.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the error for `LIVEKIT_MICRO_<name>`, which does not name a knob, with the closest name.
fn unknown(name: &str, knobs: &[Knob], fixed: &[Fixed]) -> Error {
    if let Some(Fixed { value, .. }) = fixed.iter().find(|size| size.name == name) {
        return Error::new(format!(
            "{PREFIX}{name} cannot be set: the protocol fixes it at {value}"
        ));
    }
    let mut names: Vec<&str> = knobs.iter().map(|knob| knob.name).collect();
    names.push(&LIMITS_FILE[PREFIX.len()..]);
    Error::new(match nearest(name, names.iter().copied()) {
        Some(near) => format!("{PREFIX}{name} cannot be set; did you mean {PREFIX}{near}?"),
        None => format!("{PREFIX}{name} cannot be set; these can: {}", names.join(", ")),
    })
}

/// Returns the path that `LIVEKIT_MICRO_LIMITS` names.
pub fn limits_file() -> Option<PathBuf> {
    env::var_os(LIMITS_FILE).map(PathBuf::from)
}

/// Tells cargo when to run the build script again: when a knob or the TOML file changes, and when a
/// configuration file of cargo does.
///
/// Cargo notices a change only of variables that it was told of, and a misspelled one is not among
/// them. A firmware sets its variables in the `[env]` table of `.cargo/config.toml`, so watching that
/// file makes a misspelled one an error in a tree that is already built too.
pub fn watch(knobs: &[Knob]) {
    for knob in knobs {
        println!("cargo::rerun-if-env-changed={PREFIX}{}", knob.name);
    }
    println!("cargo::rerun-if-env-changed={LIMITS_FILE}");
    let folders = ["OUT_DIR", "PWD"].map(|name| env::var_os(name).map(PathBuf::from));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|folder| folder.join(".cargo")));
    let configs = cargo_configs(folders.iter().flatten(), home);
    for path in limits_file().into_iter().chain(configs) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Returns the configuration files that cargo may have read: in `.cargo` of each of `folders` and of
/// the folders above it, and in cargo's `home`.
///
/// Cargo reads from the folder that it is started in, which a build script is not told. `OUT_DIR` is
/// below the workspace unless the target directory was moved, and `PWD` is where the shell was. Only
/// files that exist are returned: one that does not would make cargo run the script in every build.
fn cargo_configs<'a>(
    folders: impl Iterator<Item = &'a PathBuf>,
    home: Option<PathBuf>,
) -> BTreeSet<PathBuf> {
    let above = folders.flat_map(|folder| folder.ancestors()).map(|folder| folder.join(".cargo"));
    let names = ["config.toml", "config"];
    let files = above.chain(home).flat_map(|folder| names.map(|name| folder.join(name)));
    files.filter(|file| file.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOBS: &[Knob] = &[
        Knob { name: "PAYLOAD_BYTES", default: 1024, min: 16, max: 65_535, doc: "" },
        Knob { name: "TRACKS", default: 2, min: 1, max: 64, doc: "" },
    ];
    const FIXED: &[Fixed] = &[Fixed { name: "SID_BYTES", value: 20, doc: "" }];

    fn read_with(variables: &[(&str, &str)]) -> Result<Sizes> {
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        read(KNOBS, FIXED, variables)
    }

    fn error(name: &str, value: &str) -> String {
        read_with(&[(name, value)]).unwrap_err().to_string()
    }

    #[test]
    fn both_ends_of_a_range_are_accepted_and_one_beyond_is_rejected() {
        for value in [16, 17, 65_534, 65_535] {
            let sizes = read_with(&[("LIVEKIT_MICRO_PAYLOAD_BYTES", &value.to_string())]).unwrap();
            assert_eq!(sizes["PAYLOAD_BYTES"], value);
            assert_eq!(sizes["TRACKS"], 2, "the other keeps its default");
        }
        for value in ["15", "65536", "0", "-1", "4294967296", "99999999999999999999999"] {
            assert_eq!(
                error("LIVEKIT_MICRO_PAYLOAD_BYTES", value),
                format!(
                    "LIVEKIT_MICRO_PAYLOAD_BYTES = {value} is out of range; it takes 16 to 65535"
                )
            );
        }
    }

    #[test]
    fn what_is_not_a_whole_number_is_rejected() {
        for value in ["", "1 KiB", "0x40", "1e3", "64.0", " 64", "64 ", "-", "1_000"] {
            let message = error("LIVEKIT_MICRO_TRACKS", value);
            assert!(message.ends_with("is not a whole number; it takes 1 to 64"), "{message}");
        }
        assert_eq!(read_with(&[("LIVEKIT_MICRO_TRACKS", "007")]).unwrap()["TRACKS"], 7);
    }

    #[test]
    fn a_name_that_is_no_knob_is_rejected_with_the_nearest() {
        assert_eq!(
            error("LIVEKIT_MICRO_TRACK", "4"),
            "LIVEKIT_MICRO_TRACK cannot be set; did you mean LIVEKIT_MICRO_TRACKS?"
        );
        assert_eq!(
            error("LIVEKIT_MICRO_LIMIT", "4"),
            "LIVEKIT_MICRO_LIMIT cannot be set; did you mean LIVEKIT_MICRO_LIMITS?"
        );
        assert_eq!(
            error("LIVEKIT_MICRO_SID_BYTES", "24"),
            "LIVEKIT_MICRO_SID_BYTES cannot be set: the protocol fixes it at 20"
        );
        assert_eq!(
            error("LIVEKIT_MICRO_BAUD", "9600"),
            "LIVEKIT_MICRO_BAUD cannot be set; these can: PAYLOAD_BYTES, TRACKS, LIMITS"
        );
    }

    #[test]
    fn other_variables_are_ignored() {
        let others = [("LIVEKIT_MICRO_LIMITS", "limits.toml"), ("LIVEKIT_URL", "x"), ("PATH", "y")];
        let expected = Sizes::from([("PAYLOAD_BYTES", 1024), ("TRACKS", 2), ("SID_BYTES", 20)]);
        assert_eq!(read_with(&others).unwrap(), expected);
    }

    #[test]
    fn cargos_configuration_is_found_above_a_folder_and_in_its_home() {
        let root = env::temp_dir().join(format!("livekit-micro-configs-{}", std::process::id()));
        let (out, home) = (root.join("work/target/debug/out"), root.join("home"));
        let files = ["work/.cargo/config.toml", ".cargo/config", "home/config.toml"];
        std::fs::create_dir_all(&out).unwrap();
        for file in files.map(|file| root.join(file)) {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
        }
        let mut found = cargo_configs([&out].into_iter(), Some(home));
        found.retain(|file| file.starts_with(&root));
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, files.map(|file| root.join(file)).into());
    }
}
