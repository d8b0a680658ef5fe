//! A change in anything that is compared is noticed, by the facts and by the diff people read.

use std::fs;
use std::path::Path;

use prost_reflect::DescriptorPool;
use schema::{compile, diff};

use crate::{facts, path};

const SAMPLE: &str = r#"syntax = "proto3";
package sample;
import "google/protobuf/descriptor.proto";
import "logger/options.proto";

service Radio {
  rpc Tune(Station) returns (Station);
}

enum Band {
  FM = 0;
  AM = 1;
}

message Station {
  reserved 9;
  string name = 1;
  int32 power = 2 [deprecated = true];
  oneof tuned {
    uint32 khz = 3;
    Band band = 4;
  }
  map<string, string> tags = 5;
  repeated Place places = 6;
  optional string owner = 7 [(logger.sensitivity) = SENSITIVITY_PII];
}

message Place {
  string city = 1;
}
message Crew {
  string chief = 1;
}

extend google.protobuf.FieldOptions {
  bool hint = 50000;
}
"#;

#[test]
fn every_change_is_noticed() {
    let sample = compile("sample", SAMPLE);
    for Change { what, from, to, fact, diff } in CHANGES {
        assert_eq!(SAMPLE.matches(from).count(), 1, "{what}: the sample has {from:?} once");
        let changed = compile("changed", &SAMPLE.replace(from, to));
        let file = |pool: &DescriptorPool| {
            facts::of(&pool.get_file_by_name("sample.proto").expect("just compiled"))
        };
        let differences = facts::differences(&file(&sample), &file(&changed));
        let fact = format!("sample.proto: {fact}");
        assert!(differences.contains(&fact), "{what}: {fact:?} is not in {differences:#?}");
        assert_eq!(diff::changes(&sample, &changed), *diff, "{what}");
        assert_eq!(diff::changes(&changed, &changed), [""; 0], "{what}: nothing since then");
    }
    println!("\n{} kinds of change, each noticed", CHANGES.len());
}

struct Change {
    what: &'static str,
    from: &'static str,
    to: &'static str,
    /// One of the facts that differ.
    fact: &'static str,
    /// All that the diff says; options of logger and the order of fields are no news to people.
    diff: &'static [&'static str],
}

const fn change(
    what: &'static str,
    from: &'static str,
    to: &'static str,
    fact: &'static str,
    diff: &'static [&'static str],
) -> Change {
    Change { what, from, to, fact, diff }
}

