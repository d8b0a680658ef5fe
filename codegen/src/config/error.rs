//! What stops the build: one message that says what is wrong, where, and what is nearest to it.

/// A configuration mistake, as one readable line.
pub struct Mistake(pub String);

pub type Result<T> = std::result::Result<T, Mistake>;

/// `Err` with a formatted message.
macro_rules! mistake {
    ($($arg:tt)*) => { Err($crate::config::error::Mistake(format!($($arg)*))) };
}
pub(crate) use mistake;

/// `; did you mean "X"?` for the name nearest to `wanted`, nothing where none is near.
pub fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wanted, names).map_or(String::new(), |name| format!("; did you mean {name:?}?"))
}

/// The name nearest to `wanted`, if it is near: at most a third of its letters differ.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let names = names.into_iter().map(|name| (distance(wanted, name), name));
    let near = names.filter(|(d, name)| *d <= name.len().max(wanted.len()) / 3).min();
    near.map(|(_, name)| name)
}

/// Levenshtein's distance: how many letters to change, add or leave out.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
