//! Weighs codecs side by side on bare metal.
//!
//! `scale` measures everything and prints what moved by more than 2 % since figures.tsv was written,
//! and fails if anything did. `scale write` writes figures.tsv, symbols.tsv, the tables of this
//! README.md and the crate's, and scale.svg anew. `scale render` writes the pages and the picture
//! without measuring. `scale profile CODEC
//! [OPT]` prints instructions by function.

mod budgets;
mod figures;
mod firmware;
mod image;
mod measure;
mod page;
mod picture;
mod profile;
mod targets;

use std::path::Path;
use std::process::ExitCode;

use budgets::Symbols;
use figures::Figures;

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => check(),
        ["write"] => {
            let (figures, images) = measure::all();
            write("figures.tsv", &figures.to_tsv());
            write("symbols.tsv", &Symbols::of(&images).to_tsv());
            render(&figures);
            ExitCode::SUCCESS
        }
        ["render"] => {
            render(&stated());
            ExitCode::SUCCESS
        }
        ["profile", codec] => profile(codec, "s"),
        ["profile", codec, opt] => profile(codec, opt),
        _ => {
            eprintln!("usage: scale [write | render | profile CODEC [OPT]]");
            ExitCode::from(2)
        }
    }
}

/// Measures, and holds it against what is stated.
fn check() -> ExitCode {
    let (figures, images) = measure::all();
    let old = Symbols::from_tsv(&read("symbols.tsv"));
    let stated = stated();
    let mut wrong = budgets::moved(&figures, &stated, &Symbols::of(&images), &old);
    for page in &page::PAGES {
        let text = read(page.path);
        if page.with_figures(&text, &stated) != text {
            wrong +=
                &format!("{} shows other figures than figures.tsv: `scale render`\n", page.path);
        }
    }
    if picture::svg(&stated) != read("scale.svg") {
        wrong += "scale.svg shows other figures than figures.tsv: `scale render`\n";
    }
    let targets = targets::all(&figures);
    for target in &targets {
        let verdict = target.verdict();
        println!(
            "{verdict:6}  {} (opt {}): {:.2}, target {:.2}",
            target.what, target.opt, target.got, target.limit
        );
    }
    print!("{wrong}");
    let met = targets.iter().filter(|target| target.is_met()).count();
    println!(
        "{} figures of {} codecs, {met} of {} targets met",
        figures.all.len(),
        measure::CODECS.len(),
        targets.len()
    );
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn render(figures: &Figures) {
    for page in &page::PAGES {
        write(page.path, &page.with_figures(&read(page.path), figures));
    }
    write("scale.svg", &picture::svg(figures));
}

fn profile(codec: &str, opt: &str) -> ExitCode {
    let codec = measure::CODECS.iter().find(|known| known.name == codec);
    let opt = measure::OPTS.into_iter().find(|known| *known == opt);
    let (Some(codec), Some(opt)) = (codec, opt) else {
        eprintln!("codecs are {}, opt levels s and z", measure::CODECS.map(|c| c.name).join(", "));
        return ExitCode::from(2);
    };
    profile::print(codec.features, opt);
    ExitCode::SUCCESS
}

fn stated() -> Figures {
    Figures::from_tsv(&read("figures.tsv"))
}

fn read(name: &str) -> String {
    let path = root().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(name: &str, text: &str) {
    let path = root().join(name);
    std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
