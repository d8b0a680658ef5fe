//! XOR-MAPPED-ADDRESS.

use core::net::{IpAddr, SocketAddr};

use super::MAGIC_COOKIE;

/// The address of the value of an attribute; `None` if it is malformed.
pub(super) fn read(value: &[u8], id: &[u8; 12]) -> Option<SocketAddr> {
    let ([_, family, port_high, port_low], ip) = value.split_first_chunk()?;
    let port = u16::from_be_bytes([*port_high, *port_low]) ^ PORT_MASK;
    let ip: IpAddr = match *family {
        IPV4 => masked(<[u8; 4]>::try_from(ip).ok()?, id).into(),
        IPV6 => masked(<[u8; 16]>::try_from(ip).ok()?, id).into(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// The value of an attribute, and its length in bytes.
pub(super) fn write(address: SocketAddr, id: &[u8; 12]) -> ([u8; 20], usize) {
    let mut value = [0; 20];
    let [_, family, port_high, port_low, ip @ ..] = &mut value;
    [*port_high, *port_low] = (address.port() ^ PORT_MASK).to_be_bytes();
    match address.ip() {
        IpAddr::V4(from) => {
            *family = IPV4;
            ip.iter_mut().zip(masked(from.octets(), id)).for_each(|(to, from)| *to = from);
            (value, 8)
        }
        IpAddr::V6(from) => {
            *family = IPV6;
            *ip = masked(from.octets(), id);
            (value, 20)
        }
    }
}

/// RFC 8489, 14.2: "If the IP address family is IPv4, X-Address is computed by XOR'ing the mapped IP address
/// with the magic cookie. If the IP address family is IPv6, X-Address is computed by XOR'ing the mapped IP
/// address with the concatenation of the magic cookie and the 96-bit transaction ID."
fn masked<const N: usize>(mut ip: [u8; N], id: &[u8; 12]) -> [u8; N] {
    let mask = MAGIC_COOKIE.iter().chain(id);
    ip.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    ip
}

/// RFC 8489, 14.2: "X-Port is computed by XOR'ing the mapped port with the most significant 16 bits of the
/// magic cookie."
const PORT_MASK: u16 = 0x2112;
const IPV4: u8 = 1;
const IPV6: u8 = 2;
