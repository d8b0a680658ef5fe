//! Signalling over TLS, for LiveKit Cloud and others that public authorities know, or for a server with a root of one's own.
//!
//! ```text
//! host = project.livekit.cloud
//! time = pool.ntp.org
//! ```

use core::net::{IpAddr, SocketAddrV4};

use app::{Provisioning, ProvisioningError, ROOT_BYTES, Security, SecurityKeys, host};
use embassy_futures::select::{Either3, select3};
use embassy_net::Stack;
use livekit_micro::signal::ServerUrl;
use livekit_micro_embassy::tls::{Tls, TlsDriver, TlsResources, TlsServer};
use livekit_micro_embassy::{Clock, Datagrams, Handler, Host, Runner, Shared};
use static_cell::{ConstStaticCell, StaticCell};

use crate::board;
use crate::device::{Crypto, Plane};

/// The address is where `host` is not found by its name.
pub type Page = Provisioning<'static, Option<SocketAddrV4>>;

/// The keys of the provisioning beside those of all firmwares.
#[derive(Default)]
pub struct Keys(SecurityKeys<'static>);

/// Where the server is, and whom the device trusts.
pub struct Server {
    host: Host<'static>,
    security: Security<'static>,
}

impl Keys {
    pub fn take(&mut self, key: &str, value: &'static str) -> bool {
        self.0.take(key, value)
    }

    pub fn read(self, page: &Page) -> Result<Server, ProvisioningError<'static>> {
        static ROOT: ConstStaticCell<[u8; ROOT_BYTES]> = ConstStaticCell::new([0; ROOT_BYTES]);
        Ok(Server { host: page.server_host()?, security: self.0.read(ROOT.take())? })
    }
}

pub fn read(
    page: &'static [u8],
    more: impl FnMut(&str, &'static str) -> bool,
) -> Result<Page, ProvisioningError<'static>> {
    Provisioning::read_named(page, more)
}

/// The URL of the server, and its address if it is not found by its name.
pub fn url(page: &Page) -> (ServerUrl<'static>, Option<IpAddr>) {
    let (name, port) = host(page.host, 443).map_or((page.host, 443), |it| (it.name, it.port));
    let url = ServerUrl { is_tls: true, authority: page.host, host: name, port, path: "" };
    (url, page.server.map(|it| (*it.ip()).into()))
}

pub struct Connection {
    stack: Stack<'static>,
    runner: Runner<'static, Tls<'static>>,
    driver: TlsDriver<'static>,
    server: &'static Server,
    clock: &'static Clock,
}

impl Connection {
    pub fn new(stack: Stack<'static>, server: Server) -> Self {
        static DATAGRAMS: ConstStaticCell<Datagrams> = ConstStaticCell::new(Datagrams::new());
        static TLS: ConstStaticCell<TlsResources> = ConstStaticCell::new(TlsResources::new());
        static CLOCK: ConstStaticCell<Clock> = ConstStaticCell::new(Clock::new());
        static SERVER: StaticCell<Server> = StaticCell::new();

        let (server, clock) = (&*SERVER.init(server), &*CLOCK.take());
        let verifier = server.security.verifier();
        let tls = TlsServer { host: server.host, verifier, clock, random: board::entropy };
        let (signal, driver) = TLS.take().start(stack, tls);
        let runner = Runner::over(signal, stack, DATAGRAMS.take());
        Self { stack, runner, driver, server, clock }
    }

    pub async fn run(
        &mut self,
        shared: &Shared<'static, Crypto, Plane>,
        handler: &mut impl Handler<'static, Crypto, Plane>,
    ) {
        let Self { stack, runner, driver, server, clock } = self;
        let time = server.security.keep_time(clock, *stack, board::entropy, board::unix_s);
        let tls = driver.run(|error| defmt::warn!("no connection: {}", error));
        match select3(runner.run(shared, handler), tls, time).await {
            Either3::First(()) => {}
            Either3::Second(never) | Either3::Third(never) => match never {},
        }
    }
}
