//! Connections to the server.

use core::net::SocketAddrV4;

use defmt::{info, warn};
use embassy_net::Stack;
use embassy_net::tcp::TcpSocket;
use embassy_time::{Duration, with_timeout};
use embedded_io_async::{Read, Write};

use crate::Failure;

/// How long the device waits for the link before it logs that there is none.
const LINK: Duration = Duration::from_secs(1);

/// The deadline for a connection to open.
const CONNECT: Duration = Duration::from_secs(5);

/// The deadline for the last segment of a connection.
const CLOSE: Duration = Duration::from_millis(200);

/// Opens connections to the server.
#[allow(async_fn_in_trait)] // one executor runs all tasks: no future has to be `Send`
pub trait Connector {
    /// A connection for requests and their responses.
    type Connection<'a>: Read + Write
    where
        Self: 'a;

    /// Opens a connection. Apart from waiting for the link, it ends within a deadline.
    async fn connect(&mut self) -> Result<Self::Connection<'_>, Failure>;

    /// Closes a connection. Dropping it instead would tell the server nothing.
    async fn close<'a>(connection: Self::Connection<'a>)
    where
        Self: 'a;
}

/// Plain TCP, for a server in a trusted network or behind a TLS proxy.
pub struct Tcp<'a> {
    stack: Stack<'a>,
    server: SocketAddrV4,
    received: [u8; 256],
    sent: [u8; 256],
}

impl<'a> Tcp<'a> {
    pub fn new(stack: Stack<'a>, server: SocketAddrV4) -> Self {
        Self { stack, server, received: [0; _], sent: [0; _] }
    }

    /// Sets where the next connection goes.
    pub fn set_server(&mut self, server: SocketAddrV4) {
        self.server = server;
    }
}

impl Connector for Tcp<'_> {
    type Connection<'a>
        = TcpSocket<'a>
    where
        Self: 'a;

    async fn connect(&mut self) -> Result<TcpSocket<'_>, Failure> {
        if with_timeout(LINK, self.stack.wait_link_up()).await.is_err() {
            warn!("no link");
            self.stack.wait_link_up().await;
            info!("link is up");
        }
        let mut socket = TcpSocket::new(self.stack, &mut self.received, &mut self.sent);
        match with_timeout(CONNECT, socket.connect(self.server)).await {
            Ok(Ok(())) => Ok(socket),
            Ok(Err(_)) => Err(Failure::NoConnection),
            Err(_) => Err(Failure::Timeout),
        }
    }

    async fn close<'a>(mut socket: TcpSocket<'a>)
    where
        Self: 'a,
    {
        socket.abort();
        let _ = with_timeout(CLOSE, socket.flush()).await;
    }
}
