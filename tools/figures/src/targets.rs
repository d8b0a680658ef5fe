//! What figures should not exceed, and what was tried where they do: measure/targets.tsv.

use std::fmt::Write as _;

use toml::{Table, Value};

use crate::figures::Figures;

struct Target {
    limit: f64,
    figure: String,
    /// What was tried, and why the figure is not lower.
    reason: String,
}

fn parse(text: &str) -> Vec<Target> {
    let line = |line: &str| {
        let mut parts = line.split('\t');
        let limit = parts.next()?.parse().ok()?;
        let figure = parts.next()?.to_owned();
        Some(Target { limit, figure, reason: parts.next().unwrap_or_default().to_owned() })
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|text| line(text).unwrap_or_else(|| panic!("not a target: {text}"))).collect()
}

impl Target {
    fn is_met(&self, figures: &Figures) -> bool {
        self.value(figures) <= self.limit
    }

    fn value(&self, figures: &Figures) -> f64 {
        let value = figures.number(&self.figure);
        value.unwrap_or_else(|| panic!("a target is set for {}, which is no figure", self.figure))
    }
}

/// The table of targets.
pub fn render(text: &str, figures: &Figures) -> String {
    let mut table = "| figure | measured | target | |\n|---|---:|---:|---|\n".to_owned();
    for target in parse(text) {
        let name = target.figure.replace("/thumbv7m-none-eabi", "");
        let value = figures.get(&target.figure).expect("it is a figure");
        let verdict = match (target.is_met(figures), target.reason.as_str()) {
            (true, _) => "met".to_owned(),
            (false, reason) => format!("missed: {reason}"),
        };
        writeln!(table, "| {name} | {value} | {} | {verdict} |", target.limit).expect("a string");
    }
    table
}

/// The targets that are missed without a reason, or met and still have one; and how many are met.
pub fn check(text: &str, figures: &Figures) -> (String, usize, usize) {
    let targets = parse(text);
    let (mut wrong, mut met) = (String::new(), 0);
    for target in &targets {
        let (value, Target { limit, figure, reason }) = (target.value(figures), target);
        met += usize::from(target.is_met(figures));
        if !target.is_met(figures) && reason.is_empty() {
            writeln!(
                wrong,
                "{figure} is {value}, its target {limit}: reach it, or say in measure/targets.tsv what \
                 was tried and what the limit is, or take the target out"
            )
            .expect("a string");
        }
    }
    (wrong, met, targets.len())
}

/// Adds what is calculated from other figures: `name = [first, "-", second, "/", 2]`, from left to
/// right. What needs a figure that is missing is left out.
pub fn derive(tables: &Table, figures: &mut Figures) {
    let derived = tables.get("derived").and_then(Value::as_table);
    for (name, steps) in derived.into_iter().flatten() {
        let steps = steps.as_array().expect("a list of names, numbers and signs");
        if let Some(value) = calculate(steps, figures) {
            let digits = if value.fract() == 0.0 || value >= 100.0 { 0 } else { 2 };
            figures.set(name, format!("{value:.digits$}"));
        }
    }
}

fn calculate(steps: &[Value], figures: &Figures) -> Option<f64> {
    let operand = |step: &Value| match step {
        Value::Integer(number) => Some(*number as f64),
        name => figures.number(name.as_str().expect("a name or a number")),
    };
    let mut value = operand(steps.first()?)?;
    for pair in steps[1..].chunks(2) {
        let [sign, step] = pair else { panic!("a sign without a figure") };
        let step = operand(step)?;
        match sign.as_str() {
            Some("+") => value += step,
            Some("-") => value -= step,
            Some("/") => value /= step,
            other => panic!("not a sign: {other:?}"),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        Figures::parse("all\t28704\nfamily\t7236\n")
    }

    #[test]
    fn derived_figures_are_calculated_from_left_to_right() {
        let tables =
            "[derived]\nslope = [\"all\", \"-\", \"family\", \"/\", 79]\nnone = [\"other\"]";
        let mut figures = figures();
        derive(&tables.parse().expect("TOML"), &mut figures);
        assert_eq!((figures.get("slope"), figures.get("none")), (Some("272"), None));
    }

    #[test]
    fn missed_target_needs_a_reason() {
        let (wrong, met, count) = check("7168\tfamily\n30000\tall\n", &figures());
        assert!(wrong.starts_with("family is 7236, its target 7168"), "{wrong}");
        assert_eq!((met, count), (1, 2));
        assert_eq!(check("7168\tfamily\ttried\n", &figures()).0, "");
    }
}
