//! What is measured of a peer of WebRTC.

use crate::figures::Figures;
use crate::firmware::{Build, CORTEX_M3};
use crate::image::{Image, RAM, Symbol};
use crate::measure::{OTHER_TARGETS, measured, parts, without_codec};

/// What a peer's flash consists of: crates, or modules of the peer's, whose functions are of a part. What is of none
/// of them is core's, the compiler's, and constants.
const PARTS: [(&str, &[&str]); 6] = [
    ("ICE and STUN", &["livekit_micro_peer::ice", "livekit_micro_peer::stun"]),
    ("SDP", &["livekit_micro_peer::sdp"]),
    ("DTLS", &["livekit_micro_peer::dtls", "livekit_micro_peer::certificate"]),
    ("SCTP and channels", &["livekit_micro_peer::sctp", "livekit_micro_peer::channel"]),
    // The program's loop has functions of the peer's in it.
    ("the peer and its caller", &["livekit_micro_peer::peer", "peer"]),
    ("cryptography", &CRYPTOGRAPHY),
];
const CRYPTOGRAPHY: [&str; 12] = [
    "livekit_micro_peer::crypto",
    "aes",
    "crypto_bigint",
    "elliptic_curve",
    "hmac",
    "p256",
    "polyval",
    "primeorder",
    "sha1",
    "sha2",
    "subtle",
    "zeroize",
];

/// Flash of programs, less that of one without anything; RAM, instructions and stack in a connection that was
/// recorded, and instructions and stack of the cryptography.
pub fn measure(figures: &mut Figures) {
    let build = Build { codec: "peer", features: "", target: CORTEX_M3, opt: "s" };
    let without = &without_codec(CORTEX_M3, "s", &["publish"])["publish"];
    let images = build.programs(&["peer", "peer_bare"]);
    for (name, image) in &images {
        figures.set(["flash", name, "peer", CORTEX_M3, "s"], image.flash - without.flash);
    }
    let peer = &images["peer"];
    parts_of(figures, peer, peer.flash - without.flash);
    parts("peer", "peer", peer);

    for (codec, program) in [("signalling", "signalling"), ("participant", "participant")] {
        let image = &Build { codec, ..build }.programs(&[program])[program];
        figures.set(["flash", program, "peer", CORTEX_M3, "s"], image.flash - without.flash);
        figures.set(["ram", program, "peer", CORTEX_M3, "s"], image.ram - without.ram);
        parts(program, "peer", image);
    }

    let running = Build { features: "run", ..build }.programs(&["peer_speed", "crypto_speed"]);
    measured(figures, "peer", &running["peer_speed"], "s");
    measured(figures, "crypto", &running["crypto_speed"], "s");

    // RustCrypto has a panic path at opt-level z: a firmware builds it at s.
    let others = OTHER_TARGETS.map(|target| (target, "s"));
    for (target, opt) in [(CORTEX_M3, "z")].into_iter().chain(others) {
        let without = &without_codec(target, opt, &["publish"])["publish"];
        let bare = &Build { target, opt, ..build }.programs(&["peer_bare"])["peer_bare"];
        figures.set(["flash", "peer_bare", "peer", target, opt], bare.flash - without.flash);
    }
}

fn parts_of(figures: &mut Figures, image: &Image, flash: u64) {
    let mut set = |part, bytes| figures.set(["share/flash", part, "peer", CORTEX_M3, "s"], bytes);
    let mut rest = flash;
    for (part, modules) in PARTS {
        let is_of = |symbol: &&Symbol| {
            let name = symbol.name.trim_start_matches('<');
            let has = |module: &&str| {
                name.strip_prefix(*module).is_some_and(|rest| rest.starts_with("::"))
            };
            symbol.address < RAM && modules.iter().any(has)
        };
        let bytes = image.symbols.iter().filter(is_of).map(|symbol| symbol.size).sum();
        assert!(bytes > 0, "no symbol is of {part}");
        set(part, bytes);
        rest -= bytes;
    }
    set("core, copying, constants", rest);
}
