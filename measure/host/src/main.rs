//! `ratios` runs the instruction benchmark and prints its table; `ratios tsv` prints it for machines.
//! `ratios check` fails if README.md states other figures by more than 2 %, and `ratios write` writes
//! them there.
//!
//! GUNGRAUN_RUNNER is the path of gungraun-runner (`cargo install gungraun-runner`), of the version
//! that Cargo.lock has of gungraun.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, ExitCode, Stdio};

use bumpalo::Bump;
use host::codecs::{Encoder, borrowed, owned, prost};
use serde_json::Value;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "<!-- figures: made by the command above -->\n";
const END: &str = "<!-- end of figures -->";

const ROWS: [(&str, &str, &str); 11] = [
    ("decode", "borrowed", "`borrowed`, everything read"),
    ("decode", "borrowed_validated", "`borrowed`, `validate`"),
    ("decode", "borrowed_outermost", "`borrowed`, nothing inside read"),
    ("decode", "owned", "`owned`"),
    ("decode", "micropb", "micropb"),
    ("decode", "prost", "prost"),
    ("encode", "borrowed", "`borrowed`, built by a program"),
    ("encode", "borrowed_received", "`borrowed`, passed on as received"),
    ("encode", "owned", "`owned`"),
    ("encode", "micropb", "micropb"),
    ("encode", "prost", "prost"),
];

/// Of prost's instructions, `borrowed` with everything read and built by a program.
const TARGETS: [(&str, f64); 2] = [("decode", 0.35), ("encode", 0.6)];

type Counts = BTreeMap<(String, String), u64>;

fn main() -> ExitCode {
    let mode = std::env::args().nth(1).unwrap_or_default();
    agree();
    let counts = measure();
    let page = std::fs::read_to_string(README).expect("README.md is there");
    match mode.as_str() {
        "" => print!("{}", table(&counts)),
        "tsv" => {
            for ((verb, codec), count) in &counts {
                println!("{verb}\t{codec}\t{count}");
            }
        }
        "write" => {
            let (before, rest) = page.split_once(BEGIN).expect("README.md says where");
            let (_, after) = rest.split_once(END).expect("README.md says where");
            let page = format!("{before}{BEGIN}\n{}\n{END}{after}", table(&counts));
            std::fs::write(README, page).expect("README.md is writable");
        }
        "check" => return check(&counts, &page),
        _ => {
            eprintln!("usage: ratios [tsv | check | write]");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// What the codecs encode is the same, but for the order of entries in a map, which prost sorts; of
/// micropb that does not hold: it drops entries without a value.
fn agree() {
    let (frames, arena) = (host::frames(), Bump::new());
    for frame in &frames {
        let encoded = |encode: Encoder| {
            let mut buf = vec![0; 1 << 16];
            let len = encode(&mut buf);
            // Ours lies at the end of the buffer, prost's at its start; the rest is zero.
            buf.sort_unstable();
            (len, buf)
        };
        let theirs = encoded(prost::build(frame));
        let ours = [borrowed::build(frame, &arena), owned::build(frame)];
        for encode in ours {
            assert!(encoded(encode) == theirs, "a {:?} is encoded otherwise", frame.kind);
        }
    }
}

fn measure() -> Counts {
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--quiet", "--bench", "instructions", "--", "--output-format=json"]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit());
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "the benchmark failed");
    let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    lines.lines().map(count).collect()
}

/// One benchmark of gungraun's summary: a JSON object a line.
fn count(line: &str) -> ((String, String), u64) {
    let summary: Value = serde_json::from_str(line).expect("gungraun prints JSON");
    let text = |key: &str| summary[key].as_str().expect("it has a name").to_owned();
    let metrics = &summary["profiles"][0]["data"]["parts"][0]["metrics"];
    let count = metrics["Ir"]["values"]["new"].as_u64().expect("it has been counted");
    ((text("function_name"), text("id")), count)
}

fn of(counts: &Counts, verb: &str, codec: &str) -> u64 {
    counts[&(verb.to_owned(), codec.to_owned())]
}

fn table(counts: &Counts) -> String {
    let mut text = "| | instructions | × prost's |\n|---|---:|---:|\n".to_owned();
    for (verb, codec, name) in ROWS {
        let count = of(counts, verb, codec);
        let ratio = count as f64 / of(counts, verb, "prost") as f64;
        writeln!(text, "| {verb}: {name} | {count} | {ratio:.2} |").unwrap();
    }
    text.push_str("\n| target | measured | at most | |\n|---|---:|---:|---|\n");
    for (verb, most) in TARGETS {
        let got = of(counts, verb, "borrowed") as f64 / of(counts, verb, "prost") as f64;
        let verdict = if got <= most { "met" } else { "missed" };
        writeln!(text, "| {verb}, × prost's | {got:.2} | {most:.2} | {verdict} |").unwrap();
    }
    text
}

/// Every count of the page within 2 % of what is measured now.
fn check(counts: &Counts, page: &str) -> ExitCode {
    let now = table(counts);
    print!("{now}");
    let mut result = ExitCode::SUCCESS;
    for (verb, codec, name) in ROWS {
        let start = format!("| {verb}: {name} | ");
        let row = page.lines().find_map(|line| line.strip_prefix(&start));
        let stated = row.and_then(|row| row.split(' ').next()?.parse::<u64>().ok());
        let count = of(counts, verb, codec);
        if stated.is_none_or(|stated| stated.abs_diff(count) * 50 > stated) {
            println!(
                "{verb}, {codec}: README.md says {stated:?}, measured {count}: `ratios write`"
            );
            result = ExitCode::FAILURE;
        }
    }
    let ratio = |verb| of(counts, verb, "borrowed") as f64 / of(counts, verb, "prost") as f64;
    println!(
        "borrowed takes {:.2} × prost's instructions to decode and read the corpus, {:.2} × to encode it",
        ratio("decode"),
        ratio("encode")
    );
    result
}
