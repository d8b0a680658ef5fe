//! Cryptography of the RustCrypto project.

use zeroize::Zeroizing;

use super::gcm::AesGcm;
use super::p256::{self, PrivateKey};
use super::sha::Hash;
use super::{Crypto, Sha256, hmac};

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
    type Sha256 = RunningSha256;
    type AesGcm = AesGcm;
    type PrivateKey = PrivateKey;

    fn random(&mut self, bytes: &mut [u8]) {
        (self.random)(bytes);
    }

    fn hmac_sha1(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        hmac::hmac_sha1(key, parts)
    }

    fn hmac_sha256(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        hmac::hmac_sha256(key, parts)
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

/// A running SHA-256. It is erased when it is dropped.
#[derive(Clone)]
pub struct RunningSha256(Hash);

impl Sha256 for RunningSha256 {
    fn new() -> Self {
        Self(Hash::SHA256)
    }

    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(self) -> [u8; 32] {
        self.0.finish()
    }
}
