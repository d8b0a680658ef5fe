//! What the participant of this device is made of.

use livekit_micro::data::{Incoming, Resend, Rpc, Session, Topics};
use livekit_micro::participant::{Error, JoinConfig};
use livekit_micro::topics;
use livekit_micro_embassy::{Resources, Room, Shared};
use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::dtls::Identity;
use static_cell::ConstStaticCell;

use crate::board;
use crate::connection::{self, Page};
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

/// The participant, in memory that it has for itself, and its certificate. Called once.
#[inline(never)]
pub fn start(
    encryption: Encryption,
) -> (&'static Shared<'static, Crypto, Plane>, Identity<'static, Crypto>) {
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
    pub page: &'m Page,
    pub shared: &'static Shared<'static, Crypto, Plane>,
    pub identity: &'m Identity<'static, Crypto>,
}

impl Member<'_> {
    /// Joins with a token; the connection does the rest.
    pub fn join(&self, token: &str) -> Result<(), Error> {
        Room::new(self.shared).join(config(self.page, self.identity), token)
    }
}

fn config(page: &Page, identity: &Identity<'static, Crypto>) -> JoinConfig<'static, Crypto> {
    let identity = Identity { certificate: identity.certificate, key: identity.key };
    let (url, ip) = connection::url(page);
    let mut config = JoinConfig::new(url, identity);
    // No user starts the device again.
    config.attempts = u16::MAX;
    config.server_ip = ip;
    config.longest_packet = encryption::LONGEST;
    config.options.device_model = "emulated";
    config.options.version = env!("CARGO_PKG_VERSION");
    config
}
