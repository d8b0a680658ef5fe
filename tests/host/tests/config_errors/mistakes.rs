//! The mistakes: what is changed, and the message that stops the build.

use crate::package::Package;

pub struct Mistake {
    pub name: &'static str,
    pub change: Change,
    /// After `error: livekit-micro@VERSION: `; `{root}` stands for the folder of the package.
    pub message: &'static str,
}

/// What is changed in a package that builds.
pub enum Change {
    /// A variable of the environment.
    Variable(&'static str, &'static str),
    /// One more row in build.rs.
    Row(&'static str),
    /// A piece of text in build.rs, replaced.
    Edit(&'static str, &'static str),
    /// The file that `LIVEKIT_MICRO_LIMITS` names.
    Toml(&'static str),
}
use Change::{Edit, Row, Toml, Variable};

impl Change {
    /// Changes the package, and returns the environment to build it in.
    pub fn make(&self, package: &Package) -> Vec<(&'static str, String)> {
        let build_rs = package.original("build.rs");
        let edit = |from: &str, to: &str| {
            assert_eq!(build_rs.matches(from).count(), 1, "build.rs has {from:?} once");
            package.write("build.rs", &build_rs.replace(from, to));
        };
        match *self {
            Variable(name, value) => return vec![(name, value.to_owned())],
            Row(row) => edit(ROWS, &format!("{ROWS}    {row},\n")),
            Edit(from, to) => edit(from, to),
            Toml(text) => {
                package.write("limits.toml", text);
                return vec![("LIVEKIT_MICRO_LIMITS", format!("{}/limits.toml", package.root()))];
            }
        }
        Vec::new()
    }

    pub fn undo(&self, package: &Package) {
        if let Row(_) | Edit(..) = self {
            package.write("build.rs", &package.original("build.rs"));
        }
    }
}

const ROWS: &str = "const ROWS: &[Row] = &[\n";

const fn mistake(name: &'static str, change: Change, message: &'static str) -> Mistake {
    Mistake { name, change, message }
}

#[rustfmt::skip]
pub const MISTAKES: &[Mistake] = &[
    // ── the environment ────────────────────────────────────────────────────────────────────────
    mistake("unknown variable, a knob is near",
        Variable("LIVEKIT_MICRO_PAYLOD_BYTES", "2048"),
        "LIVEKIT_MICRO_PAYLOD_BYTES cannot be set; did you mean LIVEKIT_MICRO_PAYLOAD_BYTES?"),
    mistake("unknown variable, the variable of the TOML file is near",
        Variable("LIVEKIT_MICRO_LIMIT", "limits.toml"),
        "LIVEKIT_MICRO_LIMIT cannot be set; did you mean LIVEKIT_MICRO_LIMITS?"),
    mistake("unknown variable, nothing is near",
        Variable("LIVEKIT_MICRO_BAUD", "115200"),
        "LIVEKIT_MICRO_BAUD cannot be set; these can: PAYLOAD_BYTES, IDENTITY_BYTES, NAME_BYTES, \
         TOPIC_BYTES, DESTINATIONS, TEXT_BYTES, METADATA_BYTES, ATTRIBUTES, ATTRIBUTE_KEY_BYTES, \
         ATTRIBUTE_VALUE_BYTES, URL_BYTES, TOKEN_BYTES, SDP_BYTES, PARTICIPANTS, TRACKS, \
         LIST_ITEMS, STRUCT_BYTES, LIMITS"),
    mistake("a size that the protocol fixes",
        Variable("LIVEKIT_MICRO_SID_BYTES", "24"),
        "LIVEKIT_MICRO_SID_BYTES cannot be set: the protocol fixes it at 20"),
    mistake("not a number",
        Variable("LIVEKIT_MICRO_PAYLOAD_BYTES", "1 KiB"),
        "LIVEKIT_MICRO_PAYLOAD_BYTES = \"1 KiB\" is not a whole number; it takes 16 to 65535"),
    mistake("empty",
        Variable("LIVEKIT_MICRO_PAYLOAD_BYTES", ""),
        "LIVEKIT_MICRO_PAYLOAD_BYTES = \"\" is not a whole number; it takes 16 to 65535"),
    mistake("below the range",
        Variable("LIVEKIT_MICRO_PAYLOAD_BYTES", "15"),
        "LIVEKIT_MICRO_PAYLOAD_BYTES = 15 is out of range; it takes 16 to 65535"),
    mistake("above the range",
        Variable("LIVEKIT_MICRO_TRACKS", "65"),
        "LIVEKIT_MICRO_TRACKS = 65 is out of range; it takes 1 to 64"),
    mistake("above any range",
        Variable("LIVEKIT_MICRO_TRACKS", "18446744073709551616"),
        "LIVEKIT_MICRO_TRACKS = 18446744073709551616 is out of range; it takes 1 to 64"),
    mistake("negative",
        Variable("LIVEKIT_MICRO_TRACKS", "-1"),
        "LIVEKIT_MICRO_TRACKS = -1 is out of range; it takes 1 to 64"),
    mistake("a file that does not exist",
        Variable("LIVEKIT_MICRO_LIMITS", "/no/limits.toml"),
        "LIVEKIT_MICRO_LIMITS = /no/limits.toml: not found"),
    mistake("a relative path, which is looked up where no firmware has its files",
        Variable("LIVEKIT_MICRO_LIMITS", "device.toml"),
        "LIVEKIT_MICRO_LIMITS = device.toml: not found; .cargo/config.toml makes a path absolute with \
         LIVEKIT_MICRO_LIMITS = { value = \"device.toml\", relative = true }"),

    // ── rows of build.rs ───────────────────────────────────────────────────────────────────────
    mistake("a row for a name that is not there",
        Row(r#"string("topik", TOPIC_BYTES)"#),
        r#"build.rs: row string("topik", …) matches no field of the schema; did you mean "topic"?"#),
    mistake("a rule for logs that matches nothing",
        Edit("redact     (\"signing_key\",", "redact     (\"sining_key\","),
        r#"build.rs: redact("sining_key", …) matches no field of the schema; did you mean "signing_key"?"#),
    mistake("a rule for logs that has no effect",
        Edit("length_only(\"sdp\",", "length_only(\"SipDTMF.code\","),
        r#"build.rs: length_only("SipDTMF.code", …) has no effect: logs show scalars and messages"#),
    mistake("a row for a pattern that nothing is near",
        Row(r#"string("*_baud", TOPIC_BYTES)"#),
        r#"build.rs: row string("*_baud", …) matches no field of the schema"#),
    mistake("a misspelt full name",
        Edit(r#""UserPacket.payload""#, r#""UserPacket.paylaod""#),
        r#"build.rs: row bytes("UserPacket.paylaod", …) matches no field of the schema; did you mean "UserPacket.payload"?"#),
    mistake("a row of the wrong kind",
        Row(r#"list("digit", LIST_ITEMS)"#),
        r#"build.rs: row list("digit", …) matches nothing: livekit.SipDTMF.digit is of another kind, its row is string("digit", …)"#),
    mistake("a row for a number",
        Row(r#"bytes("SipDTMF.code", WORD_BYTES)"#),
        r#"build.rs: row bytes("SipDTMF.code", …) matches nothing: livekit.SipDTMF.code needs no capacity"#),
    mistake("a row that others make useless",
        Row(r#"string("*opic", TOPIC_BYTES)"#),
        r#"build.rs: row string("*opic", …) is unused: more specific rows match every field it names"#),
    mistake("a string without a row",
        Edit(r#"string ("digit", "#, r#"// string ("digit", "#),
        r#"build.rs: livekit.SipDTMF.digit has no row; add string("digit", …)"#),
    mistake("two rows for one name",
        Row(r#"string("digit", WORD_BYTES)"#),
        r#"build.rs: rows string("digit", …) and string("digit", …) both match livekit.SipDTMF.digit equally; remove one or make it more specific"#),
    mistake("two patterns for one name",
        Row(r#"string("transcribed_*", WORD_BYTES)"#),
        r#"build.rs: rows string("transcribed_*", …) and string("*_identity", …) both match livekit.Transcription.transcribed_participant_identity equally; remove one or make it more specific"#),

    // ── the TOML file ──────────────────────────────────────────────────────────────────────────
    mistake("not TOML",
        Toml("# a field\n\"livekit.UserPacket.payload\" { bytes = 64 }\n"),
        "limits.toml:2: not TOML: key with no value, expected `=`"),
    mistake("a path outside the schema",
        Toml("\n\n\"livekit.UserPacket.payloads\" = { bytes = 64 }\n"),
        r#"limits.toml:3: livekit.UserPacket.payloads: not a field of the schema; did you mean "livekit.UserPacket.payload"?"#),
    mistake("a path without its package",
        Toml("\"UserPacket.payload\" = { bytes = 64 }\n"),
        r#"limits.toml:1: UserPacket.payload: not a field of the schema; did you mean "livekit.UserPacket.payload"?"#),
    mistake("a path without quotes",
        Toml("livekit.UserPacket.payload = { bytes = 64 }\n"),
        r#"limits.toml:1: livekit is not a field; quote it: "livekit.UserPacket.payload" = { bytes = 64 }"#),
    mistake("a path outside the chosen features",
        Toml("\"livekit.JoinResponse.sif_trailer\" = { bytes = 64 }\n"),
        r#"limits.toml:1: livekit.JoinResponse.sif_trailer: livekit.JoinResponse is not in the chosen features; it comes with feature "rtc""#),
    mistake("a path of Google's outside the chosen features",
        Toml("\"google.protobuf.Any.value\" = { bytes = 64 }\n"),
        "limits.toml:1: google.protobuf.Any.value: no message of the chosen features refers to google.protobuf.Any"),
    mistake("a part of what is bounded as a whole",
        Toml("\"google.protobuf.Struct.fields\" = { items = 64 }\n"),
        "limits.toml:1: google.protobuf.Struct.fields: google.protobuf.Struct is bounded as a whole, by LIVEKIT_MICRO_STRUCT_BYTES"),
    mistake("a part that the field has not",
        Toml("\"livekit.DataStream.Header.attributes\" = { bytes = 64 }\n"),
        r#"limits.toml:1: livekit.DataStream.Header.attributes has no "bytes"; it has items, key_bytes, value_bytes"#),
    mistake("a capacity for a field without one",
        Toml("\"livekit.ChatMessage.timestamp\" = { bytes = 64 }\n"),
        r#"limits.toml:1: livekit.ChatMessage.timestamp has no capacity; it can only be "drop""#),
    mistake("a capacity that is text",
        Toml("\"livekit.UserPacket.payload\" = { bytes = \"64\" }\n"),
        r#"limits.toml:1: livekit.UserPacket.payload: bytes = "64" is not a whole number; it takes 1 to 1048576"#),
    mistake("a capacity of nothing",
        Toml("\"livekit.UserPacket.payload\" = { bytes = 0 }\n"),
        "limits.toml:1: livekit.UserPacket.payload: bytes = 0 is out of range; it takes 1 to 1048576"),
    mistake("more items than anything has",
        Toml("\"livekit.UserPacket.destination_sids\" = { items = 5000 }\n"),
        "limits.toml:1: livekit.UserPacket.destination_sids: items = 5000 is out of range; it takes 1 to 4096"),
    mistake("another word than drop",
        Toml("\"livekit.UserPacket.payload\" = \"skip\"\n"),
        r#"limits.toml:1: livekit.UserPacket.payload = "skip": expected "drop" or capacities like { bytes = 64 }"#),
    mistake("a number without its part",
        Toml("\"livekit.UserPacket.payload\" = 64\n"),
        r#"limits.toml:1: livekit.UserPacket.payload = 64: expected "drop" or capacities like { bytes = 64 }"#),
];
