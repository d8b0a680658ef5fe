//! Hosts by name.

use core::net::Ipv4Addr;

use embassy_net::dns::DnsQueryType;
use embassy_net::{IpEndpoint, Stack};
use embassy_time::{Duration, with_timeout};

/// How long the resolution of a name may take.
const RESOLVE: Duration = Duration::from_secs(10);

/// A host and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host<'a> {
    /// Its name, or its address: `project.livekit.cloud`, `192.0.2.1`.
    pub name: &'a str,
    /// The port.
    pub port: u16,
    /// The address, where it is not what the name servers say.
    pub ip: Option<Ipv4Addr>,
}

impl<'a> Host<'a> {
    /// A host that is found by its name, unless that is an IPv4 address.
    pub const fn new(name: &'a str, port: u16) -> Self {
        Self { name, port, ip: None }
    }

    /// Asks the name servers of the network, if it has to. `None` if they do not know the name, or do not answer within 10 s.
    ///
    /// embassy-net's feature `dns` has a socket for it from the beginning, one of the stack's `StackResources`.
    pub async fn resolve(&self, stack: Stack<'_>) -> Option<IpEndpoint> {
        if let Some(ip) = self.ip.or_else(|| self.name.parse().ok()) {
            return Some((ip, self.port).into());
        }
        let query = stack.dns_query(self.name, DnsQueryType::A);
        let found = with_timeout(RESOLVE, query).await.ok()?.ok()?;
        found.first().map(|ip| IpEndpoint::new(*ip, self.port))
    }
}
