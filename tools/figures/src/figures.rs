//! Figures: `name<TAB>value` lines. A value is a number or a text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The figures of one file, in its order.
#[derive(Default)]
pub struct Figures {
    /// By how many percent a figure may differ from what is stated: the file's first line.
    pub percent: f64,
    names: Vec<String>,
    values: BTreeMap<String, String>,
}

impl Figures {
    pub fn parse(text: &str) -> Self {
        let mut figures = Self::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(percent) = line.strip_prefix("# within ") {
                let percent = percent.strip_suffix(" %").and_then(|number| number.parse().ok());
                figures.percent = percent.unwrap_or_else(|| panic!("not a percentage: {line}"));
                continue;
            }
            let (name, value) = line.split_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
            figures.set(name, value.to_owned());
        }
        figures
    }

    pub fn print(&self) -> String {
        let mut text = format!("# within {} %\n", self.percent);
        for (name, value) in self.iter() {
            writeln!(text, "{name}\t{value}").expect("a string");
        }
        text
    }

    pub fn set(&mut self, name: &str, value: String) {
        if self.values.insert(name.to_owned(), value).is_none() {
            self.names.push(name.to_owned());
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.parse().ok()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|name| (name.as_str(), self.values[name].as_str()))
    }

    /// Adds those of `other`, whose values win.
    pub fn extend(&mut self, other: &Self) {
        other.iter().for_each(|(name, value)| self.set(name, value.to_owned()));
    }

    /// Divides them into the figures themselves and the `part/FIGURE/PART` lines that explain one.
    pub fn split_parts(self) -> (Self, Self) {
        let mut both = (Self { percent: self.percent, ..Self::default() }, Self::default());
        for (name, value) in self.iter() {
            let is_part = name.starts_with("part/");
            let to = if is_part { &mut both.1 } else { &mut both.0 };
            to.set(name, value.to_owned());
        }
        both
    }
}
