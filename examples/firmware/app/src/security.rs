//! What a firmware with TLS needs beside the rest: roots, the time, names.

use core::net::{Ipv4Addr, SocketAddrV4};

use base64ct::{Base64, Encoding};
use embassy_net::{ConfigV4, Stack};
use heapless::Vec;
use livekit_micro_embassy::{Clock, Host};
use livekit_micro_trust::{TrustAnchor, Verifier, build_time, root};

use crate::{Entropy, Provisioning, ProvisioningError};

/// The largest root in a provisioning: those of RSA keys with 4096 bits have some 1400 bytes.
pub const ROOT_BYTES: usize = 1536;

/// The roots of the public authorities that this firmware trusts; README.md says how to choose them.
const ROOTS: [&[u8]; 3] = [
    include_bytes!("../../roots/isrg-root-x1.der"),
    include_bytes!("../../roots/gts-root-r4.der"),
    include_bytes!("../../roots/amazon-root-ca-1.der"),
];

/// A clock that shows an earlier time is wrong.
const FLOOR: u64 = build_time!();

/// The keys of the provisioning that are about TLS.
#[derive(Default)]
pub struct SecurityKeys<'a> {
    ca: Option<&'a str>,
    time: Option<&'a str>,
    dns: Option<&'a str>,
}

impl<'a> SecurityKeys<'a> {
    /// Returns `true` for a key that it takes.
    pub fn take(&mut self, key: &str, value: &'a str) -> bool {
        match key {
            "ca" => self.ca = Some(value),
            "time" => self.time = Some(value),
            "dns" => self.dns = Some(value),
            _ => return false,
        }
        true
    }

    /// Reads the values. `der` is for the root, if there is one.
    pub fn read(self, der: &'a mut [u8]) -> Result<Security<'a>, ProvisioningError<'a>> {
        let invalid = ProvisioningError::InvalidValue;
        let mut roots = Vec::new();
        match self.ca {
            Some(ca) => {
                let der = Base64::decode(ca, der).map_err(|_| invalid("ca"))?;
                let _ = roots.push(root(der).map_err(|_| invalid("ca"))?); // the only one
            }
            // With a root of one's own, no public authority can vouch for another server.
            None => roots.extend(ROOTS.iter().filter_map(|der| root(der).ok())),
        }
        let time = self.time.map(|text| host(text, 123).ok_or(invalid("time"))).transpose()?;
        let dns = self.dns.map(|text| text.parse().map_err(|_| invalid("dns"))).transpose()?;
        Ok(Security { roots, time, dns })
    }
}

/// Whom a firmware trusts, and whom it asks.
pub struct Security<'a> {
    /// `ca`: the root of a server of one's own, as base64 of DER; by default public ones.
    roots: Vec<TrustAnchor<'a>, { ROOTS.len() }>,
    /// `time`: the name or address of a server that tells the time by SNTP; by default the board has a clock.
    time: Option<Host<'a>>,
    /// `dns`: the address of a name server, where the network's configuration has none.
    dns: Option<Ipv4Addr>,
}

impl Security<'_> {
    /// Accepts servers whose certificates were issued under the roots.
    pub fn verifier(&self) -> Verifier<'_> {
        Verifier::new(&self.roots, FLOOR)
    }

    /// Sets the clock, and keeps it right.
    pub async fn keep_time(
        &self,
        clock: &Clock,
        stack: Stack<'_>,
        entropy: Entropy,
        board: fn() -> Option<u64>,
    ) -> ! {
        if let (Some(dns), Some(mut config)) = (self.dns, stack.config_v4()) {
            let _ = config.dns_servers.push(dns); // has three places, and was empty
            stack.set_config_v4(ConfigV4::Static(config));
        }
        match self.time {
            Some(server) => clock.run(stack, server, entropy).await,
            None => {
                if let Some(unix_s) = board() {
                    clock.set(unix_s);
                }
                core::future::pending().await
            }
        }
    }
}

impl<'a> Provisioning<'a, Option<SocketAddrV4>> {
    /// The server: `host`, whose address is that of `server`, or of its name.
    pub fn server_host(&self) -> Result<Host<'a>, ProvisioningError<'a>> {
        let mut found = host(self.host, 443).ok_or(ProvisioningError::InvalidValue("host"))?;
        if let Some(server) = self.server {
            (found.ip, found.port) = (Some(*server.ip()), server.port());
        }
        Ok(found)
    }
}

/// Reads `name` or `name:port`.
pub fn host(text: &str, port: u16) -> Option<Host<'_>> {
    match text.split_once(':') {
        None => Some(Host::new(text, port)),
        Some((name, port)) => Some(Host::new(name, port.parse().ok()?)),
    }
}
