//! Strings of JSON: where they end, and what their escapes stand for.

use core::str::Chars;

/// Splits the text after an opening quote into the string, its escapes as they are, and what follows
/// the closing quote. `None` if this is not a string of JSON (RFC 8259, 7).
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let mut chars = text.chars();
    loop {
        let end = text.len().checked_sub(chars.as_str().len())?;
        match chars.next()? {
            '"' => return Some((text.get(..end)?, chars.as_str())),
            '\\' => match chars.next()? {
                '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => {}
                'u' => drop(code_unit(&mut chars)?),
                _ => return None,
            },
            '\0'..' ' => return None,
            _ => {}
        }
    }
}

/// The characters of a string that [`split`] has found, without escapes.
pub(super) fn unescape(raw: &str) -> Unescape<'_> {
    Unescape(raw.chars())
}

#[derive(Clone)]
pub(super) struct Unescape<'a>(Chars<'a>);

impl Iterator for Unescape<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let first = self.0.next()?;
        if first != '\\' {
            return Some(first);
        }
        Some(match self.0.next()? {
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.code_point(),
            other => other,
        })
    }
}

impl Unescape<'_> {
    /// Reads `\uXXXX` after its `u`, and the other half of a surrogate pair. A half without the other
    /// is U+FFFD, as for Go: LiveKit's JavaScript SDK writes one for a name that was cut inside an
    /// emoji.
    fn code_point(&mut self) -> char {
        let unit = code_unit(&mut self.0).unwrap_or_default();
        let mut rest = self.0.clone();
        if let high @ 0xd800..0xdc00 = unit
            && let (Some('\\'), Some('u')) = (rest.next(), rest.next())
            && let Some(low @ 0xdc00..0xe000) = code_unit(&mut rest)
        {
            self.0 = rest;
            let bits = ((high - 0xd800) << 10) | (low - 0xdc00);
            return char::from_u32(0x10000 + bits).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// The four hexadecimal digits of `\uXXXX`.
fn code_unit(chars: &mut Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |number, _| Some(number << 4 | chars.next()?.to_digit(16)?))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::String;

    use super::*;

    #[test]
    fn a_string_ends_at_the_first_quote_without_a_backslash() {
        for (text, expected) in [
            (r#"","#, Some(("", ","))),
            (r#"a\"b" x"#, Some((r#"a\"b"#, " x"))),
            (r#"a\\""#, Some((r"a\\", ""))),
            (r#"\u00e9""#, Some((r"\u00e9", ""))),
            ("é\u{7f}\"", Some(("é\u{7f}", ""))),
            ("", None),
            ("a", None),
            (r#"a\""#, None),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn control_characters_and_unknown_escapes_are_malformed() {
        for text in
            ["\0\"", "a\nb\"", "\x1f\"", r#"\x""#, r#"\'""#, r#"\u00zz""#, r#"\u12""#, r#"\u+123""#]
        {
            assert_eq!(split(text), None, "{text:?}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_the_replacement_character() {
        for (raw, expected) in [
            (r"\ud83c\udf21", "🌡"),
            (r"\ud83d", "\u{fffd}"),
            (r"\udf21", "\u{fffd}"),
            (r"\ud83da", "\u{fffd}a"),
            (r"\ud83d\n", "\u{fffd}\n"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\ud83c\uffff", "\u{fffd}\u{ffff}"),
            (r"\ud83c\ue000", "\u{fffd}\u{e000}"),
            (r"\ud83c\udbff", "\u{fffd}\u{fffd}"),
            (r"\ud83d\ud83c\udf21", "\u{fffd}🌡"),
            (r"\udbff\udfff\ud800\udc00", "\u{10ffff}\u{10000}"),
        ] {
            assert_eq!(unescape(raw).collect::<String>(), expected, "{raw}");
        }
    }

    #[test]
    fn escapes_stand_for_one_character() {
        let text: String = unescape(r#"\"\\\/\b\f\n\r\t\u0041\u00E9"#).collect();
        assert_eq!(text, "\"\\/\u{8}\u{c}\n\r\tAé");
    }
}
