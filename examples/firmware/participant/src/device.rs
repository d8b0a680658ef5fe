//! What the participant of this device is made of.

use app::Provisioning;
use livekit_micro::data::{Incoming, Resend, Rpc, Session, Topics};
use livekit_micro::participant::{JoinConfig, Memory, Participant};
use livekit_micro::signal::ServerUrl;
use livekit_micro::topics;
use livekit_micro_embassy::{Resources, Shared};
use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::dtls::Identity;
use static_cell::{ConstStaticCell, StaticCell};

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

/// The participant, in memory that it has for itself, and the room that it joins. Called once.
#[inline(never)]
pub fn start(
    page: &Provisioning<'static>,
    encryption: Encryption,
) -> (&'static Shared<'static, Crypto, Plane>, JoinConfig<'static, Crypto>) {
    static RESOURCES: ConstStaticCell<Resources<Crypto>> = ConstStaticCell::new(Resources::new());

    let mut crypto: Crypto = RustCrypto::new(board::entropy);
    let Some((memory, identity)) = RESOURCES.take().divide(&mut crypto) else {
        defmt::error!("P-256 does not sign");
        board::exit(false)
    };
    (share(crypto, encryption, memory), config(page, identity))
}

/// A function of its own: the participant is on the stack before it is in its place, and P-256 needs the stack, too.
#[inline(never)]
fn share(
    crypto: Crypto,
    encryption: Encryption,
    memory: Memory<'static>,
) -> &'static Shared<'static, Crypto, Plane> {
    static SHARED: StaticCell<Shared<'static, Crypto, Plane>> = StaticCell::new();
    SHARED.init_with(|| {
        Shared::new(Participant::new(crypto, Session::with_encryption(encryption), memory))
    })
}

fn config(
    page: &Provisioning<'static>,
    identity: Identity<'static, Crypto>,
) -> JoinConfig<'static, Crypto> {
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
