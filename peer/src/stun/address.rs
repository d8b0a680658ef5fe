//! XOR-MAPPED-ADDRESS.

use core::net::{IpAddr, SocketAddr};

use super::MAGIC_COOKIE;

/// The address of the value of an attribute; `None` if it is malformed.
pub(super) fn read(value: &[u8], id: &[u8; 12]) -> Option<SocketAddr> {
    let mut plain = [0; 20];
    plain.iter_mut().zip(value).for_each(|(to, from)| *to = *from);
    mask(&mut plain, id);
    let [_, family, port_high, port_low, ip @ ..] = plain;
    let [a, b, c, d, ..] = ip;
    let ip: IpAddr = match (family, value.len()) {
        (IPV4, 8) => [a, b, c, d].into(),
        (IPV6, 20) => ip.into(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, u16::from_be_bytes([port_high, port_low])))
}

/// The value of an attribute, and its length in bytes.
pub(super) fn write(address: SocketAddr, id: &[u8; 12]) -> ([u8; 20], usize) {
    let mut value = [0; 20];
    let [_, family, port_high, port_low, ip @ ..] = &mut value;
    [*port_high, *port_low] = address.port().to_be_bytes();
    let len = match address.ip() {
        IpAddr::V4(from) => {
            *family = IPV4;
            let [a, b, c, d, ..] = ip;
            [*a, *b, *c, *d] = from.octets();
            8
        }
        IpAddr::V6(from) => {
            *family = IPV6;
            *ip = from.octets();
            20
        }
    };
    mask(&mut value, id);
    (value, len)
}

/// RFC 8489, 14.2: "X-Port is computed by XOR'ing the mapped port with the most significant 16 bits of the
/// magic cookie. If the IP address family is IPv4, X-Address is computed by XOR'ing the mapped IP address with
/// the magic cookie. If the IP address family is IPv6, X-Address is computed by XOR'ing the mapped IP address
/// with the concatenation of the magic cookie and the 96-bit transaction ID."
#[inline(never)]
fn mask(value: &mut [u8; 20], id: &[u8; 12]) {
    let [_, _, port_high, port_low, ip @ ..] = value;
    let [high, low, ..] = MAGIC_COOKIE;
    *port_high ^= high;
    *port_low ^= low;
    ip.iter_mut().zip(MAGIC_COOKIE.iter().chain(id)).for_each(|(byte, mask)| *byte ^= mask);
}

const IPV4: u8 = 1;
const IPV6: u8 = 2;
