//! The figures of README.md, as tables.

use std::fmt::Write as _;

use crate::figures::Figures;
use crate::firmware::CORTEX_M3;
use crate::measure::{CODECS, OPTS, OTHER_TARGETS, PROGRAMS};
use crate::targets;

const BEGIN: &str = "<!-- figures: made by the command above -->\n";
const END: &str = "<!-- end of figures -->";

/// `page` with the figures of now.
pub fn with_figures(page: &str, figures: &Figures) -> String {
    let (before, rest) = page.split_once(BEGIN).expect("README.md says where figures go");
    let (_, after) = rest.split_once(END).expect("README.md says where figures end");
    format!("{before}{BEGIN}\n{}\n{END}{after}", tables(figures))
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
        let verdict = if target.is_met() { "met" } else { "missed" };
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
