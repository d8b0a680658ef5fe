//! An address in 24 bytes; a `SocketAddr` takes 32, and has no state of all zeros.

use core::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Address {
    /// An address of IPv4 is in the first four bytes.
    ip: [u8; 16],
    /// Of link-local addresses of IPv6; a socket needs it to send to one.
    scope: u32,
    port: u16,
    family: Family,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    None,
    V4,
    V6,
}

impl Address {
    /// No address.
    pub(super) const NONE: Self = Self { ip: [0; 16], scope: 0, port: 0, family: Family::None };

    #[inline(never)]
    pub(super) fn get(&self) -> Option<SocketAddr> {
        match self.family {
            Family::None => None,
            Family::V4 => {
                let [a, b, c, d, ..] = self.ip;
                Some(SocketAddr::new([a, b, c, d].into(), self.port))
            }
            Family::V6 => {
                let ip = Ipv6Addr::from(self.ip);
                Some(SocketAddr::V6(SocketAddrV6::new(ip, self.port, 0, self.scope)))
            }
        }
    }

    pub(super) fn is_none(&self) -> bool {
        self.family == Family::None
    }
}

impl From<SocketAddr> for Address {
    #[inline(never)]
    fn from(address: SocketAddr) -> Self {
        let mut this = Self { port: address.port(), family: Family::V4, ..Self::NONE };
        match address.ip() {
            IpAddr::V4(ip) => this.ip.iter_mut().zip(ip.octets()).for_each(|(to, from)| *to = from),
            IpAddr::V6(ip) => {
                this.ip = ip.octets();
                this.family = Family::V6;
            }
        }
        if let SocketAddr::V6(address) = address {
            this.scope = address.scope_id();
        }
        this
    }
}
