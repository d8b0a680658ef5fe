//! Connections to the server by TLS 1.3.

use core::net::Ipv4Addr;

use app::{Connector, Entropy, Failure, Provisioning, Tcp, TlsFailure};
use defmt::info;
use embassy_net::Stack;
use embassy_time::{Duration, Instant, with_timeout};
use embedded_io::ErrorKind;
use embedded_tls::{
    Aes128GcmSha256, FlushPolicy, MaxFragmentLength, TLS_RECORD_OVERHEAD, TlsConfig, TlsConnection,
    TlsContext, TlsError,
};
use trust::x509::{Certificate, Distrust};
use trust::{Handshake, Records, Untrusted};

use crate::session::Session;

/// What is asked of the server: no record with more than 4096 bytes in it.
///
/// OpenSSL, and so stunnel and nginx, does as it is asked. Go, and so Caddy, does not listen, and
/// needs not: an answer of the server is a record of its own, of some hundred bytes, and so are
/// the certificates, which two of P-256 take 1 KB for. If ever a record does not fit, it is
/// refused as `RecordTooLarge`. To take in any record of any server: `16_384 + 256`, and the
/// request away. It takes 12 KB of RAM more.
const REQUEST: MaxFragmentLength = MaxFragmentLength::Bits12;
const RECEIVED_BYTES: usize = 4096 + 256;

/// A request as one record. It could be smaller: then there are more of them.
const SENT_BYTES: usize = 1024 + TLS_RECORD_OVERHEAD;

/// How long a handshake may take. Most of it is the device's own time.
const HANDSHAKE: Duration = Duration::from_secs(15);

/// How long saying that it ends may take.
const CLOSE: Duration = Duration::from_millis(200);

/// Says the seconds since 1970, if it knows them.
pub type Clock = fn() -> Option<u64>;

/// TLS 1.3 with a server for which a root vouches.
pub struct Tls<'a> {
    tcp: Tcp<'a>,
    /// Without the port, which `host` may have.
    name: &'a str,
    root: Certificate<'a>,
    entropy: Entropy,
    clock: Clock,
    buffers: &'a mut Buffers,
}

/// Room for a record of each direction.
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
        root: Certificate<'a>,
        entropy: Entropy,
        clock: Clock,
        buffers: &'a mut Buffers,
    ) -> Self {
        let name = device.host.split_once(':').map_or(device.host, |(name, _)| name);
        let tcp = Tcp::new(stack, device.server);
        Self { tcp, name, root, entropy, clock, buffers }
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
        // Otherwise whatever is sent waits until its receipt is acknowledged.
        tls.set_flush_policy(FlushPolicy::Relaxed);
        let mut config = TlsConfig::new().with_max_fragment_length(REQUEST);
        // An address is no name to ask for (RFC 6066, 3).
        if self.name.parse::<Ipv4Addr>().is_err() {
            config = config.with_server_name(self.name);
        }
        let mut handshake = Handshake::new(&self.root, self.name, (self.clock)(), self.entropy);
        let open = tls.open(TlsContext::new(&config, &mut handshake));
        let result = match with_timeout(HANDSHAKE, open).await {
            // It is also `Ok` when the server showed no certificate at all.
            Ok(Ok(())) => handshake.verdict().map_err(untrusted),
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
        // Says it by `close_notify`, so that the server knows that nothing was cut off.
        if let Ok(Ok(records)) = with_timeout(CLOSE, tls.close()).await {
            let mut socket = records.into_inner();
            socket.close();
            let _ = with_timeout(CLOSE, socket.flush()).await;
        }
    }
}

/// What an error in a handshake means.
fn failure(error: TlsError, handshake: &Handshake<'_>) -> Failure {
    let why = match (error, handshake.verdict()) {
        (TlsError::Io(ErrorKind::InvalidData), _) => TlsFailure::Protocol,
        (TlsError::Io(_) | TlsError::IoError, _) => return Failure::NoConnection,
        (TlsError::InsufficientSpace, _) => TlsFailure::RecordTooLarge,
        (TlsError::HandshakeAborted(_, alert), _) => TlsFailure::Alert(alert as u8),
        (TlsError::AbortHandshake(..), Err(why)) => return untrusted(why),
        _ => TlsFailure::Protocol,
    };
    Failure::Tls(why)
}

fn untrusted(why: Untrusted) -> Failure {
    Failure::Tls(match why {
        Untrusted::Proof => TlsFailure::Proof,
        Untrusted::Certificate(Distrust::Issuer) => TlsFailure::Issuer,
        Untrusted::Certificate(Distrust::Name) => TlsFailure::Name,
        Untrusted::Certificate(Distrust::Time) => TlsFailure::Expired,
        Untrusted::Certificate(Distrust::Usage | Distrust::Unreadable) => TlsFailure::Certificate,
    })
}
