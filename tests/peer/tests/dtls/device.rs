//! A device with a key and a certificate of its own.

use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::certificate::{SELF_SIGNED_BYTES, self_signed};
use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::dtls::Identity;

pub type Random = fn(&mut [u8]);
pub type DeviceCrypto = RustCrypto<Random>;

pub fn crypto() -> DeviceCrypto {
    RustCrypto::new(fastrand::fill)
}

pub struct Device {
    pub key: PrivateKey,
    pub certificate: Vec<u8>,
}

impl Device {
    pub fn new() -> Self {
        use livekit_micro_peer::Crypto;
        let mut crypto = crypto();
        let (key, public) = crypto.generate();
        let mut buf = [0; SELF_SIGNED_BYTES];
        let certificate = self_signed(&mut crypto, &key, &public, &mut buf).unwrap().to_vec();
        Self { key, certificate }
    }

    pub fn identity(&self) -> Identity<'_, DeviceCrypto> {
        Identity { certificate: &self.certificate, key: &self.key }
    }
}
