//! Names of servers (RFC 9525, 6.3; RFC 5280, 4.2.1.6).

use core::net::Ipv4Addr;

use super::Distrust;
use super::der::Elements;

const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

/// Is `name`, a DNS name or an IPv4 address, one of the `names` of a certificate?
pub fn is_among(name: &str, names: &[u8]) -> Result<bool, Distrust> {
    let address = name.parse::<Ipv4Addr>().ok();
    let mut names = Elements(names);
    let mut is_among = false;
    while !names.is_empty() {
        let it = names.any()?;
        is_among |= match (it.tag, address) {
            (DNS_NAME, None) => matches(it.content, name.as_bytes()),
            (IP_ADDRESS, Some(address)) => it.content == address.octets(),
            _ => false,
        };
    }
    Ok(is_among)
}

/// Is `name` what the certificate says, or has it one label in the place of `*`?
fn matches(said: &[u8], name: &[u8]) -> bool {
    let Some(suffix) = said.strip_prefix(b"*.") else {
        return !name.is_empty() && said.eq_ignore_ascii_case(name);
    };
    let label = name.iter().position(|byte| *byte == b'.').unwrap_or(0);
    let rest = name.get(label + 1..).unwrap_or_default();
    // `*.com` would be half of the world.
    label > 0 && suffix.contains(&b'.') && suffix.eq_ignore_ascii_case(rest)
}