#[rustfmt::skip]
const CHANGES: &[Change] = &[
    change("a field is renamed", "string name = 1", "string title = 1",
        "message_type.Station.field.title.number: nothing → 1",
        &["added sample.Station.title = 1, string", "removed sample.Station.name = 1, string"]),
    change("a field is renumbered", "string name = 1", "string name = 8",
        "message_type.Station.field.name.number: 1 → 8",
        &["renumbered sample.Station.name: 1 → 8"]),
    change("a field is retyped", "string name = 1", "bytes name = 1",
        "message_type.Station.field.name.type: 9 → 12",
        &["retyped sample.Station.name: string → bytes"]),
    change("a field is both", "string name = 1", "bytes name = 8",
        "message_type.Station.field.name.number: 1 → 8",
        &["renumbered sample.Station.name: 1 → 8", "retyped sample.Station.name: string → bytes"]),
    change("a field becomes a list", "string name = 1", "repeated string name = 1",
        "message_type.Station.field.name.label: 1 → 3",
        &["retyped sample.Station.name: string → repeated string"]),
    change("a field becomes optional", "string name = 1", "optional string name = 1",
        "message_type.Station.field.name.proto3_optional: nothing → true",
        &["retyped sample.Station.name: string → optional string"]),
    change("a field holds another message", "repeated Place", "repeated Station",
        r#"message_type.Station.field.places.type_name: ".sample.Place" → ".sample.Station""#,
        &["retyped sample.Station.places: repeated sample.Place → repeated sample.Station"]),
    change("a map holds something else", "map<string, string>", "map<string, bytes>",
        "message_type.Station.nested_type.TagsEntry.field.value.type: 9 → 12",
        &["retyped sample.Station.tags: map<string, string> → map<string, bytes>"]),
    change("a oneof is renamed", "oneof tuned", "oneof on",
        "message_type.Station.oneof_decl: tuned, _owner → on, _owner",
        &["retyped sample.Station.band: sample.Band in oneof tuned → sample.Band in oneof on", "retyped sample.Station.khz: uint32 in oneof tuned → uint32 in oneof on"]),
    change("a field leaves its oneof", "    Band band = 4;\n  }", "  }\n  Band band = 4;",
        "message_type.Station.field.band.oneof_index: 0 → nothing",
        &["retyped sample.Station.band: sample.Band in oneof tuned → sample.Band"]),
    change("a field is not deprecated any more", " [deprecated = true]", "",
        "message_type.Station.field.power.options.deprecated: true → nothing",
        &["no longer deprecated sample.Station.power"]),
    change("a field is deprecated", "string city = 1", "string city = 1 [deprecated = true]",
        "message_type.Place.field.city.options.deprecated: nothing → true",
        &["deprecated sample.Place.city"]),
    change("a message is deprecated", "message Place {", "message Place {\n  option deprecated = true;",
        "message_type.Place.options.deprecated: nothing → true",
        &["deprecated sample.Place"]),
    change("a custom option has another value", "SENSITIVITY_PII", "SENSITIVITY_SECRET",
        "message_type.Station.field.owner.options.logger.sensitivity: 1 → 2",
        &[]),
    change("a custom option is gone", " [(logger.sensitivity) = SENSITIVITY_PII]", "",
        "message_type.Station.field.owner.options.logger.sensitivity: 1 → nothing",
        &[]),
    change("fields change places", "  string name = 1;\n  int32 power = 2 [deprecated = true];", "  int32 power = 2 [deprecated = true];\n  string name = 1;",
        "message_type.Station.field: name, power, khz, band, tags, places, owner → power, name, khz, band, tags, places, owner",
        &[]),
    change("a number is reserved", "reserved 9", "reserved 9, 10",
        "message_type.Station.reserved_range.1.start: nothing → 10",
        &[]),
    change("a message is added", "message Place {", "message Mast {}\nmessage Place {",
        "message_type: Station, Place, Crew → Station, Mast, Place, Crew",
        &["added message sample.Mast, 0 fields"]),
    change("a message is removed", "message Crew {\n  string chief = 1;\n}\n", "",
        "message_type: Station, Place, Crew → Station, Place",
        &["removed message sample.Crew"]),
    change("a value is renumbered", "AM = 1", "AM = 2",
        "enum_type.Band.value.AM.number: 1 → 2",
        &["renumbered sample.Band.AM: 1 → 2"]),
    change("a value is renamed", "AM = 1", "SW = 1",
        "enum_type.Band.value: FM, AM → FM, SW",
        &["added sample.Band.SW = 1", "removed sample.Band.AM = 1"]),
    change("an enum is added", "enum Band {", "enum Tone {\n  LOW = 0;\n}\nenum Band {",
        "enum_type: Band → Tone, Band",
        &["added enum sample.Tone, 1 value"]),
    change("an rpc returns something else", "returns (Station)", "returns (stream Place)",
        r#"service.Radio.method.Tune.output_type: ".sample.Station" → ".sample.Place""#,
        &["retyped sample.Radio.Tune: (sample.Station) returns (sample.Station) → (sample.Station) returns (stream sample.Place)"]),
    change("an rpc is renamed", "rpc Tune", "rpc Find",
        "service.Radio.method: Tune → Find",
        &["added sample.Radio.Find: (sample.Station) returns (sample.Station)", "removed sample.Radio.Tune: (sample.Station) returns (sample.Station)"]),
    change("a service is renamed", "service Radio", "service Receiver",
        "service: Radio → Receiver",
        &["added service sample.Receiver, 1 rpc", "removed service sample.Radio"]),
    change("an extension is renumbered", "bool hint = 50000", "bool hint = 50001",
        "extension.hint.number: 50000 → 50001",
        &["renumbered extension sample.hint: 50000 → 50001"]),
];

/// Compiles `text` as `sample.proto`, with LiveKit's `logger/options.proto` beside it.
fn compile(folder: &str, text: &str) -> DescriptorPool {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    fs::create_dir_all(folder.join("logger")).expect("a writable target");
    let options = "logger/options.proto";
    fs::copy(path("protocol").join(options), folder.join(options)).expect("a writable target");
    fs::write(folder.join("sample.proto"), text).expect("a writable target");
    let set = compile::directory(&folder).unwrap_or_else(|error| panic!("{error}\n{text}"));
    DescriptorPool::decode(set.as_slice()).expect("just compiled")
}
