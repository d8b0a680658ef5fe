//! Connects, authenticates, encrypts and decrypts.

use core::cell::RefCell;

use embassy_futures::select::{Either, select};
use embassy_net::Stack;
use embassy_net::tcp::TcpSocket;
use embassy_time::{Duration, with_timeout};
use embedded_io_async::Write as _;
use embedded_tls::{Aes128GcmSha256, FlushPolicy, TlsConnection, TlsError as Embedded};
use livekit_micro_trust::embedded_tls::{Handshake, Records, config, open};

use super::channel::Channel;
use super::half::Half;
use super::server::{TlsError, TlsServer, longest_fragment};

/// How long the device waits for the time, for a connection, and for a handshake, most of which it computes.
const TIME: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
const HANDSHAKE: Duration = Duration::from_secs(20);

/// How long the end of a connection may take to arrive.
const CLOSE: Duration = Duration::from_millis(500);

/// Does the work of a [`Tls`](super::Tls).
pub struct TlsDriver<'s> {
    pub(super) stack: Stack<'s>,
    pub(super) socket: TcpSocket<'s>,
    pub(super) server: TlsServer<'s>,
    pub(super) received: &'s mut [u8],
    pub(super) sent: &'s mut [u8],
    pub(super) channel: &'s Channel,
}

impl TlsDriver<'_> {
    /// Connects whenever the runner wants it. `failed` is told why a connection was not opened, or ended without a
    /// farewell.
    pub async fn run(&mut self, mut failed: impl FnMut(TlsError)) -> ! {
        let channel = self.channel;
        loop {
            channel.connect.wait().await;
            // One that is given up for another one ends with the first thing that the next does.
            while let Either::Second(result) =
                select(channel.connect.wait(), self.connection()).await
            {
                if let Err(error) = result {
                    failed(error);
                }
                channel.ended();
                channel.connect.wait().await;
            }
            channel.connect.signal(());
        }
    }

    /// One connection, from its beginning to its end.
    async fn connection(&mut self) -> Result<(), TlsError> {
        self.end(true).await;
        let result = match with_timeout(TIME, self.server.clock.known()).await {
            Ok(unix_s) => self.session(unix_s).await,
            Err(_) => Err(TlsError::NoTime),
        };
        self.end(false).await;
        result
    }

    async fn session(&mut self, unix_s: u64) -> Result<(), TlsError> {
        let Self { stack, socket, server, received, sent, channel } = self;
        let address = server.host.resolve(*stack).await.ok_or(TlsError::NotResolved)?;
        match with_timeout(CONNECT, socket.connect(address)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(TlsError::NotConnected),
            Err(_) => return Err(TlsError::Timeout),
        }
        let mut offered = config(server.host.name);
        if let Some(longest) = longest_fragment(received.len()) {
            offered = offered.with_max_fragment_length(longest);
        }
        let socket = RefCell::new(socket);
        let mut tls: TlsConnection<'_, _, Aes128GcmSha256> =
            TlsConnection::new(Records::new(Half(&socket)), received, sent);
        // Otherwise a flush waits until the server has acknowledged the data.
        tls.set_flush_policy(FlushPolicy::Relaxed);
        let mut handshake =
            Handshake::new(server.verifier, server.host.name, Some(unix_s), server.random);
        match with_timeout(HANDSHAKE, open(&mut tls, &offered, &mut handshake)).await {
            Ok(result) => result.map_err(TlsError::Open)?,
            Err(_) => return Err(TlsError::Timeout),
        }
        channel.opened();
        let (mut reader, mut writer) = tls.split();
        // A reader that is dropped amid a record is of no use any more: both run to their end.
        let read = async {
            loop {
                let bytes = reader.read_buffered().await?.pop_all();
                channel.incoming.write_all(bytes).await;
            }
        };
        let write = async {
            let mut bytes = [0; 128];
            let mut is_closing = false;
            while !(is_closing && channel.outgoing.is_empty()) {
                if channel.outgoing.is_empty() {
                    writer.flush().await?;
                }
                match select(channel.outgoing.read(&mut bytes), channel.close.wait()).await {
                    Either::First(len) => {
                        writer.write_all(bytes.get(..len).unwrap_or_default()).await?
                    }
                    Either::Second(()) => is_closing = true,
                }
            }
            writer.flush().await
        };
        let result: Result<(), Embedded> = match select(read, write).await {
            Either::First(result) | Either::Second(result) => result,
        };
        // Its `close_notify` goes out; whether it arrives is of no consequence.
        let _ = with_timeout(CLOSE, tls.close()).await;
        match result {
            Ok(()) | Err(Embedded::ConnectionClosed) => Ok(()),
            Err(_) => Err(TlsError::Lost),
        }
    }

    /// Ends what is left of a connection: by a reset, or after what was written.
    async fn end(&mut self, by_reset: bool) {
        if by_reset {
            self.socket.abort();
        } else {
            self.socket.close();
        }
        let _ = with_timeout(CLOSE, self.socket.flush()).await;
    }
}
