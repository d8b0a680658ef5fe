//! Modules of generated code, as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A module: the text of its items, and its submodules.
#[derive(Default)]
pub struct Module {
    pub items: String,
    modules: BTreeMap<String, Module>,
}

impl Module {
    /// Returns the module at `path`, which is created if it does not exist.
    pub fn at(&mut self, path: &[String]) -> &mut Module {
        path.iter().fold(self, |module, name| module.modules.entry(name.clone()).or_default())
    }

    /// Prints the content. `head` begins every module; `doc` returns the documentation of the one at a
    /// path.
    pub fn print(&self, path: &[String], head: &str, doc: &dyn Fn(&[String]) -> String) -> String {
        let mut out = head.to_owned() + &self.items;
        for (name, module) in &self.modules {
            let path = [path, std::slice::from_ref(name)].concat();
            let content = module.print(&path, head, doc);
            write!(out, "\n/// {}\npub mod {name} {{\n{}}}\n", doc(&path), indent(&content))
                .expect("a String takes any text");
        }
        out
    }
}

/// Indents `text` by four spaces.
pub fn indent(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    text.lines().map(line).collect()
}

/// Prints `comment` as documentation.
pub fn doc(comment: &str) -> String {
    comment.lines().map(|line| format!("///{line}\n")).collect()
}

/// Prints a function, on one line if `body` is empty.
pub fn function(head: &str, body: &str) -> String {
    match body {
        "" => format!("{head} {{}}\n"),
        body => format!("{head} {{\n{}}}\n", indent(body)),
    }
}
