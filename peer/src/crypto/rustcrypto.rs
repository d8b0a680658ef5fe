//! Cryptography of the RustCrypto project.

use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::Digest;
use zeroize::Zeroizing;

use super::gcm::AesGcm;
use super::p256::{self, PrivateKey};
use super::{Crypto, Sha256};

/// Cryptography in Rust, with the random numbers of `R`: a function that fills a slice from a source that
/// nobody can predict, such as a chip's true random number generator.
///
/// In constant time on cores that multiply 32 bits in constant time. `p256` needs opt-level 2, 3 or `s`: with
/// `z` a handshake takes twice as long, for 4 KB of flash.
pub struct RustCrypto<R> {
    random: R,
}

impl<R: FnMut(&mut [u8])> RustCrypto<R> {
    /// Cryptography with the random numbers of `random`.
    pub const fn new(random: R) -> Self {
        Self { random }
    }
}

impl<R: FnMut(&mut [u8])> Crypto for RustCrypto<R> {
    type Sha256 = sha2::Sha256;
    type AesGcm = AesGcm;
    type PrivateKey = PrivateKey;

    fn random(&mut self, bytes: &mut [u8]) {
        (self.random)(bytes);
    }

    fn hmac_sha1(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        hmac_sha1(key, parts)
    }

    fn hmac_sha256(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        hmac_sha256(key, parts)
    }

    fn aes_gcm(&mut self, key: &[u8; 16]) -> AesGcm {
        AesGcm::new(key)
    }

    fn seal(&mut self, key: &AesGcm, nonce: &[u8; 12], aad: &[u8], data: &mut [u8]) -> [u8; 16] {
        key.seal(nonce, aad, data)
    }

    fn open(
        &mut self,
        key: &AesGcm,
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> bool {
        key.open(nonce, aad, data, tag)
    }

    fn generate(&mut self) -> (PrivateKey, [u8; 65]) {
        let key = p256::generate(&mut self.random);
        let public = key.public_key();
        (key, public)
    }

    fn agree(&mut self, key: &PrivateKey, public: &[u8; 65]) -> Option<[u8; 32]> {
        key.agree(public)
    }

    fn sign(&mut self, key: &PrivateKey, digest: &[u8; 32]) -> Option<[u8; 64]> {
        let mut noise = Zeroizing::new([0; 32]);
        self.random(&mut *noise);
        Some(p256::sign(key, digest, &noise))
    }

    fn verify(&mut self, public: &[u8; 65], digest: &[u8; 32], signature: &[u8; 64]) -> bool {
        p256::verify(public, digest, signature)
    }
}

impl Sha256 for sha2::Sha256 {
    fn new() -> Self {
        Digest::new()
    }

    fn update(&mut self, bytes: &[u8]) {
        Digest::update(self, bytes);
    }

    fn finish(self) -> [u8; 32] {
        self.finalize().into()
    }
}

/// HMAC-SHA256 (RFC 2104).
#[inline(never)]
pub(super) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // Any length will do.
    let Ok(mut mac) = <Hmac<sha2::Sha256> as Mac>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA1 (RFC 2104).
#[inline(never)]
fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    let Ok(mut mac) = <Hmac<Sha1> as Mac>::new_from_slice(key) else { return [0; 20] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
