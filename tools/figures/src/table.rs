//! Parts of pages, as measure/tables.toml describes them.
//!
//! A part is one of:
//! - a table: `rows`, `columns` and a `cell`, in which `ROW` and `COLUMN` stand for their keys and
//!   `{name}` for the figure of that name. A cell whose first figure is missing is a dash, and a column
//!   of dashes is left out. A row or a column is a `key`, or `key = label`; `rows` may also be the name
//!   of a list, or a pattern with a `*`, which is every key that makes it the name of a figure.
//!   `label` says how a row without a label of its own is called; a `/` in its key begins another
//!   column. `head` is what stands above.
//! - a `text` with `{name}` in it.
//! - a `file` that is shown as it is.

use std::fmt::Write as _;

use toml::{Table, Value};

use crate::figures::Figures;

pub fn render(name: &str, tables: &Table, figures: &Figures) -> String {
    let part = tables.get(name).and_then(Value::as_table);
    let part = part.unwrap_or_else(|| panic!("measure/tables.toml does not describe {name}"));
    let text = |key: &str| part.get(key).and_then(Value::as_str);
    if let Some(path) = text("file") {
        return format!("```toml\n{}\n```\n", crate::read(path).trim_end());
    }
    if let Some(text) = text("text") {
        let filled = fill(text, figures);
        return filled.unwrap_or_else(|missing| panic!("{name}: no figure {missing}")) + "\n";
    }
    let entries = |key: &str, label| {
        let value = part.get(key).unwrap_or_else(|| panic!("{name} has no {key}"));
        entries(value, label, tables, figures)
    };
    let cell = text("cell").unwrap_or_else(|| panic!("{name} has no cell"));
    grid(
        text("head").unwrap_or(""),
        &entries("rows", text("label")),
        &entries("columns", None),
        cell,
        figures,
    )
}

struct Entry {
    key: String,
    label: String,
}

fn entries(value: &Value, label: Option<&str>, tables: &Table, figures: &Figures) -> Vec<Entry> {
    let keyed = |key: &str| Entry {
        key: key.to_owned(),
        label: label.unwrap_or("ROW").replace("ROW", &key.replace('/', " | ")),
    };
    match value {
        Value::String(pattern) if pattern.contains('*') => {
            let (before, after) = pattern.split_once('*').expect("it has one");
            let matching =
                |name: &str| Some(keyed(name.strip_prefix(before)?.strip_suffix(after)?));
            figures.iter().filter_map(|(name, _)| matching(name)).collect()
        }
        Value::String(list_name) => {
            let list = tables.get("lists").and_then(|lists| lists.get(list_name));
            entries(
                list.unwrap_or_else(|| panic!("{list_name} is not a list")),
                label,
                tables,
                figures,
            )
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| item.as_str().expect("lists are of strings"));
            let entry = |item: &str| match item.split_once(" = ") {
                Some((key, label)) => Entry { key: key.to_owned(), label: label.to_owned() },
                None => keyed(item),
            };
            items.map(entry).collect()
        }
        other => panic!("neither a list nor a pattern: {other:?}"),
    }
}

fn grid(head: &str, rows: &[Entry], columns: &[Entry], cell: &str, figures: &Figures) -> String {
    let value = |row: &Entry, column: &Entry| {
        fill(&cell.replace("ROW", &row.key).replace("COLUMN", &column.key), figures).ok()
    };
    let columns: Vec<&Entry> = columns
        .iter()
        .filter(|column| rows.iter().any(|row| value(row, column).is_some()))
        .collect();
    let is_number = |column: &&Entry| {
        let numeric = |text: String| text.starts_with(|c: char| c.is_ascii_digit() || c == '–');
        rows.iter().all(|row| value(row, column).is_none_or(numeric))
    };
    let mut text = format!("| {head} |");
    columns.iter().for_each(|column| write!(text, " {} |", column.label).expect("a string"));
    text += &format!("\n|{}", "---|".repeat(head.matches('|').count() + 1));
    text.extend(columns.iter().map(|column| if is_number(column) { "---:|" } else { "---|" }));
    text.push('\n');
    for row in rows {
        write!(text, "| {} |", row.label).expect("a string");
        for column in &columns {
            let value = value(row, column).unwrap_or_else(|| "–".to_owned());
            write!(text, " {value} |").expect("a string");
        }
        text.push('\n');
    }
    text
}

/// `template` with the figures that it names, or the name of one that is missing.
fn fill(template: &str, figures: &Figures) -> Result<String, String> {
    let mut parts = template.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or_else(|| panic!("no }} in {template}"));
        text += figures.get(name).ok_or(name)?;
        text += rest;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: &str = r#"
        [lists]
        codecs = ["ours", "other"]
        [flash]
        head = "program | opt"
        rows = ["a/s", "b/s = B | s"]
        columns = "codecs"
        cell = "{flash/ROW/COLUMN}"
        [sizes]
        rows = "size/*/bytes"
        label = "`ROW`"
        columns = ["bytes"]
        cell = "{size/ROW/COLUMN}"
        [text]
        text = "{size/Room/bytes} bytes"
    "#;

    fn rendered(name: &str) -> String {
        let figures = Figures::parse("flash/a/s/ours\t1\nflash/b/s/ours\t2\nsize/Room/bytes\t16\n");
        render(name, &TABLES.parse().expect("TOML"), &figures)
    }

    #[test]
    fn column_without_a_figure_is_left_out() {
        let table = "| program | opt | ours |\n|---|---|---:|\n| a | s | 1 |\n| B | s | 2 |\n";
        assert_eq!(rendered("flash"), table);
    }

    #[test]
    fn pattern_is_a_row_for_each_figure_that_matches() {
        assert_eq!(rendered("sizes"), "|  | bytes |\n|---|---:|\n| `Room` | 16 |\n");
    }

    #[test]
    fn text_shows_figures() {
        assert_eq!(rendered("text"), "16 bytes\n");
    }
}
