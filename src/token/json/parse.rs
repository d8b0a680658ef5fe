//! Reads JSON value by value, from its front to its end.
//!
//! Each method returns `None` for what is malformed or of another type. `null` is of every type: it
//! leaves the value that was there, and unsets an `Option`, as in Go.

use super::string::{self, Unescape};
use super::time;

/// No key that is known is longer.
pub(super) const MAX_KEY: usize = 24;

const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

pub(in crate::token) struct Parser<'b> {
    rest: &'b str,
    /// Where strings with escapes go: at most as many bytes as the JSON has.
    scratch: &'b mut [u8],
}

impl<'b> Parser<'b> {
    pub(in crate::token) fn new(json: &'b str, scratch: &'b mut [u8]) -> Self {
        Self { rest: json.trim_start_matches(SPACE), scratch }
    }

    /// Returns `true` once nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn bool(&mut self, value: &mut bool) -> Option<()> {
        let mut read = None;
        self.optional_bool(&mut read)?;
        *value = read.unwrap_or(*value);
        Some(())
    }

    pub(super) fn optional_bool(&mut self, value: &mut Option<bool>) -> Option<()> {
        for (text, read) in [("true", Some(true)), ("false", Some(false)), ("null", None)] {
            if self.take(text) {
                *value = read;
                return Some(());
            }
        }
        None
    }

    /// A time in seconds. In quotes it is one as well, for Go.
    pub(super) fn time(&mut self, value: &mut Option<u64>) -> Option<()> {
        if self.take("null") {
            *value = None;
            return Some(());
        }
        let mut number = "";
        if self.rest.starts_with('"') {
            self.string(&mut number)?;
            if !time::split(number)?.1.is_empty() {
                return None;
            }
        } else {
            number = self.number()?;
        }
        *value = Some(time::seconds(number)?);
        Some(())
    }

    pub(super) fn string(&mut self, value: &mut &'b str) -> Option<()> {
        if self.take("null") {
            return Some(());
        }
        let raw = self.raw_string()?;
        *value = if raw.contains('\\') { self.write_unescaped(raw)? } else { raw };
        Some(())
    }

    /// The characters of a string, for one that is compared and not kept.
    pub(super) fn characters(&mut self) -> Option<Unescape<'b>> {
        match self.take("null") {
            true => Some(string::unescape("")),
            false => self.raw_string().map(string::unescape),
        }
    }

    /// Reads the members of an object; `member` is called with each key and reads its value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Unescape<'b>) -> Option<()>,
    ) -> Option<()> {
        self.items("{", "}", |p| {
            let key = string::unescape(p.raw_string()?);
            p.take(":").then_some(())?;
            member(p, key)
        })
    }

    pub(super) fn array(&mut self, item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.items("[", "]", item)
    }

    /// Skips a value that is nested at most `depth` deep.
    pub(super) fn skip(&mut self, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match self.rest.as_bytes().first()? {
            b'"' => self.raw_string().map(drop),
            b'{' => self.object(|p, _| p.skip(depth)),
            b'[' => self.array(|p| p.skip(depth)),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            _ => self.optional_bool(&mut None),
        }
    }

    fn items(
        &mut self,
        open: &str,
        close: &str,
        mut item: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.take(open).then_some(())?;
        if self.take(close) {
            return Some(());
        }
        loop {
            item(self)?;
            if !self.take(",") {
                return self.take(close).then_some(());
            }
        }
    }

    fn number(&mut self) -> Option<&'b str> {
        let (number, rest) = time::split(self.rest)?;
        self.go_on_at(rest);
        Some(number)
    }

    /// A string with its escapes as they are.
    fn raw_string(&mut self) -> Option<&'b str> {
        let (raw, rest) = string::split(self.rest.strip_prefix('"')?)?;
        self.go_on_at(rest);
        Some(raw)
    }

    fn write_unescaped(&mut self, raw: &str) -> Option<&'b str> {
        let scratch = core::mem::take(&mut self.scratch);
        let mut len = 0usize;
        for char in string::unescape(raw) {
            for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                *scratch.get_mut(len)? = byte;
                len = len.checked_add(1)?;
            }
        }
        let (text, scratch) = scratch.split_at_mut_checked(len)?;
        self.scratch = scratch;
        core::str::from_utf8(text).ok()
    }

    /// Skips `text` and the space after it; returns `false` if something else is next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.go_on_at(rest);
                true
            }
            None => false,
        }
    }

    fn go_on_at(&mut self, rest: &'b str) {
        self.rest = rest.trim_start_matches(SPACE);
    }
}

/// Returns `key` in lower case, because Go compares the keys of claims without case. Empty for a key
/// that is too long or not ASCII, which is none that is known.
pub(super) fn lower_case<'k>(key: Unescape<'_>, buf: &'k mut [u8; MAX_KEY]) -> &'k str {
    let mut len = 0usize;
    for char in key {
        let char = match char {
            // The two letters beyond ASCII that fold into it.
            '\u{17f}' => 's',
            '\u{212a}' => 'k',
            other => other.to_ascii_lowercase(),
        };
        match (u8::try_from(char), buf.get_mut(len)) {
            (Ok(byte @ 0..0x80), Some(slot)) => *slot = byte,
            _ => return "",
        }
        len = len.saturating_add(1);
    }
    buf.get(..len).and_then(|key| core::str::from_utf8(key).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_leaves_a_value_and_unsets_an_option() {
        let mut p = Parser::new(" null null null null", &mut []);
        let (mut text, mut flag, mut choice, mut time) = ("a", true, Some(true), Some(7));
        p.string(&mut text).expect("null is a string");
        p.bool(&mut flag).expect("null is a bool");
        p.optional_bool(&mut choice).expect("null is a bool");
        p.time(&mut time).expect("null is a time");
        assert!(p.is_at_end());
        assert_eq!((text, flag, choice, time), ("a", true, None, None));
    }

    #[test]
    fn keys_are_compared_as_go_does() {
        for (json, expected) in [
            (r#"{"roomJoin":1}"#, "roomjoin"),
            (r#"{"\u0072oomJOIN":1}"#, "roomjoin"),
            ("{\"i\u{17f}\u{17f}\":1}", "iss"),
            ("{\"\u{212a}ind\":1}", "kind"),
            (r#"{"é":1}"#, ""),
            (r#"{"aaaaaaaaaaaaaaaaaaaaaaaa":1}"#, "aaaaaaaaaaaaaaaaaaaaaaaa"),
            (r#"{"aaaaaaaaaaaaaaaaaaaaaaaab":1}"#, ""),
        ] {
            let mut p = Parser::new(json, &mut []);
            let is_read = p.object(|p, key| {
                assert_eq!(lower_case(key, &mut [0; MAX_KEY]), expected);
                p.skip(1)
            });
            assert_eq!(is_read, Some(()), "{json}");
        }
    }

    #[test]
    fn a_value_is_skipped_down_to_its_depth() {
        let json = r#"[{"a":[-1.5e+3,"\"]",null,true,false]},{},[]]"#;
        assert_eq!(Parser::new(json, &mut []).skip(4), Some(()));
        assert_eq!(Parser::new(json, &mut []).skip(3), None);
        for malformed in ["[1 2]", "[1,]", "{\"a\" 1}", "{a:1}", "[01]", "[\"\n\"]", "nul", ""] {
            let mut p = Parser::new(malformed, &mut []);
            assert!(p.skip(4).is_none() || !p.is_at_end(), "{malformed}");
        }
    }
}
