//! Server names (RFC 9525, 6.3; RFC 5280, 4.2.1.6).

use core::net::Ipv4Addr;

use super::CertError;
use super::der::Elements;

const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

/// Returns `true` if `name`, a DNS name or an IPv4 address, is one of a certificate's `names`.
pub fn is_among(name: &str, names: &[u8]) -> Result<bool, CertError> {
    let address = name.parse::<Ipv4Addr>().ok();
    let mut names = Elements(names);
    let mut is_among = false;
    while !names.is_empty() {
        let it = names.any()?;
        is_among |= match (it.tag, address) {
            (DNS_NAME, None) => matches_dns(it.content, name.as_bytes()),
            (IP_ADDRESS, Some(address)) => it.content == address.octets(),
            _ => false,
        };
    }
    Ok(is_among)
}

/// Returns `true` if `name` matches the certificate's name, whose first label may be `*`.
fn matches_dns(pattern: &[u8], name: &[u8]) -> bool {
    let Some(suffix) = pattern.strip_prefix(b"*.") else {
        return !name.is_empty() && pattern.eq_ignore_ascii_case(name);
    };
    let label = name.iter().position(|byte| *byte == b'.').unwrap_or(0);
    let rest = name.get(label + 1..).unwrap_or_default();
    // A wildcard needs two labels after it: `*.com` is rejected.
    label > 0 && suffix.contains(&b'.') && suffix.eq_ignore_ascii_case(rest)
}
