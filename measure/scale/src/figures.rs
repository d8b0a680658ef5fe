//! What was measured: `KIND/WORK/CODEC/TARGET/OPT` names and numbers.

use std::collections::BTreeMap;

#[derive(Default)]
pub struct Figures(BTreeMap<String, u64>);

impl Figures {
    /// Adds one: its kind (`flash`, `stack`), what is done, the codec, the target and the opt-level.
    pub fn set(&mut self, parts: [&str; 5], value: u64) {
        let name = parts.join("/");
        assert!(self.0.insert(name, value).is_none(), "{parts:?} is measured twice");
    }

    /// Prints a `name<TAB>value` line each, as tools/figures reads them.
    pub fn print(&self) {
        self.0.iter().for_each(|(name, value)| println!("{name}\t{value}"));
    }
}
