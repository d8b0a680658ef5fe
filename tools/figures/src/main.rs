//! Keeps what was measured, holds new figures against it and renders them into pages.
//!
//! A program that measures prints `name<TAB>value` lines. `measure/figures/NAME.tsv` has what it
//! printed last, and in its first line by how many percent a figure may differ from that.
//!
//! ```text
//! MEASURE | figures check NAME [--part]    fails if a figure differs by more, if a target is missed without a
//!                                 reason, or if a page shows other figures than the files
//! MEASURE | figures write NAME [--part] [--because LINE]
//!                                 writes the file and the pages; a figure that became worse needs a
//!                                 LINE of CHANGELOG.md that says why; with --part the figures that
//!                                 were not measured stay
//! figures render                  writes the pages
//! figures pages                   fails if a page shows other figures than the files
//! ```
//!
//! `part/FIGURE/PART` lines are what a figure consists of: where the figure grows, they say by what.
//! `share/…` figures divide another one, and may move by five times as much.
//! `made/…` figures say with what and when; they are not compared.

mod changes;
mod chart;
mod figures;
mod page;
mod table;
mod targets;

use std::io::Read as _;
use std::process::ExitCode;

use changes::Changes;
use figures::Figures;
use toml::Table;

const CHANGELOG: &str = "A figure became worse: make it better again, or add a line to CHANGELOG.md \
    that says which and why, and give that line to `figures write NAME --because LINE`.";

fn main() -> ExitCode {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .expect("the repository is there");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wrong = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check", name] => check(name, true),
        ["check", name, "--part"] => check(name, false),
        ["write", name, ref options @ ..] => write_figures(name, options),
        ["render"] => {
            render();
            String::new()
        }
        ["pages"] => pages(&stated()),
        _ => "usage: figures check NAME [--part] | write NAME [--part] [--because LINE] | render | pages\n"
            .to_owned(),
    };
    print!("{wrong}");
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The figures on standard input and their parts.
fn measured() -> (Figures, Figures) {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("what measures prints UTF-8");
    Figures::parse(&text).split_parts()
}

fn file(name: &str) -> String {
    format!("measure/figures/{name}.tsv")
}

/// The figures of a file and its parts.
fn of(name: &str) -> (Figures, Figures) {
    let read =
        |name: &str| Figures::parse(&std::fs::read_to_string(file(name)).unwrap_or_default());
    (read(name), read(&format!("{name}-parts")))
}

/// All that is stated, and what is calculated from it.
fn stated() -> Figures {
    let mut all = Figures::default();
    for entry in std::fs::read_dir("measure/figures").expect("it is there") {
        let path = entry.expect("it can be listed").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("UTF-8");
        if !name.ends_with("-parts") {
            all.extend(&of(name).0);
        }
    }
    targets::derive(&tables(), &mut all);
    all
}

fn tables() -> Table {
    read("measure/tables.toml").parse().unwrap_or_else(|error| panic!("tables.toml: {error}"))
}

/// What is wrong.
fn check(name: &str, whole: bool) -> String {
    let (stated_here, measured) = (of(name), measured());
    let changes =
        Changes::between((&stated_here.0, &stated_here.1), (&measured.0, &measured.1), whole);
    let mut wrong = changes.text;
    if changes.worse > 0 {
        wrong += &format!("{CHANGELOG}\n");
    } else if !wrong.is_empty() {
        wrong += &format!("`figures write {name}` writes down what is new.\n");
    }
    let mut now = stated();
    wrong += &pages(&now);
    now.extend(&measured.0);
    targets::derive(&tables(), &mut now);
    let (missed, met, count) = targets::check(&read("measure/targets.tsv"), &now);
    wrong += &missed;
    println!("{} figures as stated, {met} of all {count} targets met", measured.0.iter().count());
    wrong
}

fn write_figures(name: &str, options: &[&str]) -> String {
    let part = options.contains(&"--part");
    let because = options.iter().position(|option| *option == "--because");
    let because = because.and_then(|at| options.get(at + 1));
    let (mut stated, measured) = (of(name), measured());
    let changes = Changes::between((&stated.0, &stated.1), (&measured.0, &measured.1), !part);
    print!("{}", changes.text);
    let explained = because.is_some_and(|line| read("CHANGELOG.md").contains(line));
    if changes.worse > 0 && !explained {
        return format!("{CHANGELOG}\n");
    }
    if part {
        stated.0.extend(&measured.0);
        stated.1.extend(&measured.1);
    } else {
        let percent = stated.0.percent;
        stated = measured;
        stated.0.percent = percent;
    }
    write(&file(name), &stated.0.print());
    if stated.1.iter().next().is_some() {
        write(&file(&format!("{name}-parts")), &stated.1.print());
    }
    render();
    String::new()
}

fn render() {
    for (path, content) in page::all(&tables(), &stated()) {
        write(&path, &content);
    }
}

fn pages(figures: &Figures) -> String {
    let pages = page::all(&tables(), figures).into_iter();
    let stale = pages.filter(|(path, content)| read(path) != *content);
    stale
        .map(|(path, _)| {
            format!("{path} shows other figures than measure/figures: `figures render`\n")
        })
        .collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn write(path: &str, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
}
