//! Connections to the server.

use core::net::SocketAddrV4;

use defmt::{info, warn};
use embassy_net::Stack;
use embassy_net::tcp::TcpSocket;
use embassy_time::{Duration, with_timeout};
use embedded_io_async::{Read, Write};

use crate::Failure;

/// How long the link may take without a word.
const LINK: Duration = Duration::from_secs(1);

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(5);

/// How long saying that it ends may take.
const CLOSE: Duration = Duration::from_millis(200);

/// Opens connections to the server.
#[allow(async_fn_in_trait)] // one executor runs it all: nothing has to be `Send`
pub trait Connector {
    /// A connection to send a request over and read the answer from.
    type Connection<'a>: Read + Write
    where
        Self: 'a;

    /// Opens a connection.
    async fn connect(&mut self) -> Result<Self::Connection<'_>, Failure>;

    /// Ends a connection, so that the server knows: dropping it sends nothing.
    async fn close<'a>(connection: Self::Connection<'a>)
    where
        Self: 'a;
}

/// Plain TCP: for a server in the same building, or behind TLS that something else does.
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
