//! Signalling without TLS, for a server in a trusted network.

use core::net::IpAddr;

use app::{Provisioning, ProvisioningError};
use embassy_net::{IpEndpoint, Stack};
use livekit_micro::signal::ServerUrl;
use livekit_micro_embassy::{Handler, Runner, Shared, Sockets};
use static_cell::ConstStaticCell;

use crate::device::{Crypto, Plane};

pub type Page = Provisioning<'static>;
pub type Server = IpEndpoint;

/// The keys of the provisioning beside those of all firmwares: none. Those of TLS are errors, as a token would be sent without.
#[derive(Default)]
pub struct Keys {}

impl Keys {
    pub fn take(&mut self, _key: &str, _value: &'static str) -> bool {
        false
    }

    pub fn read(self, page: &Page) -> Result<Server, ProvisioningError<'static>> {
        Ok(page.server.into())
    }
}

pub fn read(
    page: &'static [u8],
    more: impl FnMut(&str, &'static str) -> bool,
) -> Result<Page, ProvisioningError<'static>> {
    Provisioning::read_with(page, more)
}

/// The URL of the server, and its address.
pub fn url(page: &Page) -> (ServerUrl<'static>, Option<IpAddr>) {
    let (authority, port) = (page.host, page.server.port());
    let url = ServerUrl { is_tls: false, authority, host: authority, port, path: "" };
    (url, Some((*page.server.ip()).into()))
}

pub struct Connection {
    runner: Runner<'static>,
}

impl Connection {
    pub fn new(stack: Stack<'static>, server: Server) -> Self {
        static SOCKETS: ConstStaticCell<Sockets> = ConstStaticCell::new(Sockets::new());
        Self { runner: Runner::new(stack, server, SOCKETS.take()) }
    }

    pub async fn run(
        &mut self,
        shared: &Shared<'static, Crypto, Plane>,
        handler: &mut impl Handler<'static, Crypto, Plane>,
    ) {
        self.runner.run(shared, handler).await;
    }
}
