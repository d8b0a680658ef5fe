//! New figures held against those that are stated.

use std::fmt::Write as _;

use crate::figures::Figures;

/// How many times as much as others a `share/…` figure may differ: what the compiler inlines moves
/// from one share of a whole to another, and the whole is a figure of its own.
const SHARE: f64 = 5.0;

/// What differs from the stated figures by more than they allow.
#[derive(Default)]
pub struct Changes {
    /// One line each, and the parts that have grown below it.
    pub text: String,
    /// How many have become larger. Less is better for every figure here.
    pub worse: usize,
}

impl Changes {
    /// Compares all of `measured`; with `whole` what is stated and was not measured is a change too.
    pub fn between(
        stated: (&Figures, &Figures),
        measured: (&Figures, &Figures),
        whole: bool,
    ) -> Self {
        let mut changes = Self::default();
        for (name, new) in measured.0.iter().filter(|(name, _)| !name.starts_with("made/")) {
            match stated.0.get(name) {
                None => writeln!(changes.text, "{name} is new: {new}").expect("a string"),
                Some(old) => changes.compare(name, old, new, stated, measured.1),
            }
        }
        for (name, _) in stated.0.iter().filter(|(name, _)| whole && measured.0.get(name).is_none())
        {
            writeln!(changes.text, "{name} is stated and was not measured").expect("a string");
        }
        changes
    }

    fn compare(
        &mut self,
        name: &str,
        old: &str,
        new: &str,
        stated: (&Figures, &Figures),
        parts: &Figures,
    ) {
        if old == new {
            return;
        }
        let (Ok(was), Ok(now)) = (old.parse::<f64>(), new.parse::<f64>()) else {
            writeln!(self.text, "{name}: {old} stated, {new} now").expect("a string");
            return;
        };
        let looser = if name.starts_with("share/") { SHARE } else { 1.0 };
        if (now - was).abs() * 100.0 <= was.abs() * stated.0.percent * looser {
            return;
        }
        let percent = (now / was - 1.0) * 100.0;
        writeln!(self.text, "{name}: {old} stated, {new} now ({percent:+.1} %)").expect("a string");
        if now > was {
            self.worse += 1;
            for (more, part) in growth(name, stated.1, parts).into_iter().take(5) {
                writeln!(self.text, "    {more:+} {part}").expect("a string");
            }
        }
    }
}

/// The parts of a figure that have grown, the one that has grown most first.
fn growth<'f>(name: &str, stated: &Figures, measured: &'f Figures) -> Vec<(f64, &'f str)> {
    let prefix = format!("part/{name}/");
    let mut grown: Vec<_> = measured
        .iter()
        .filter_map(|(part, size)| {
            let before = stated.number(part).unwrap_or(0.0);
            Some((size.parse::<f64>().ok()? - before, part.strip_prefix(&prefix)?))
        })
        .filter(|(more, _)| *more > 0.0)
        .collect();
    grown.sort_by(|one, other| other.0.total_cmp(&one.0));
    grown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(measured: &str) -> Changes {
        let (stated, parts) =
            Figures::parse("# within 2 %\nflash/a\t1000\npart/flash/a/f\t400\n").split_parts();
        let measured = Figures::parse(measured).split_parts();
        Changes::between((&stated, &parts), (&measured.0, &measured.1), true)
    }

    #[test]
    fn change_within_the_tolerance_is_none() {
        let none = changes("flash/a\t1020\n");
        assert_eq!((none.text.as_str(), none.worse), ("", 0));
    }

    #[test]
    fn a_share_of_a_whole_may_move_further() {
        let moved = |now: u32| {
            let stated = Figures::parse("# within 2 %\nshare/whole/a\t1000\n").split_parts();
            let now = Figures::parse(&format!("share/whole/a\t{now}\n")).split_parts();
            Changes::between((&stated.0, &stated.1), (&now.0, &now.1), true).worse
        };
        assert_eq!((moved(1099), moved(1101)), (0, 1));
    }

    #[test]
    fn growth_names_the_parts_that_have_grown() {
        let grown = changes("part/flash/a/f\t450\nflash/a\t1050\n");
        assert_eq!(grown.text, "flash/a: 1000 stated, 1050 now (+5.0 %)\n    +50 f\n");
        assert_eq!(grown.worse, 1);
    }

    #[test]
    fn smaller_new_and_missing_figures_are_changes_but_not_worse() {
        let changed = changes("flash/b\t7\n");
        assert!(
            changed.text.contains("flash/b is new") && changed.text.contains("flash/a is stated")
        );
        assert_eq!((changed.worse, changes("flash/a\t900\n").worse), (0, 0));
    }
}
