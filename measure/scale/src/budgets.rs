//! Figures and symbols as they were, to say what has grown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::figures::Figures;
use crate::image::Image;
use crate::measure::OURS;

/// A figure may move by so much of what it was, and then it is told.
const PERCENT: u64 = 2;

/// Sizes of functions and statics by program and name.
#[derive(Default)]
pub struct Symbols(BTreeMap<(String, String), u64>);

impl Symbols {
    pub fn of(images: &[(String, Image)]) -> Self {
        let mut all = BTreeMap::new();
        for (program, image) in images {
            for symbol in &image.symbols {
                *all.entry((program.clone(), plain(&symbol.name))).or_default() += symbol.size;
            }
        }
        Self(all)
    }

    pub fn from_tsv(text: &str) -> Self {
        let line = |line: &str| {
            let [program, name, size] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
            Some(((program.to_owned(), name.to_owned()), size.parse().ok()?))
        };
        let parse = |text: &str| line(text).unwrap_or_else(|| panic!("no symbol: {text}"));
        Self(text.lines().map(parse).collect())
    }

    pub fn to_tsv(&self) -> String {
        let line = |((program, name), size): (&(String, String), &u64)| {
            format!("{program}\t{name}\t{size}\n")
        };
        self.0.iter().map(line).collect()
    }

    /// The symbols of `program` that take more than in `before`, the largest growth first.
    fn growth(&self, program: &str, before: &Self) -> Vec<(i64, &str)> {
        let mine = self.0.iter().filter(|((of, _), _)| of == program);
        let mut grown: Vec<_> = mine
            .map(|(key, size)| {
                (*size as i64 - before.0.get(key).copied().unwrap_or(0) as i64, key.1.as_str())
            })
            .filter(|(more, _)| *more > 0)
            .collect();
        grown.sort_by_key(|(more, _)| -more);
        grown
    }
}

/// Names without what the linker gives local constants anew each time.
fn plain(name: &str) -> String {
    let local = name.starts_with(".L") || name.starts_with("anon.");
    if local { "constants".to_owned() } else { name.to_owned() }
}

/// What has moved by more than it may, told so that one knows where to look; empty if nothing has.
pub fn moved(now: &Figures, before: &Figures, symbols: &Symbols, old: &Symbols) -> String {
    let mut text = String::new();
    for (key, &value) in &now.all {
        let name =
            format!("{} of {}, {}, {}, opt {}", key.kind, key.work, key.codec, key.target, key.opt);
        let Some(&was) = before.all.get(key) else {
            writeln!(text, "{name} is new: {value}").unwrap();
            continue;
        };
        if value.abs_diff(was) * 100 <= was * PERCENT {
            continue;
        }
        let percent = (value as f64 / was as f64 - 1.0) * 100.0;
        writeln!(text, "{name}: {was} before, {value} now ({percent:+.1} %)").unwrap();
        if OURS.contains(&key.codec.as_str()) && key.kind == "flash" && value > was {
            let program = format!("{}, {}", key.codec, key.work);
            for (more, symbol) in symbols.growth(&program, old).into_iter().take(5) {
                writeln!(text, "    {more:+} {symbol}").unwrap();
            }
        }
    }
    for key in before.all.keys().filter(|key| !now.all.contains_key(key)) {
        writeln!(text, "{} of {}, {} is not measured any more", key.kind, key.work, key.codec)
            .unwrap();
    }
    text
}
