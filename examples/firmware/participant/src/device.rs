//! What the participant of this device is made of.

use app::Provisioning;
use embassy_net::{IpEndpoint, Stack};
use livekit_micro::data::{Incoming, Resend, Rpc, Session, Topics};
use livekit_micro::participant::{Error, JoinConfig};
use livekit_micro::signal::ServerUrl;
use livekit_micro::topics;
use livekit_micro_embassy::{Handler, Resources, Room, Runner, Shared, Sockets};
use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::dtls::Identity;
use static_cell::ConstStaticCell;

use crate::board;
use crate::encryption::{self, Encryption};

/// The streams that the device takes.
pub struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &[topics::TRANSCRIPTION, "files"];
}

/// The second of the topics.
pub const FILES: usize = 1;
/// How many streams it takes at a time.
pub const STREAMS: usize = 2;

pub type Crypto = RustCrypto<fn(&mut [u8])>;
/// Streams, calls both ways, and what was sent last for a resume.
pub type Plane = Session<Incoming<Wanted, STREAMS>, Rpc<2>, Resend<512>, Encryption>;

pub type Participant = Shared<'static, Crypto, Plane>;

/// The participant, in memory that it has for itself, and its certificate. Called once.
#[inline(never)]
pub fn start(encryption: Encryption) -> (&'static Participant, Identity<'static, Crypto>) {
    static RESOURCES: ConstStaticCell<Resources<'static, Crypto, Plane, 3072, 4096, 3>> =
        ConstStaticCell::new(Resources::new());

    let crypto: Crypto = RustCrypto::new(board::entropy);
    let session = Session::with_encryption(encryption);
    let Some(started) = RESOURCES.take().start(crypto, session) else {
        defmt::error!("P-256 does not sign");
        board::exit(false)
    };
    started
}

/// What joins the room, with one token after the other.
pub struct Member<'m> {
    pub stack: Stack<'static>,
    pub page: &'m Provisioning<'static>,
    pub shared: &'static Participant,
    pub identity: &'m Identity<'static, Crypto>,
}

impl Member<'_> {
    /// Joins with a token; `run` does the rest.
    pub fn join(&self, token: &str) -> Result<(), Error> {
        Room::new(self.shared).join(config(self.page, self.identity), token)
    }

    /// Runs the participant until it has left the room, or cannot come back.
    pub async fn run(
        &self,
        sockets: &mut Sockets,
        handler: &mut impl Handler<'static, Crypto, Plane>,
    ) {
        let server = IpEndpoint::from(self.page.server);
        Runner::new(self.stack, server, sockets).run(self.shared, handler).await;
    }
}

fn config(
    page: &Provisioning<'static>,
    identity: &Identity<'static, Crypto>,
) -> JoinConfig<'static, Crypto> {
    let identity = Identity { certificate: identity.certificate, key: identity.key };
    let url = ServerUrl {
        is_tls: false,
        authority: page.host,
        host: page.host,
        port: page.server.port(),
        path: "",
    };
    let mut config = JoinConfig::new(url, identity);
    // No user starts the device again.
    config.attempts = u16::MAX;
    config.server_ip = Some((*page.server.ip()).into());
    config.longest_packet = encryption::LONGEST;
    config.options.device_model = "emulated";
    config.options.version = env!("CARGO_PKG_VERSION");
    config
}
