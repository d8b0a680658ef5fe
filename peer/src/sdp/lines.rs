//! Cutting text at bytes of ASCII.

/// What is before the first `byte`, and what is after it; all and nothing if there is none.
pub(super) fn cut(text: &str, byte: u8) -> (&str, &str) {
    let at = text.bytes().position(|it| it == byte).unwrap_or(text.len());
    (text.get(..at).unwrap_or(""), text.get(at.saturating_add(1)..).unwrap_or(""))
}

/// Lines that end in CR LF or, as RFC 8866, 5 wants parsers to accept, LF.
#[derive(Debug, Clone)]
pub(super) struct Lines<'a>(pub(super) &'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let (line, rest) = cut(self.0, b'\n');
        self.0 = rest;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }
}

/// Words between spaces.
pub(super) struct Words<'a>(pub(super) &'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while !self.0.is_empty() {
            let (word, rest) = cut(self.0, b' ');
            self.0 = rest;
            if !word.is_empty() {
                return Some(word);
            }
        }
        None
    }
}

/// A decimal number; what is larger than a `u32` becomes the largest.
pub(super) fn number(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0u32, |number, byte| {
        let digit = byte.is_ascii_digit().then_some(byte & 0xF)?;
        Some(number.saturating_mul(10).saturating_add(digit.into()))
    })
}

/// A hexadecimal number of at most four digits.
pub(super) fn hex(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    digits.iter().try_fold(0u16, |number, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit & 0xF,
            b'a'..=b'f' | b'A'..=b'F' => (digit & 0xF).wrapping_add(9),
            _ => return None,
        };
        Some(number << 4 | u16::from(digit))
    })
}
