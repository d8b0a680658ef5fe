//! What femtopb-build makes of the schema. It takes .proto files only, and no maps: these become
//! what they are on the wire, lists of entries.

use std::path::Path;
use std::{env, fs};

const SCHEMA: &str = "../../../protocol";
const FILES: [&str; 4] =
    ["livekit_rtc.proto", "livekit_models.proto", "livekit_metrics.proto", "logger/options.proto"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SCHEMA}");
    let out_dir = env::var_os("OUT_DIR").expect("cargo sets it");
    let schema = Path::new(&out_dir).join("schema");
    for file in FILES {
        let text = fs::read_to_string(Path::new(SCHEMA).join(file)).expect("it is in the package");
        let lines: Vec<String> = text.lines().map(rewritten).collect();
        let to = schema.join(file);
        fs::create_dir_all(to.parent().expect("it has one")).expect("OUT_DIR is writable");
        fs::write(to, lines.join("\n")).expect("OUT_DIR is writable");
    }
    femtopb_build::compile_protos(&[schema.join(FILES[0])], &[schema])
        .expect("femtopb-build takes the schema");
}

/// A line as femtopb takes it, without the metrics that no codec here has.
fn rewritten(line: &str) -> String {
    if line.trim() == "MetricsBatch metrics = 8;" {
        return String::new();
    }
    let Some((key, rest)) = line.trim().strip_prefix("map<").and_then(|l| l.split_once(", "))
    else {
        // femtopb has none of Google's types; on the wire it is the same, and no codec here has it.
        return line.replace("google.protobuf.Timestamp ", "bytes ");
    };
    let (value, field) = rest.split_once("> ").expect("a map is map<key, value> name");
    let name = field.split(' ').next().expect("it has a name");
    let entry = format!("Entry_of_{name}");
    format!("message {entry} {{ {key} key = 1; {value} value = 2; }} repeated {entry} {field}")
}
