//! Modules of generated code, as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A module: what is in it, and the modules in it.
#[derive(Default)]
pub struct Module {
    pub items: String,
    modules: BTreeMap<String, Module>,
}

impl Module {
    /// The module at `path`, which is made if it is not there.
    pub fn at(&mut self, path: &[String]) -> &mut Module {
        path.iter().fold(self, |module, name| module.modules.entry(name.clone()).or_default())
    }

    /// Prints it without braces of its own. `head` begins every module, and `doc` says what stands
    /// above the one at a path.
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

/// `text` four spaces to the right.
pub fn indent(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    text.lines().map(line).collect()
}

/// `comment` as documentation.
pub fn doc(comment: &str) -> String {
    comment.lines().map(|line| format!("///{line}\n")).collect()
}

/// A function, on one line if there is nothing in it.
pub fn function(head: &str, body: &str) -> String {
    match body {
        "" => format!("{head} {{}}\n"),
        body => format!("{head} {{\n{}}}\n", indent(body)),
    }
}
