//! What was measured, a line each.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a figure is of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key {
    /// `flash`, `ram`, `instructions`, `stack`, …
    pub kind: String,
    /// What is done: `publish`, `decode, 151 B`.
    pub work: String,
    pub codec: String,
    pub target: String,
    pub opt: String,
}

#[derive(Default)]
pub struct Figures {
    /// With what and when they were measured.
    pub made: String,
    pub all: BTreeMap<Key, u64>,
}

const HEAD: &str = "kind\twork\tcodec\ttarget\topt\tvalue";

impl Figures {
    /// Those of a file that [`Self::to_tsv`] wrote.
    pub fn from_tsv(text: &str) -> Self {
        let mut lines = text.lines();
        let made = lines.next().and_then(|line| line.strip_prefix("# ")).unwrap_or_default();
        let lines = lines.skip(1);
        let all = lines.map(|line| parse(line).unwrap_or_else(|| panic!("no figure: {line}")));
        Self { made: made.to_owned(), all: all.collect() }
    }

    pub fn to_tsv(&self) -> String {
        let mut text = format!("# {}\n{HEAD}\n", self.made);
        for (Key { kind, work, codec, target, opt }, value) in &self.all {
            writeln!(text, "{kind}\t{work}\t{codec}\t{target}\t{opt}\t{value}").unwrap();
        }
        text
    }

    pub fn set(&mut self, [kind, work, codec, target, opt]: [&str; 5], value: u64) {
        let key = key([kind, work, codec, target, opt]);
        assert!(self.all.insert(key, value).is_none(), "{kind} of {work} is measured twice");
    }

    pub fn get(&self, parts: [&str; 5]) -> Option<u64> {
        self.all.get(&key(parts)).copied()
    }

    /// One that has to be there.
    pub fn of(&self, parts: [&str; 5]) -> u64 {
        self.get(parts).unwrap_or_else(|| panic!("not measured: {parts:?}"))
    }
}

fn key([kind, work, codec, target, opt]: [&str; 5]) -> Key {
    let [kind, work, codec, target, opt] = [kind, work, codec, target, opt].map(str::to_owned);
    Key { kind, work, codec, target, opt }
}

fn parse(line: &str) -> Option<(Key, u64)> {
    let parts: Vec<&str> = line.split('\t').collect();
    let [kind, work, codec, target, opt, value] = parts.try_into().ok()?;
    Some((key([kind, work, codec, target, opt]), value.parse().ok()?))
}
