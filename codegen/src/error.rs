//! What stops the build: one message that says what is wrong, where, and which name is nearest.

use std::fmt;

/// A fault of the configuration or of the schema, as one readable line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error(String);

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// `Err` with a formatted message.
macro_rules! err {
    ($($arg:tt)*) => { Err($crate::error::Error::new(format!($($arg)*))) };
}
pub(crate) use err;

/// Returns `; did you mean "X"?` for the name nearest to `wanted`, and nothing if none is near.
pub fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wanted, names).map_or(String::new(), |name| format!("; did you mean {name:?}?"))
}

/// Returns the name nearest to `wanted`, if at most a third of its letters differ.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let names = names.into_iter().map(|name| (distance(wanted, name), name));
    let near = names.filter(|(d, name)| *d <= name.len().max(wanted.len()) / 3).min();
    near.map(|(_, name)| name)
}

/// Levenshtein's distance: the number of letters to change, add or remove.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_changed_added_and_removed_letters() {
        let cases = [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "axc", 1),
            ("abc", "abxc", 1),
            ("abc", "ac", 1),
            ("ab", "ba", 2),
            ("kitten", "sitting", 3),
        ];
        for (a, b, expected) in cases {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn a_third_of_the_letters_may_differ_and_no_more() {
        assert_eq!(nearest("abcxyz", ["abcdez"]), Some("abcdez"), "2 of 6");
        assert_eq!(nearest("abcxyz", ["abcdef"]), None, "3 of 6");
        assert_eq!(nearest("ab", ["ac"]), None, "1 of 2");
        assert_eq!(nearest("", ["abc", "abcd"]), None);
        assert_eq!(nearest("topic", []), None);
    }

    #[test]
    fn the_nearest_of_several_names_is_suggested() {
        let names = ["TOPIC_BYTES", "TOKEN_BYTES", "TEXT_BYTES"];
        assert_eq!(nearest("TOPICS_BYTES", names), Some("TOPIC_BYTES"));
        assert_eq!(did_you_mean("TOPICS_BYTES", names), "; did you mean \"TOPIC_BYTES\"?");
        assert_eq!(did_you_mean("BAUD", names), "");
    }
}
