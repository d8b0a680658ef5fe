//! Which messages and enums the chosen Cargo features ask for.
//!
//! A feature is one .proto file; `data` is what travels on a data channel. What the messages of a
//! feature refer to, and what they are declared in, comes with them; nothing else is generated.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::Schema;

/// What `data` stands for: every data packet, and what an encrypted one holds.
const DATA: [&str; 2] = ["livekit.DataPacket", "livekit.EncryptedPacketPayload"];

/// The feature of a .proto file: `agent/livekit_agent_session.proto` is `agent-session`.
pub fn of_file(file: &str) -> String {
    let name = file.rsplit('/').next().expect("files have names").trim_end_matches(".proto");
    match file {
        "logger/options.proto" => "logger".to_owned(),
        _ => name.trim_start_matches("livekit_").replace('_', "-"),
    }
}

/// Full names of all that is generated when `is_on` says which features are on.
pub fn closure(schema: &Schema, is_on: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if is_on("data") {
        names.extend(DATA.map(str::to_owned));
    }
    for file in schema.files.iter().filter(|f| !f.name.starts_with("google/")) {
        if is_on(&of_file(&file.name)) {
            let messages = schema.messages.iter().filter(|m| m.file == file.name);
            let enums = schema.enums.iter().filter(|e| e.file == file.name);
            names.extend(messages.map(|m| m.name.clone()));
            names.extend(enums.map(|e| e.name.clone()));
            names.extend(file.service_types.iter().cloned());
        }
    }
    let mut open: Vec<String> = names.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let Some(message) = schema.message(&name) else { continue };
        let parent = schema.parent(message).map(|parent| parent.name.clone());
        for reference in schema.references(message).into_iter().chain(parent) {
            if names.insert(reference.clone()) {
                open.push(reference);
            }
        }
    }
    names
}

/// For documentation: which features bring each message and enum. Empty in other builds, which
/// should not wait for it.
pub fn labels(schema: &Schema) -> BTreeMap<String, Vec<String>> {
    let mut labels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if std::env::var_os("DOCS_RS").is_none() {
        return labels;
    }
    let files = schema.files.iter().filter(|file| !file.name.starts_with("google/"));
    for feature in files.map(|file| of_file(&file.name)).chain(["data".to_owned()]) {
        for name in closure(schema, |other| other == feature) {
            labels.entry(name).or_default().push(feature.clone());
        }
    }
    labels
}

/// Is the Cargo feature on in this build?
pub fn from_cargo(feature: &str) -> bool {
    let variable = feature.to_uppercase().replace('-', "_");
    std::env::var_os(format!("CARGO_FEATURE_{variable}")).is_some()
}
