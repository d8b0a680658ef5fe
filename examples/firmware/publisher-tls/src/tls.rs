//! Connections to the server over TLS 1.3.

use core::net::{Ipv4Addr, SocketAddrV4};

use app::{Connector, Entropy, Failure, Tcp, TlsFailure};
use defmt::info;
use embassy_net::{IpAddress, Stack};
use embassy_time::{Duration, Instant, with_timeout};
use embedded_tls::{Aes128GcmSha256, FlushPolicy, TLS_RECORD_OVERHEAD, TlsConnection};
use livekit_micro_embassy::{Clock, Host};
use livekit_micro_trust::embedded_tls::{Handshake, OpenError, Records, ServerError, config, open};
use livekit_micro_trust::{Error, Verifier};

use crate::session::Session;

/// Any record of any server fits (RFC 8446, 5.2), and so the chain of any public authority.
///
/// For a server of one's own 4096 + 256 can do, and take 12 KB of RAM less: then request records of that length, by
/// `with_max_fragment_length`. OpenSSL, and so stunnel and nginx, obeys; Go, and so Caddy, does not.
const RECEIVED_BYTES: usize = 16_384 + 256;

/// Fits a request in one record. With less, requests are split into several.
const SENT_BYTES: usize = 1024 + TLS_RECORD_OVERHEAD;

/// The deadline for a handshake. Most of it is the device's own computation.
const HANDSHAKE: Duration = Duration::from_secs(15);

/// The deadline for `close_notify`, and for the last segment.
const CLOSE: Duration = Duration::from_millis(200);

/// TLS 1.3 with a server whose certificate `verifier` accepts.
pub struct Tls<'a> {
    tcp: Tcp<'a>,
    stack: Stack<'a>,
    server: Host<'a>,
    verifier: Verifier<'a>,
    entropy: Entropy,
    clock: &'a Clock,
    buffers: &'a mut Buffers,
}

/// A record in each direction.
pub struct Buffers {
    received: [u8; RECEIVED_BYTES],
    sent: [u8; SENT_BYTES],
}

impl Buffers {
    pub const fn new() -> Self {
        Self { received: [0; _], sent: [0; _] }
    }
}

impl<'a> Tls<'a> {
    pub fn new(
        stack: Stack<'a>,
        server: Host<'a>,
        verifier: Verifier<'a>,
        entropy: Entropy,
        clock: &'a Clock,
        buffers: &'a mut Buffers,
    ) -> Self {
        // The address is set for each connection.
        let tcp = Tcp::new(stack, SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0));
        Self { tcp, stack, server, verifier, entropy, clock, buffers }
    }
}

impl Connector for Tls<'_> {
    type Connection<'a>
        = Session<'a>
    where
        Self: 'a;

    async fn connect(&mut self) -> Result<Session<'_>, Failure> {
        // The time may come later; the reading waits in the queue.
        let unix_s = self.clock.unix_s().ok_or(Failure::Tls(TlsFailure::NoTime))?;
        let server = self.server.resolve(self.stack).await.ok_or(Failure::NotResolved)?;
        let IpAddress::Ipv4(ip) = server.addr;
        self.tcp.set_server(SocketAddrV4::new(ip, server.port));
        let records = Records::new(self.tcp.connect().await?);
        let began = Instant::now();
        let mut tls: TlsConnection<'_, _, Aes128GcmSha256> =
            TlsConnection::new(records, &mut self.buffers.received, &mut self.buffers.sent);
        // Otherwise a flush waits until the peer has acknowledged the data.
        tls.set_flush_policy(FlushPolicy::Relaxed);
        let name = self.server.name;
        let mut handshake = Handshake::new(self.verifier, name, Some(unix_s), self.entropy);
        let offered = config(name);
        let opened = with_timeout(HANDSHAKE, open(&mut tls, &offered, &mut handshake)).await;
        let session = Session(tls);
        let error = match opened {
            Ok(Ok(())) => {
                info!("TLS after {=u64} ms", began.elapsed().as_millis());
                return Ok(session);
            }
            Ok(Err(error)) => failure(error),
            Err(_) => Failure::Timeout,
        };
        Self::close(session).await;
        Err(error)
    }

    async fn close<'a>(Session(tls): Session<'a>)
    where
        Self: 'a,
    {
        // Sends `close_notify`, so that the server knows that nothing is missing.
        if let Ok(Ok(records)) = with_timeout(CLOSE, tls.close()).await {
            let mut socket = records.into_inner();
            socket.close();
            let _ = with_timeout(CLOSE, socket.flush()).await;
        }
    }
}

/// Converts an error of a handshake.
fn failure(error: OpenError) -> Failure {
    Failure::Tls(match error {
        OpenError::Lost => return Failure::NoConnection,
        OpenError::Server(why) => server_error(why),
        OpenError::RecordTooLong => TlsFailure::RecordTooLarge,
        OpenError::Alert(alert) => TlsFailure::Alert(alert),
        OpenError::Protocol => TlsFailure::Protocol,
    })
}

fn server_error(why: ServerError) -> TlsFailure {
    match why {
        ServerError::Proof => TlsFailure::Proof,
        ServerError::Certificate(Error::NoTime) => TlsFailure::NoTime,
        ServerError::Certificate(Error::Issuer | Error::Signature) => TlsFailure::Issuer,
        ServerError::Certificate(Error::Name) => TlsFailure::Name,
        ServerError::Certificate(Error::Expired | Error::NotYetValid) => TlsFailure::Expired,
        ServerError::Certificate(_) => TlsFailure::Certificate,
    }
}
