//! Pages with figures in them: what stands between `<!-- figures NAME -->` and `<!-- end -->` is
//! rendered from the stated figures.

use toml::Table;

use crate::figures::Figures;
use crate::{chart, read, table, targets};

const BEGIN: &str = "<!-- figures ";
const BEGIN_CLOSE: &str = " -->\n";
const END: &str = "<!-- end -->";

/// The page with the figures of now.
pub fn render(page: &str, tables: &Table, figures: &Figures) -> String {
    let mut parts = page.split(BEGIN);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(BEGIN_CLOSE).expect("a marker ends its line");
        let (_, after) = rest.split_once(END).unwrap_or_else(|| panic!("{name} has no end"));
        let content = match name {
            "targets" => targets::render(&read("measure/targets.tsv"), figures),
            _ => table::render(name, tables, figures),
        };
        text += &format!("{BEGIN}{name}{BEGIN_CLOSE}\n{content}\n{END}{after}");
    }
    text
}

/// Every page and picture with its content of now.
pub fn all(tables: &Table, figures: &Figures) -> Vec<(String, String)> {
    let list = std::process::Command::new("git").args(["ls-files", "*.md"]).output();
    let list = String::from_utf8(list.expect("git runs").stdout).expect("paths are UTF-8");
    let with_figures = list.lines().map(|path| (path, read(path)));
    let with_figures = with_figures.filter(|(_, text)| text.contains(BEGIN));
    let mut all: Vec<_> = with_figures
        .map(|(path, text)| (path.to_owned(), render(&text, tables, figures)))
        .collect();
    all.push(("measure/scale.svg".to_owned(), chart::svg(figures)));
    all
}
