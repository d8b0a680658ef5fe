//! Cargo's features are the .proto files of the schema, one each.

#![cfg(feature = "full")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Features that are not a file of the schema.
const OTHERS: [&str; 13] = [
    "data",
    "default",
    "deflate",
    "defmt",
    "e2ee",
    "embedded-io",
    "full",
    "link",
    "micropb",
    "participant",
    "server",
    "signal",
    "token",
];

#[test]
fn each_proto_file_has_a_feature_and_full_has_them_all() {
    let features = features(include_str!("../../../Cargo.toml"));
    let files = of_proto_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocol"));
    println!("\n{} features, one for each .proto file of LiveKit", files.len());

    let names: BTreeSet<&str> = features.keys().copied().filter(|n| !OTHERS.contains(n)).collect();
    assert_eq!(names, files.iter().map(String::as_str).collect(), "Cargo.toml; protocol/");
    let with_data: BTreeSet<&str> = names.iter().copied().chain(["data"]).collect();
    assert_eq!(features["full"].iter().copied().collect::<BTreeSet<_>>(), with_data, "full");
    assert_eq!(features["full"].len(), with_data.len(), "full names one twice");
    assert_eq!(features["default"], ["data"]);
    for name in with_data {
        // The generator finds what its messages refer to; Cargo.toml does not repeat it.
        assert!(features[name].is_empty(), "{name} turns on {:?}", features[name]);
    }
}

/// Returns the table `[features]` of a Cargo.toml: the features that each turns on.
fn features(manifest: &str) -> BTreeMap<&str, Vec<&str>> {
    let (_, table) = manifest.split_once("\n[features]\n").expect("Cargo.toml has features");
    let table = table.split("\n[").next().expect("a split has a first part");
    let mut features = BTreeMap::new();
    let mut last = "";
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let values = match line.split_once(" = ") {
            Some((name, values)) => {
                assert!(features.insert(name, Vec::new()).is_none(), "{name} is listed twice");
                last = name;
                values
            }
            None => line,
        };
        let quoted = values.split('"').skip(1).step_by(2);
        features.get_mut(last).expect("just inserted").extend(quoted);
    }
    features
}

/// Returns the feature of every .proto file in `folder`: `agent/livekit_agent_dev.proto` is `agent-dev`.
fn of_proto_files(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        match name.strip_suffix(".proto") {
            _ if name == "google" => {} // Google's, not LiveKit's
            _ if path.ends_with("logger/options.proto") => drop(names.insert("logger".to_owned())),
            Some(name) => {
                let name = name.strip_prefix("livekit_").expect("LiveKit's files are called so");
                names.insert(name.replace('_', "-"));
            }
            None if path.is_dir() => names.extend(of_proto_files(&path)),
            None => {}
        }
    }
    names
}
