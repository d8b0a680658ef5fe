//! Validity times (RFC 5280, 4.1.2.5).

use super::CertError;
use super::der::{Element, GENERALIZED_TIME, UTC_TIME};

const DAY_S: u64 = 24 * 60 * 60;

/// Returns the seconds since 1970; 0 for earlier times.
pub fn unix_s(time: &Element<'_>) -> Result<u64, CertError> {
    let (year, rest) = match (time.tag, time.content) {
        (UTC_TIME, [y, z, rest @ ..]) => {
            let year = number([*y, *z])?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        (GENERALIZED_TIME, [w, x, y, z, rest @ ..]) => {
            (number([*w, *x])? * 100 + number([*y, *z])?, rest)
        }
        _ => return Err(CertError::Unreadable),
    };
    let &[a, b, c, d, e, f, g, h, i, j, b'Z'] = rest else {
        return Err(CertError::Unreadable);
    };
    let (month, day) = (number([a, b])?, number([c, d])?);
    let (hour, minute, second) = (number([e, f])?, number([g, h])?, number([i, j])?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(CertError::Unreadable);
    }
    let days = days(year, month, day).saturating_sub(days(1970, 1, 1));
    Ok(days * DAY_S + hour * 60 * 60 + minute * 60 + second)
}

/// Returns the days since March of year 0. Years start in March, so that the leap day is the last
/// day of a year (H. Hinnant, "days_from_civil").
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) =
        if month > 2 { (year, month - 3) } else { (year.saturating_sub(1), month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
}

/// Parses two digits.
fn number(digits: [u8; 2]) -> Result<u64, CertError> {
    match digits {
        [high @ b'0'..=b'9', low @ b'0'..=b'9'] => {
            Ok(u64::from(high - b'0') * 10 + u64::from(low - b'0'))
        }
        _ => Err(CertError::Unreadable),
    }
}
