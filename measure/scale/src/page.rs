//! The figures of README.md, as tables.

use std::fmt::Write as _;

use crate::figures::Figures;
use crate::firmware::CORTEX_M3;
use crate::measure::{CODECS, OPTS, OTHER_TARGETS, PROGRAMS};
use crate::targets;

const BEGIN: &str = "<!-- figures: made by measure/scale -->\n";
const END: &str = "<!-- end of figures -->";

/// A page that has figures between two marks, and what makes them.
pub struct Page {
    pub path: &'static str,
    figures: fn(&Figures) -> String,
}

/// This workspace's own, and what the crate's says of it.
pub const PAGES: [Page; 2] = [
    Page { path: "README.md", figures: tables },
    Page { path: "../README.md", figures: beside_peers },
];

impl Page {
    /// `text` with the figures of now.
    pub fn with_figures(&self, text: &str, figures: &Figures) -> String {
        let (before, rest) = text.split_once(BEGIN).expect("the page says where figures go");
        let (_, after) = rest.split_once(END).expect("the page says where figures end");
        format!("{before}{BEGIN}\n{}\n{END}{after}", (self.figures)(figures))
    }
}

/// Flash of four firmwares with each codec, and the instructions of a packet.
fn beside_peers(figures: &Figures) -> String {
    const CODECS: [&str; 6] = ["borrowed", "owned", "nanopb", "micropb", "femtopb", "prost"];
    const ROWS: [(&str, &str, &str); 7] = [
        ("flash", "publish_any", "publishes one user packet"),
        ("flash", "packet", "encodes and decodes a data packet"),
        ("flash", "family", "each of the 18 messages of data packets, both ways"),
        ("flash", "signal", "signalling: six kinds of response read, six of request sent"),
        ("instructions", "encode, 1145 B", "instructions: encode a packet of 1145 bytes"),
        (
            "instructions",
            "read payload and topic, 1145 B",
            "instructions: decode it, read two fields",
        ),
        ("stack", "read payload and topic, 1145 B", "stack of that, the message not counted"),
    ];
    let mut text = format!("| | {} |\n|---|{}\n", CODECS.join(" | "), "---:|".repeat(CODECS.len()));
    for (kind, work, says) in ROWS {
        let values =
            CODECS.map(|codec| figures.of([kind, work, codec, CORTEX_M3, "s"]).to_string());
        writeln!(text, "| {says} | {} |", values.join(" | ")).unwrap();
    }
    writeln!(text, "\n{}.", figures.made).unwrap();
    text
}

fn tables(figures: &Figures) -> String {
    let mut text = format!("{}.\n", figures.made);
    let mut part = |title: &str, table: String| {
        write!(text, "\n### {title}\n\n{table}").unwrap();
    };
    part("Targets", targets(figures));
    for opt in OPTS {
        let title = format!("Flash, opt-level {opt}");
        part(&title, flash(figures, opt));
    }
    part("Static RAM, opt-level s", grid(figures, &["ram"], &PROGRAMS, CORTEX_M3, "s"));
    part("Instructions, opt-level s", grid(figures, &["instructions"], &VERBS, CORTEX_M3, "s"));
    part("Stack, opt-level s", grid(figures, &["stack"], &VERBS, CORTEX_M3, "s"));
    part("Size of a message", grid(figures, &["size_of"], &["DataPacket"], CORTEX_M3, "s"));
    for target in OTHER_TARGETS {
        let title = format!("Flash on {target}, opt-level s");
        part(
            &title,
            grid(figures, &["flash"], &["publish", "packet", "family", "signal"], target, "s"),
        );
    }
    part("Of `borrowed` and `owned` alone", alone(figures));
    text
}

const VERBS: [&str; 10] = [
    "encode, 1145 B",
    "encode, 151 B",
    "decode, 1145 B",
    "decode, 151 B",
    "read payload and topic, 1145 B",
    "read payload and topic, 151 B",
    "publish, 1145 B",
    "publish, 151 B",
    "pull payload and topic, 1145 B",
    "pull payload and topic, 151 B",
];

fn targets(figures: &Figures) -> String {
    let mut text = "| what | opt | measured | target | |\n|---|---|---:|---:|---|\n".to_owned();
    for target in targets::all(figures) {
        let verdict = target.verdict();
        let [got, limit] = [target.got, target.limit].map(number);
        writeln!(text, "| {} | {} | {got} | {limit} | {verdict} |", target.what, target.opt)
            .unwrap();
    }
    text
}

/// Whole, unless it is small: a ratio, or a slope.
fn number(value: f64) -> String {
    match value.fract() == 0.0 || value >= 10.0 {
        true => format!("{value:.0}"),
        false => format!("{value:.2}"),
    }
}

/// Flash, and in brackets how much of it copies bytes and checks UTF-8.
fn flash(figures: &Figures, opt: &str) -> String {
    grid(figures, &["flash", "memcpy", "utf8"], &PROGRAMS, CORTEX_M3, opt)
}

/// A row for each of `works`, a column a codec. Of several kinds the first one counts and the others
/// stand in brackets.
fn grid(figures: &Figures, kinds: &[&str], works: &[&str], target: &str, opt: &str) -> String {
    let has = |codec: &str| {
        works.iter().any(|work| figures.get([kinds[0], work, codec, target, opt]).is_some())
    };
    let codecs: Vec<&str> =
        CODECS.iter().map(|codec| codec.name).filter(|name| has(name)).collect();
    let mut text = format!("| | {} |\n|---|{}\n", codecs.join(" | "), "---:|".repeat(codecs.len()));
    for work in works {
        write!(text, "| {work} |").unwrap();
        for codec in &codecs {
            let cell = |kind: &str| figures.get([kind, work, codec, target, opt]);
            match cell(kinds[0]) {
                None => text.push_str(" – |"),
                Some(value) => {
                    let rest: Vec<String> = kinds[1..]
                        .iter()
                        .filter_map(|kind| cell(kind))
                        .map(|v| v.to_string())
                        .collect();
                    match rest.is_empty() {
                        true => write!(text, " {value} |").unwrap(),
                        false => write!(text, " {value} ({}) |", rest.join(", ")).unwrap(),
                    }
                }
            }
        }
        text.push('\n');
    }
    text
}

/// What only ours have been measured for.
fn alone(figures: &Figures) -> String {
    let mut text = "| what | codec | s | z |\n|---|---|---:|---:|\n".to_owned();
    for (key, s) in &figures.all {
        let of_peers =
            figures.get([&key.kind, &key.work, "prost", &key.target, &key.opt]).is_some();
        if of_peers || key.opt != "s" {
            continue;
        }
        let parts = [key.kind.as_str(), &key.work, &key.codec, &key.target, "z"];
        if let Some(z) = figures.get(parts) {
            writeln!(text, "| {}: {} | {} | {s} | {z} |", key.kind, key.work, key.codec).unwrap();
        }
    }
    text
}
