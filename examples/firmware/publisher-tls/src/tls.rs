//! Connections to the server over TLS 1.3.

use app::{Connector, Entropy, Failure, Provisioning, Tcp, TlsFailure};
use defmt::info;
use embassy_net::Stack;
use embassy_time::{Duration, Instant, with_timeout};
use embedded_io::ErrorKind;
use embedded_tls::{
    Aes128GcmSha256, FlushPolicy, MaxFragmentLength, TLS_RECORD_OVERHEAD, TlsConnection,
    TlsContext, TlsError,
};
use livekit_micro_trust::embedded_tls::{Handshake, Records, ServerError, config};
use livekit_micro_trust::{Error, Verifier};

use crate::session::Session;

/// The fragment length that is requested of the server: records of at most 4096 bytes.
///
/// OpenSSL, and so stunnel and nginx, obeys. Go, and so Caddy, ignores the extension. Its records are
/// small enough all the same: a response has some hundred bytes, two P-256 certificates take 1 KB. A
/// record that does not fit fails as `RecordTooLarge`. To receive any record of any server, set
/// `RECEIVED_BYTES` to `16_384 + 256` and remove the extension; it takes 12 KB more RAM.
const MAX_FRAGMENT: MaxFragmentLength = MaxFragmentLength::Bits12;
const RECEIVED_BYTES: usize = 4096 + 256;

/// Fits a request in one record. With less, requests are split into several.
const SENT_BYTES: usize = 1024 + TLS_RECORD_OVERHEAD;

/// The deadline for a handshake. Most of it is the device's own computation.
const HANDSHAKE: Duration = Duration::from_secs(15);

/// The deadline for `close_notify`, and for the last segment.
const CLOSE: Duration = Duration::from_millis(200);

/// Returns the seconds since 1970; `None` while they are not known.
pub type Clock = fn() -> Option<u64>;

/// TLS 1.3 with a server whose certificate `verifier` accepts.
pub struct Tls<'a> {
    tcp: Tcp<'a>,
    /// Without the port, which `host` may have.
    name: &'a str,
    verifier: Verifier<'a>,
    entropy: Entropy,
    clock: Clock,
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
        device: &Provisioning<'a>,
        verifier: Verifier<'a>,
        entropy: Entropy,
        clock: Clock,
        buffers: &'a mut Buffers,
    ) -> Self {
        let name = device.host.split_once(':').map_or(device.host, |(name, _)| name);
        let tcp = Tcp::new(stack, device.server);
        Self { tcp, name, verifier, entropy, clock, buffers }
    }
}

impl Connector for Tls<'_> {
    type Connection<'a>
        = Session<'a>
    where
        Self: 'a;

    async fn connect(&mut self) -> Result<Session<'_>, Failure> {
        let records = Records::new(self.tcp.connect().await?);
        let began = Instant::now();
        let mut tls: TlsConnection<'_, _, Aes128GcmSha256> =
            TlsConnection::new(records, &mut self.buffers.received, &mut self.buffers.sent);
        // Otherwise a flush waits until the peer has acknowledged the data.
        tls.set_flush_policy(FlushPolicy::Relaxed);
        let config = config(self.name).with_max_fragment_length(MAX_FRAGMENT);
        let unix_s = (self.clock)();
        let mut handshake = Handshake::new(self.verifier, self.name, unix_s, self.entropy);
        let open = tls.open(TlsContext::new(&config, &mut handshake));
        let result = match with_timeout(HANDSHAKE, open).await {
            // `open` also succeeds when the server sends no certificate.
            Ok(Ok(())) => handshake.verdict().map_err(server_error),
            Ok(Err(error)) => Err(failure(error, &handshake)),
            Err(_) => Err(Failure::Timeout),
        };
        let session = Session(tls);
        match result {
            Ok(()) => {
                info!("TLS after {=u64} ms", began.elapsed().as_millis());
                Ok(session)
            }
            Err(failure) => {
                Self::close(session).await;
                Err(failure)
            }
        }
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
fn failure(error: TlsError, handshake: &Handshake<'_>) -> Failure {
    let why = match (error, handshake.verdict()) {
        (TlsError::Io(ErrorKind::InvalidData), _) => TlsFailure::Protocol,
        (TlsError::Io(_) | TlsError::IoError, _) => return Failure::NoConnection,
        (TlsError::InsufficientSpace, _) => TlsFailure::RecordTooLarge,
        (TlsError::HandshakeAborted(_, alert), _) => TlsFailure::Alert(alert as u8),
        (TlsError::AbortHandshake(..), Err(why)) => return server_error(why),
        _ => TlsFailure::Protocol,
    };
    Failure::Tls(why)
}

fn server_error(why: ServerError) -> Failure {
    Failure::Tls(match why {
        ServerError::Proof => TlsFailure::Proof,
        ServerError::Certificate(Error::NoTime) => TlsFailure::NoTime,
        ServerError::Certificate(Error::Issuer | Error::Signature) => TlsFailure::Issuer,
        ServerError::Certificate(Error::Name) => TlsFailure::Name,
        ServerError::Certificate(Error::Expired | Error::NotYetValid) => TlsFailure::Expired,
        ServerError::Certificate(_) => TlsFailure::Certificate,
    })
}
