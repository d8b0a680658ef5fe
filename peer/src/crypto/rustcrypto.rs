//! Cryptography of the RustCrypto project.

use hmac::{Hmac, Mac};
use p256::ecdh::diffie_hellman;
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use sha1::Sha1;
use sha2::Digest;
use zeroize::Zeroize;

use super::gcm::AesGcm;
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

/// A private key of P-256. It is erased when it is dropped.
pub struct PrivateKey(SecretKey);

impl PrivateKey {
    /// The key of these 32 bytes, which are big-endian; `None` for 0, and for the order of the curve and above.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        SecretKey::from_bytes(bytes.into()).ok().map(Self)
    }

    /// The public key: 04, x, y.
    pub fn public_key(&self) -> [u8; 65] {
        encode(&self.0.public_key())
    }
}

fn encode(key: &PublicKey) -> [u8; 65] {
    let mut encoded = [0; 65];
    for (to, from) in encoded.iter_mut().zip(key.to_encoded_point(false).as_bytes()) {
        *to = *from;
    }
    encoded
}

impl<R: FnMut(&mut [u8])> Crypto for RustCrypto<R> {
    type Sha256 = sha2::Sha256;
    type AesGcm = AesGcm;
    type PrivateKey = PrivateKey;

    fn random(&mut self, bytes: &mut [u8]) {
        (self.random)(bytes);
    }

    fn hmac_sha1(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        // Any length will do.
        let Ok(mut mac) = <Hmac<Sha1> as Mac>::new_from_slice(key) else { return [0; 20] };
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    fn hmac_sha256(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        let Ok(mut mac) = <Hmac<sha2::Sha256> as Mac>::new_from_slice(key) else { return [0; 32] };
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
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

    #[inline(never)]
    fn generate(&mut self) -> (PrivateKey, [u8; 65]) {
        let mut bytes = [0; 32];
        loop {
            self.random(&mut bytes);
            // One of 2^32 is no key.
            if let Some(key) = PrivateKey::from_bytes(&bytes) {
                bytes.zeroize();
                let public = key.public_key();
                return (key, public);
            }
        }
    }

    #[inline(never)]
    fn agree(&mut self, key: &PrivateKey, public: &[u8; 65]) -> Option<[u8; 32]> {
        let public = PublicKey::from_sec1_bytes(public).ok()?;
        // A copy that nobody else erases.
        let mut scalar = key.0.to_nonzero_scalar();
        let shared = diffie_hellman(&scalar, public.as_affine());
        scalar.zeroize();
        Some((*shared.raw_secret_bytes()).into())
    }

    #[inline(never)]
    fn sign(&mut self, key: &PrivateKey, digest: &[u8; 32]) -> Option<[u8; 64]> {
        let signature: Signature = SigningKey::from(&key.0).sign_prehash(digest).ok()?;
        Some(signature.to_bytes().into())
    }

    #[inline(never)]
    fn verify(&mut self, public: &[u8; 65], digest: &[u8; 32], signature: &[u8; 64]) -> bool {
        let key = VerifyingKey::from_sec1_bytes(public);
        let signature = Signature::from_slice(signature);
        key.is_ok_and(|key| signature.is_ok_and(|it| key.verify_prehash(digest, &it).is_ok()))
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
