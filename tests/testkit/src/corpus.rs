//! The messages recorded from the real server and SDKs: tests/corpus/messages.jsonl, a line each.

use std::sync::LazyLock;

use serde::Deserialize;

/// A recorded message; tests/corpus/README.md says what its parts mean.
#[derive(Deserialize)]
pub struct Recorded {
    /// `010-DataPacket-user-sent`
    pub name: String,
    /// Its full name in the schema: `livekit.DataPacket`; `-` if it is not protobuf.
    pub message: String,
    /// `c2s` or `s2c`
    #[serde(default)]
    pub direction: String,
    /// What it was recorded for: `data-packets`
    #[serde(default)]
    pub scenario: String,
    /// `signal`, `_reliable`, …
    #[serde(default)]
    pub channel: String,
    /// Whether Google's Python protobuf serialises it to the same bytes; `malformed` if no parser takes it.
    pub canonical: String,
    /// What crossed the wire, if it is binary.
    #[serde(default, rename = "hex", deserialize_with = "from_hex")]
    pub bytes: Vec<u8>,
    /// What crossed the wire, if it is text.
    #[serde(default)]
    pub text: String,
    /// The message in protobuf's JSON, field names as in the schema.
    #[serde(default)]
    pub json: serde_json::Value,
}

/// All that is recorded, in order.
pub fn all() -> &'static [Recorded] {
    static ALL: LazyLock<Vec<Recorded>> = LazyLock::new(|| {
        let lines = include_str!("../../corpus/messages.jsonl").lines();
        lines.map(|line| serde_json::from_str(line).expect("each line is a message")).collect()
    });
    &ALL
}

/// The recorded protobuf messages.
pub fn messages() -> impl Iterator<Item = &'static Recorded> {
    all().iter().filter(|recorded| recorded.message != "-")
}

/// The recorded message of this name.
pub fn named(name: &str) -> &'static Recorded {
    let found = all().iter().find(|recorded| recorded.name == name);
    found.unwrap_or_else(|| panic!("no message {name} is recorded"))
}

fn from_hex<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16);
    let bytes: Result<_, _> = (0..text.len()).step_by(2).map(byte).collect();
    bytes.map_err(serde::de::Error::custom)
}
