//! A `Crypto` of one's own, which counts the calls: a template for a chip that does some of it itself.
//! `cargo run -p livekit-micro-peer --example crypto` runs it.
//!
//! In brackets: instructions of RustCrypto on an emulated Cortex-M3 at opt-level s. What is worth moving to hardware
//! (CC310, STM32's PKA, ESP32's ECC) or to assembler (P256-Cortex-M4): `verify`, `agree`, `sign` and `generate`, once a
//! handshake each, 26 million in all; then `seal` and `open`, once a packet each. The rest can stay.

use livekit_micro_peer::certificate::{SELF_SIGNED_BYTES, fingerprint, self_signed};
use livekit_micro_peer::dtls::{Client, Identity};
use livekit_micro_peer::{Crypto, RustCrypto};

type Rust = RustCrypto<fn(&mut [u8])>;

/// RustCrypto, but for what the chip does better. Here, nothing.
struct Chip {
    rust: Rust,
    calls: Vec<&'static str>,
}

impl Crypto for Chip {
    /// In hardware only if it can be cloned on the way.
    type Sha256 = <Rust as Crypto>::Sha256;
    /// In hardware: the key, or the slot that holds it.
    type AesGcm = <Rust as Crypto>::AesGcm;
    /// In a secure element: the slot that holds it.
    type PrivateKey = <Rust as Crypto>::PrivateKey;

    /// The chip's true random number generator.
    fn random(&mut self, bytes: &mut [u8]) {
        self.call("random").random(bytes);
    }
    /// [14 000] For each check of ICE, one every few seconds.
    fn hmac_sha1(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        self.call("hmac_sha1").hmac_sha1(key, parts)
    }
    /// [20 000] Some 20 a handshake.
    fn hmac_sha256(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        self.call("hmac_sha256").hmac_sha256(key, parts)
    }
    /// [10 000] Twice a handshake.
    fn aes_gcm(&mut self, key: &[u8; 16]) -> Self::AesGcm {
        self.call("aes_gcm").aes_gcm(key)
    }
    /// [34 000 for 100 bytes, 277 000 for 1200] Hardware with AES and without GCM halves it.
    fn seal(
        &mut self,
        k: &Self::AesGcm,
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
    ) -> [u8; 16] {
        self.call("seal").seal(k, nonce, aad, data)
    }
    /// [As `seal`.] Whatever decrypts: nothing may be used before the tag is checked.
    fn open(
        &mut self,
        key: &Self::AesGcm,
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> bool {
        self.call("open").open(key, nonce, aad, data, tag)
    }
    /// [4 800 000] The generator times a random number.
    fn generate(&mut self) -> (Self::PrivateKey, [u8; 65]) {
        self.call("generate").generate()
    }
    /// [4 800 000] A point that is not on the curve gives away the key. Not all hardware checks it.
    fn agree(&mut self, key: &Self::PrivateKey, public: &[u8; 65]) -> Option<[u8; 32]> {
        self.call("agree").agree(key, public)
    }
    /// [5 700 000] A secure element signs with a key that never leaves it.
    fn sign(&mut self, key: &Self::PrivateKey, digest: &[u8; 32]) -> Option<[u8; 64]> {
        self.call("sign").sign(key, digest)
    }
    /// [10 200 000] All of it is public.
    fn verify(&mut self, public: &[u8; 65], digest: &[u8; 32], signature: &[u8; 64]) -> bool {
        self.call("verify").verify(public, digest, signature)
    }
}

impl Chip {
    fn call(&mut self, name: &'static str) -> &mut Rust {
        self.calls.push(name);
        &mut self.rust
    }
    fn print(&mut self, work: &str) {
        println!("{work}: {}", std::mem::take(&mut self.calls).join(", "));
    }
}

fn main() {
    let random: fn(&mut [u8]) = |bytes| getrandom::fill(bytes).expect("the system has some");
    let mut chip = Chip { rust: RustCrypto::new(random), calls: Vec::new() };
    let mut buf = [0; SELF_SIGNED_BYTES];
    let (key, public) = chip.generate();
    let certificate = self_signed(&mut chip, &key, &public, &mut buf).expect("it fits");
    chip.print("A key and its certificate");

    let (mut message, mut datagram) = ([0; 1024], [0; 1200]);
    let mut client = Client::<Chip>::new(&mut message);
    let identity = Identity { certificate, key: &key };
    client.start(&mut chip, identity, fingerprint::<Chip>(certificate), 0);
    let len = client.poll(&mut chip, 0, &mut datagram).expect("a ClientHello");
    chip.print(&format!("A ClientHello of {len} bytes"));

    // What the rest of a handshake asks for; the server is the device itself.
    let (ours, _) = chip.generate();
    let secret = chip.agree(&ours, &public).expect("a point of the curve");
    let digest = chip.hmac_sha256(&secret, &[b"the handshake so far"]);
    let signature = chip.sign(&key, &digest).expect("it signs");
    assert!(chip.verify(&public, &digest, &signature));
    chip.print("The rest of a handshake");

    let key = chip.aes_gcm(&[1; 16]);
    let tag = chip.seal(&key, &[2; 12], b"header", &mut datagram);
    assert!(chip.open(&key, &[2; 12], b"header", &mut datagram, &tag));
    chip.print("A packet there and back");
}
