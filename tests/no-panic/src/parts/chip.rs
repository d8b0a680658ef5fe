//! Cryptography of which the optimiser knows nothing: a chip's.

use core::hint::black_box;

use livekit_micro_peer::Crypto;
use livekit_micro_peer::crypto::Sha256;

pub struct Cryptography;

pub fn cryptography() -> Cryptography {
    Cryptography
}

pub type PrivateKey = u32;

pub fn key() -> Option<&'static PrivateKey> {
    black_box(Some(&0))
}

#[derive(Clone)]
pub struct Hash(u32);

impl Sha256 for Hash {
    fn new() -> Self {
        Self(opaque((), 0))
    }

    fn update(&mut self, bytes: &[u8]) {
        self.0 = opaque(bytes, self.0);
    }

    fn finish(self) -> [u8; 32] {
        opaque(self.0, [0; 32])
    }
}

impl Crypto for Cryptography {
    type Sha256 = Hash;
    type AesGcm = u32;
    type PrivateKey = u32;

    fn random(&mut self, bytes: &mut [u8]) {
        opaque(bytes, ())
    }

    fn hmac_sha1(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        opaque((key, parts), [0; 20])
    }

    fn hmac_sha256(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        opaque((key, parts), [0; 32])
    }

    fn aes_gcm(&mut self, key: &[u8; 16]) -> u32 {
        opaque(key, 0)
    }

    fn seal(&mut self, key: &u32, nonce: &[u8; 12], aad: &[u8], data: &mut [u8]) -> [u8; 16] {
        opaque((key, nonce, aad, data), [0; 16])
    }

    fn open(
        &mut self,
        key: &u32,
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> bool {
        opaque((key, nonce, aad, data, tag), true)
    }

    fn generate(&mut self) -> (u32, [u8; 65]) {
        opaque((), (0, [0; 65]))
    }

    fn agree(&mut self, key: &u32, public: &[u8; 65]) -> Option<[u8; 32]> {
        opaque((key, public), Some([0; 32]))
    }

    fn sign(&mut self, key: &u32, digest: &[u8; 32]) -> Option<[u8; 64]> {
        opaque((key, digest), Some([0; 64]))
    }

    fn verify(&mut self, public: &[u8; 65], digest: &[u8; 32], signature: &[u8; 64]) -> bool {
        opaque((public, digest, signature), true)
    }
}

/// A result that could be any, of what could change all that it was given.
#[inline(never)]
fn opaque<I, O>(input: I, output: O) -> O {
    black_box(input);
    black_box(output)
}
