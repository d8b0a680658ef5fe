//! Times of a token: numbers of JSON, in seconds since 1970 (RFC 7519, 2, "NumericDate").

/// The last second that LiveKit's server can compare: its `time.Time` counts from the year 1 in 64
/// bits with a sign, and overflows after it.
pub(in crate::token) const MAX_SECONDS: u64 = i64::MAX as u64 - 62_135_596_800;

/// Splits a number of JSON (RFC 8259, 6) from what follows it.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let whole = text.strip_prefix('-').unwrap_or(text);
    let mut rest = match whole.strip_prefix('0') {
        Some(rest) => rest, // no digit may follow
        None => skip_digits(whole)?,
    };
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = skip_digits(fraction)?;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        rest = skip_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))?;
    }
    text.split_at_checked(text.len().checked_sub(rest.len())?)
}

/// Skips digits, of which there has to be one.
fn skip_digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|it: char| it.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

/// The whole seconds of a number that [`split`] has found; what is before 1970 is 0. `None` if they
/// are more than [`MAX_SECONDS`].
///
/// By digits: exact, and without the flash that a floating-point parser takes.
pub(super) fn seconds(number: &str) -> Option<u64> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.starts_with('-') {
        return Some(0);
    }
    let exponent: i32 = exponent.parse().ok()?;
    // Digits before the point, once the exponent has moved it.
    let mut before = exponent.saturating_add(i32::try_from(whole.len()).ok()?);
    let mut seconds = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        if before <= 0 {
            break;
        }
        before -= 1;
        seconds = append(seconds, digit)?;
    }
    // Zeros that are not written. A number other than 0 is too large after some 20 of them.
    while before > 0 && seconds > 0 {
        before -= 1;
        seconds = append(seconds, b'0')?;
    }
    (seconds <= MAX_SECONDS).then_some(seconds)
}

fn append(seconds: u64, digit: u8) -> Option<u64> {
    (seconds <= MAX_SECONDS / 10).then(|| seconds * 10 + u64::from(digit.wrapping_sub(b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_ends_where_its_grammar_does() {
        for (text, number) in [
            ("0,", Some("0")),
            ("-0}", Some("-0")),
            ("12 ", Some("12")),
            ("1.5e+3]", Some("1.5e+3")),
            ("1E-7", Some("1E-7")),
            ("01", Some("0")), // and a digit that does not belong there
            ("1e5e5", Some("1e5")),
            ("", None),
            ("-", None),
            ("+1", None),
            (".5", None),
            ("1.", None),
            ("1.e5", None),
            ("1e", None),
            ("1e+", None),
            ("NaN", None),
        ] {
            assert_eq!(split(text).map(|it| it.0), number, "{text}");
        }
    }

    #[test]
    fn fractions_are_cut_and_exponents_move_the_point() {
        for (number, expected) in [
            ("0", Some(0)),
            ("1990003600.5", Some(1_990_003_600)),
            ("1990003600.999999", Some(1_990_003_600)),
            ("1.9900036005e9", Some(1_990_003_600)),
            ("1.99E+9", Some(1_990_000_000)),
            ("19900036005e-1", Some(1_990_003_600)),
            ("5e-1", Some(0)),
            ("1e-2000000000", Some(0)),
            ("0e2000000000", Some(0)),
            ("-1990003600", Some(0)),
            ("9223371974719179007", Some(MAX_SECONDS)),
            ("9223371974719179008", None),
            ("18446744073709551616", None),
            ("1e19", None),
            ("1e2000000000", None),
            ("1e99999999999", None),
        ] {
            assert_eq!(seconds(number), expected, "{number}");
        }
    }
}
