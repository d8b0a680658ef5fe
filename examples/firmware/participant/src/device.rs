//! What the participant of this device is made of.

use app::Provisioning;
use livekit_micro::data::{Incoming, Resend, Rpc, Session, Topics};
use livekit_micro::participant::{JoinConfig, Memory, Participant};
use livekit_micro::signal::ServerUrl;
use livekit_micro::topics;
use livekit_micro_embassy::Shared;
use livekit_micro_peer::certificate::{SELF_SIGNED_BYTES, self_signed};
use livekit_micro_peer::crypto::{PrivateKey, RustCrypto};
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::sctp::Slot;
use livekit_micro_peer::{Crypto as _, Memory as PeerMemory};
use static_cell::{ConstStaticCell, StaticCell};

use crate::board;

/// The streams that the device shows.
pub struct Shown;

impl Topics for Shown {
    const TOPICS: &'static [&'static str] = &[topics::TRANSCRIPTION];
}

pub type Crypto = RustCrypto<fn(&mut [u8])>;
/// Two streams at a time, calls both ways, and what was sent last for a resume.
pub type Plane = Session<Incoming<Shown, 2>, Rpc<2>, Resend<512>>;
pub type Device = Participant<'static, Crypto, Plane>;

/// The participant, in memory that it has for itself. Called once.
#[inline(never)]
pub fn shared() -> &'static Shared<'static, Crypto, Plane> {
    static HANDSHAKE: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; _]);
    static SEND: ConstStaticCell<[u8; 4096]> = ConstStaticCell::new([0; _]);
    static RECEIVE: ConstStaticCell<[u8; 4096]> = ConstStaticCell::new([0; _]);
    static SLOTS: ConstStaticCell<[Slot; 4]> = ConstStaticCell::new([const { Slot::new() }; _]);
    static SIGNAL: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; _]);
    static TOKEN: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; _]);
    static FRAME: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; _]);
    static SHARED: StaticCell<Shared<'static, Crypto, Plane>> = StaticCell::new();

    let memory = Memory {
        peer: PeerMemory {
            handshake: HANDSHAKE.take(),
            send: SEND.take(),
            receive: RECEIVE.take(),
            slots: SLOTS.take(),
        },
        signal: SIGNAL.take(),
        token: TOKEN.take(),
        frame: FRAME.take(),
    };
    SHARED.init_with(|| Shared::new(Participant::new(crypto(), Session::new(), memory)))
}

fn crypto() -> Crypto {
    RustCrypto::new(board::entropy)
}

/// Which room is joined, and with which certificate: one that is made at each start. Called once.
#[inline(never)]
pub fn config(page: &Provisioning<'static>) -> JoinConfig<'static, Crypto> {
    static CERTIFICATE: ConstStaticCell<[u8; SELF_SIGNED_BYTES]> = ConstStaticCell::new([0; _]);
    static KEY: StaticCell<PrivateKey> = StaticCell::new();

    let mut crypto = crypto();
    let (key, public_key) = crypto.generate();
    let certificate =
        self_signed(&mut crypto, &key, &public_key, CERTIFICATE.take()).unwrap_or_default();
    let identity = Identity { certificate, key: KEY.init(key) };
    let url = ServerUrl {
        is_tls: false,
        authority: page.host,
        host: page.host,
        port: page.server.port(),
        path: "",
    };
    let mut config = JoinConfig::new(url, identity);
    // A device has nobody who would start it again.
    config.attempts = u16::MAX;
    config.server_ip = Some((*page.server.ip()).into());
    // SDKs make chunks of 15 000 bytes: they are read in parts.
    config.longest_packet = 16_384;
    config.options.device_model = "emulated";
    config.options.version = env!("CARGO_PKG_VERSION");
    config
}
