//! Addresses as text.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::lines;
use super::text::Text;

pub(super) fn read_v4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut rest = text;
    for octet in &mut octets {
        let (digits, after) = lines::cut(rest, b'.');
        // RFC 8866, 9: a decimal-uchar has no zero before it. Some take such a number for an octal one.
        if digits.len() > 1 && digits.starts_with('0') {
            return None;
        }
        *octet = u8::try_from(lines::number(digits)?).ok()?;
        rest = after;
    }
    (rest.is_empty() && text.bytes().filter(|byte| *byte == b'.').count() == 3)
        .then(|| octets.into())
}

/// Without the form that ends in an address of IPv4.
pub(super) fn read_v6(text: &str) -> Option<Ipv6Addr> {
    let text = text.as_bytes();
    // What "::" stands for is between the groups before it and those after it.
    let (head, tail) = match text.windows(2).position(|pair| pair == b"::") {
        Some(at) => (text.get(..at)?, Some(text.get(at.checked_add(2)?..)?)),
        None => (text, None),
    };
    let mut groups = [0; 8];
    let before = match head {
        [] => 0,
        head => fill(groups.iter_mut(), head.split(is_colon))?,
    };
    let after = match tail {
        None | Some([]) => 0,
        Some(tail) => fill(groups.iter_mut().rev(), tail.rsplit(is_colon))?,
    };
    let count = before.saturating_add(after);
    (if tail.is_some() { count < 8 } else { count == 8 }).then(|| groups.into())
}

pub(super) fn write_v6(ip: Ipv6Addr, text: &mut Text<'_>) {
    for (index, pair) in ip.octets().chunks(2).enumerate() {
        if index > 0 {
            text.put(":");
        }
        pair.iter().for_each(|byte| text.hex(*byte));
    }
}

fn is_colon(byte: &u8) -> bool {
    *byte == b':'
}

/// Fills groups, and says how many there are; `None` for what is not a number, or more than there is space for.
fn fill<'a, 'b>(
    mut to: impl Iterator<Item = &'a mut u16>,
    from: impl Iterator<Item = &'b [u8]>,
) -> Option<usize> {
    let mut count = 0usize;
    for group in from {
        *to.next()? = lines::hex(group)?;
        count = count.saturating_add(1);
    }
    Some(count)
}
