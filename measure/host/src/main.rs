//! Runs the instruction benchmark and prints `name<TAB>value` lines for tools/figures.
//!
//! GUNGRAUN_RUNNER is the path of gungraun-runner (`cargo install gungraun-runner`), of the version
//! that Cargo.lock has of gungraun.

use std::process::{Command, Stdio};

use bumpalo::Bump;
use host::codecs::{Encoder, borrowed, owned, prost};
use serde_json::Value;

fn main() {
    check_that_encodings_are_equal();
    println!("made/host\t{}", versions());
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--quiet", "--bench", "instructions", "--", "--output-format=json"]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit());
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "the benchmark failed");
    let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    lines.lines().for_each(print);
}

/// What the codecs encode is the same, but for the order of entries in a map, which prost sorts. Of
/// micropb that does not hold: it drops entries without a value.
fn check_that_encodings_are_equal() {
    let (messages, arena) = (host::recorded(), Bump::new());
    for recorded in &messages {
        let encoded = |encode: Encoder| {
            let mut buf = vec![0; 1 << 16];
            let len = encode(&mut buf);
            // Ours lies at the end of the buffer, prost's at its start; the rest is zero.
            buf.sort_unstable();
            (len, buf)
        };
        let theirs = encoded(prost::build(recorded));
        let ours = [borrowed::build(recorded, &arena), owned::build(recorded)];
        for encode in ours {
            assert!(encoded(encode) == theirs, "a {:?} is encoded otherwise", recorded.kind);
        }
    }
}

/// With what and when.
fn versions() -> String {
    let first_line = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output().expect("it is installed");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().next().unwrap_or_default().to_owned()
    };
    let [rustc, valgrind] = ["rustc", "valgrind"].map(|program| first_line(program, "--version"));
    format!("x86-64; {rustc}; {valgrind}; {}", first_line("date", "+%Y-%m-%d"))
}

/// Prints one benchmark of gungraun's summary: a JSON object a line.
fn print(line: &str) {
    let summary: Value = serde_json::from_str(line).expect("gungraun prints JSON");
    let text = |key: &str| summary[key].as_str().expect("it has a name");
    let metrics = &summary["profiles"][0]["data"]["parts"][0]["metrics"];
    let count = metrics["Ir"]["values"]["new"].as_u64().expect("it has been counted");
    println!("host/{}/{}\t{count}", text("function_name"), text("id"));
}
