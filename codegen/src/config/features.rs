//! Which messages and enums the chosen Cargo features ask for.
//!
//! A feature is one .proto file; `data` is what travels on a data channel. A feature also brings what
//! its messages refer to and are declared in; nothing else is generated.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::Schema;

/// The messages of `data`: every data packet, and the content of an encrypted one.
const DATA: [&str; 2] = ["livekit.DataPacket", "livekit.EncryptedPacketPayload"];

/// Returns the feature of a .proto file: `agent/livekit_agent_session.proto` is `agent-session`.
pub fn of_file(file: &str) -> String {
    let name = file.rsplit('/').next().expect("files have names").trim_end_matches(".proto");
    match file {
        "logger/options.proto" => "logger".to_owned(),
        _ => name.trim_start_matches("livekit_").replace('_', "-"),
    }
}

/// Returns the full names of the messages and enums of the features for which `is_on` is `true`.
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

/// Returns the features that bring each message and enum, for documentation. It takes a second.
pub fn labels(schema: &Schema) -> BTreeMap<String, Vec<String>> {
    let mut labels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let files = schema.files.iter().filter(|file| !file.name.starts_with("google/"));
    for feature in files.map(|file| of_file(&file.name)).chain(["data".to_owned()]) {
        for name in closure(schema, |other| other == feature) {
            labels.entry(name).or_default().push(feature.clone());
        }
    }
    labels
}

/// Returns `true` if the Cargo feature is on in this build.
pub fn from_cargo(feature: &str) -> bool {
    let variable = feature.to_uppercase().replace('-', "_");
    std::env::var_os(format!("CARGO_FEATURE_{variable}")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        Schema::read(include_bytes!("../../../protocol/livekit.binpb")).unwrap()
    }

    fn of(features: &[&str]) -> BTreeSet<String> {
        closure(&schema(), |feature| features.contains(&feature))
    }

    #[test]
    fn a_file_gives_its_name_to_a_feature() {
        for (file, feature) in [
            ("livekit_models.proto", "models"),
            ("livekit_agent_dispatch.proto", "agent-dispatch"),
            ("agent/livekit_agent_session.proto", "agent-session"),
            ("logger/options.proto", "logger"),
        ] {
            assert_eq!(of_file(file), feature);
        }
    }

    #[test]
    fn data_brings_packets_and_what_is_in_them_and_nothing_else() {
        let names = of(&["data"]);
        for name in [
            "livekit.DataPacket",
            "livekit.DataPacket.Kind",
            "livekit.UserPacket",
            "livekit.DataStream",
            "livekit.DataStream.Header",
            "livekit.EncryptedPacketPayload",
            "livekit.RpcRequest",
        ] {
            assert!(names.contains(name), "{name}");
        }
        for name in ["livekit.SignalRequest", "livekit.Room", "livekit.ParticipantInfo"] {
            assert!(!names.contains(name), "{name}");
        }
    }

    #[test]
    fn a_feature_brings_what_its_messages_and_methods_refer_to() {
        let names = of(&["room"]);
        for name in ["livekit.SendDataRequest", "livekit.Room", "livekit.ListRoomsResponse"] {
            assert!(names.contains(name), "{name}");
        }
        let schema = schema();
        for name in &names {
            let Some(message) = schema.message(name) else { continue };
            assert!(schema.references(message).is_subset(&names), "{name}");
            assert!(schema.parent(message).is_none_or(|outer| names.contains(&outer.name)));
        }
    }

    #[test]
    fn a_feature_is_one_file_and_what_it_refers_to() {
        let names = of(&["metrics"]);
        for name in ["livekit.MetricsBatch", "livekit.MetricLabel", "google.protobuf.Timestamp"] {
            assert!(names.contains(name), "{name}");
        }
        for name in ["livekit.SIPStatus", "livekit.SIPTransport", "livekit.DataPacket"] {
            assert!(!names.contains(name), "{name}");
        }
    }

    #[test]
    fn a_label_has_every_feature_that_brings_a_message() {
        let labels = labels(&schema());
        assert_eq!(labels.keys().cloned().collect::<BTreeSet<_>>(), closure(&schema(), |_| true));
        assert!(!labels.contains_key(""));
        let of = |name: &str| labels[name].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(of("livekit.EncryptedPacketPayload"), ["models", "data"]);
    }

    #[test]
    fn features_only_add() {
        assert_eq!(of(&[]), BTreeSet::new());
        let both: BTreeSet<String> = of(&["egress"]).union(&of(&["sip"])).cloned().collect();
        assert_eq!(of(&["egress", "sip"]), both);
        let (schema, all) = (schema(), closure(&schema(), |_| true));
        let livekits = schema.messages.iter().filter(|m| m.package != "google.protobuf");
        assert!(livekits.clone().all(|message| all.contains(&message.name)));
        assert_eq!(livekits.count(), 535);
    }
}
