//! Signalling without TLS: for a server in a trusted network.

use core::future::{Future as _, pending, poll_fn};
use core::pin::pin;
use core::task::Poll;

use embassy_futures::poll_once;
use embassy_net::tcp::{State, TcpSocket};
use embassy_net::{IpEndpoint, Stack};
use embassy_time::{Duration, with_timeout};
use embedded_io_async::Write as _;

use super::{Progress, SignalConnection};

/// How long a connection that is given up may take to say so.
const FLUSH: Duration = Duration::from_millis(200);

/// How long a request may wait for its beginning to be acknowledged.
const WRITE: Duration = Duration::from_secs(5);

/// The memory of a connection: what is received until it is read, and what is sent until it is acknowledged.
pub struct TcpBuffers {
    receive: [u8; 512],
    send: [u8; 1024],
}

impl TcpBuffers {
    pub(crate) const fn new() -> Self {
        Self { receive: [0; _], send: [0; _] }
    }
}

/// A connection over TCP to a server whose address is known.
pub struct Tcp<'s> {
    socket: TcpSocket<'s>,
    server: IpEndpoint,
    link: Link,
}

/// How far the connection is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Closed,
    Opening,
    Open,
    /// It could not be opened, which was not told yet.
    Failed,
}

impl<'s> Tcp<'s> {
    pub(crate) fn new(stack: Stack<'s>, server: IpEndpoint, buffers: &'s mut TcpBuffers) -> Self {
        let TcpBuffers { receive, send } = buffers;
        Self { socket: TcpSocket::new(stack, receive, send), server, link: Link::Closed }
    }
}

impl SignalConnection for Tcp<'_> {
    async fn connect(&mut self) {
        self.close();
        self.socket.abort();
        // The reset goes out before the socket is used again.
        let _ = with_timeout(FLUSH, self.socket.flush()).await;
        // It goes on without being waited for; see `next`.
        let connecting = poll_once(self.socket.connect(self.server));
        self.link = if let Poll::Ready(Err(_)) = connecting { Link::Failed } else { Link::Opening };
    }

    async fn next(&mut self, receive: impl FnOnce(&[u8])) -> Progress {
        let Self { socket, link, .. } = self;
        let progress = match link {
            Link::Closed => pending().await,
            Link::Failed => Progress::Closed,
            Link::Opening => {
                poll_fn(|context| {
                    // Registers for what comes next; that a connection is refused it does not say.
                    let _ = pin!(socket.wait_write_ready()).poll(context);
                    match socket.state() {
                        State::SynSent | State::SynReceived => Poll::Pending,
                        State::Established => Poll::Ready(Progress::Opened),
                        _ => Poll::Ready(Progress::Closed),
                    }
                })
                .await
            }
            Link::Open => {
                let read = socket.read_with(|bytes| {
                    receive(bytes);
                    (bytes.len(), ())
                });
                if read.await.is_ok() { Progress::Received } else { Progress::Closed }
            }
        };
        match progress {
            Progress::Opened => *link = Link::Open,
            Progress::Closed => self.close(),
            Progress::Received => {}
        }
        progress
    }

    async fn write(&mut self, bytes: &[u8]) -> bool {
        // It is not waited for that the server has it: without a network that would be for ever, and the participant
        // could not notice.
        let written = with_timeout(WRITE, self.socket.write_all(bytes)).await;
        let is_written = matches!(written, Ok(Ok(())));
        if !is_written {
            self.link = Link::Closed;
        }
        is_written
    }

    fn close(&mut self) {
        if self.link != Link::Closed {
            self.socket.close();
        }
        self.link = Link::Closed;
    }

    async fn flush(&mut self) {
        let _ = self.socket.flush().await;
    }
}
