//! Signalling over TLS 1.3, for `wss` URLs: the certificate of the server is verified by [`livekit_micro_trust`].
//!
//! ```ignore
//! static TLS: ConstStaticCell<TlsResources> = ConstStaticCell::new(TlsResources::new());
//! static DATAGRAMS: ConstStaticCell<Datagrams> = ConstStaticCell::new(Datagrams::new());
//!
//! let server = TlsServer { host, verifier: Verifier::new(roots, FLOOR), clock, random };
//! let (signal, mut tls) = TLS.take().start(stack, server);
//! let mut runner = Runner::over(signal, stack, DATAGRAMS.take());
//! select3(
//!     runner.run(shared, &mut handler),
//!     tls.run(|error| warn!("{}", error)),
//!     clock.run(stack, Host::new("pool.ntp.org", 123), random),
//! )
//! .await;
//! ```
//!
//! The handshake computes for one to five seconds on a core of 25 MHz; the executor does nothing else in each of its steps, the
//! longest of which is one signature. What the participant sends meanwhile, if it is still in the room, waits that long.

mod channel;
mod driver;
mod half;
mod server;

use channel::Channel;
use embassy_net::Stack;
use embassy_net::tcp::TcpSocket;

pub use channel::Tls;
pub use driver::TlsDriver;
pub use server::{TlsError, TlsServer};

/// The memory of a connection over TLS, for a static: zeros.
///
/// `RECEIVED` is the longest record that the server sends. The default takes any. With less, the device asks for records of at
/// most 4096 bytes (RFC 6066, 4), or of 2048, 1024 or 512: OpenSSL obeys, and so stunnel and nginx, while Go does not. It also
/// limits the chain of the server's certificates: those of public authorities have 2 to 5 KB.
pub struct TlsResources<const RECEIVED: usize = 16_640, const SENT: usize = 1152> {
    received: [u8; RECEIVED],
    sent: [u8; SENT],
    tcp_receive: [u8; 1024],
    tcp_send: [u8; 1024],
    channel: Channel,
}

impl<const RECEIVED: usize, const SENT: usize> TlsResources<RECEIVED, SENT> {
    /// Memory for one connection at a time.
    pub const fn new() -> Self {
        Self {
            received: [0; _],
            sent: [0; _],
            tcp_receive: [0; _],
            tcp_send: [0; _],
            channel: Channel::new(),
        }
    }

    /// A connection for a [`Runner`](crate::Runner), and what runs it: [`TlsDriver::run`], beside the runner.
    pub fn start<'s>(
        &'s mut self,
        stack: Stack<'s>,
        server: TlsServer<'s>,
    ) -> (Tls<'s>, TlsDriver<'s>) {
        let Self { received, sent, tcp_receive, tcp_send, channel } = self;
        let channel = &*channel;
        let socket = TcpSocket::new(stack, tcp_receive, tcp_send);
        (Tls::new(channel), TlsDriver { stack, socket, server, received, sent, channel })
    }
}

impl<const RECEIVED: usize, const SENT: usize> Default for TlsResources<RECEIVED, SENT> {
    fn default() -> Self {
        Self::new()
    }
}
