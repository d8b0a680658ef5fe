//! What a peer needs of cryptography: four primitives, and P-256.
//!
//! [`RustCrypto`] (feature `rustcrypto`, on by default) does it in Rust. A firmware whose chip or library does
//! some of it faster implements [`Crypto`] itself.

#[cfg(feature = "rustcrypto")]
mod gcm;
#[cfg(feature = "rustcrypto")]
mod p256;
#[cfg(feature = "rustcrypto")]
mod rustcrypto;

#[cfg(feature = "rustcrypto")]
pub use gcm::AesGcm;
#[cfg(feature = "rustcrypto")]
pub use p256::PrivateKey;
#[cfg(feature = "rustcrypto")]
pub use rustcrypto::RustCrypto;

/// Random numbers, SHA-256, HMAC, AES-128-GCM, and four operations of P-256.
///
/// Private keys, and keys of AES, erase what they hold when they are dropped.
pub trait Crypto {
    /// A running SHA-256.
    type Sha256: Sha256;
    /// A key of AES-128-GCM, ready for use.
    type AesGcm;
    /// A private key of P-256: the device's own, or one of a single handshake. It may be a handle of a secure
    /// element's.
    type PrivateKey;

    /// Fills `bytes` from a source that nobody can predict. A device without one cannot have a secure
    /// connection: an implementation that fails must not return.
    ///
    /// Numbers that repeat after a reset are as bad: a recorded handshake can be played again, and two sessions
    /// encrypt with the same key and nonces. A generator that is seeded needs another seed at each start.
    fn random(&mut self, bytes: &mut [u8]);

    /// HMAC-SHA1 of `parts`, one after the other: STUN's MESSAGE-INTEGRITY.
    fn hmac_sha1(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 20];

    /// HMAC-SHA256 of `parts`, one after the other: the key derivation of DTLS 1.2.
    fn hmac_sha256(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 32];

    /// Makes a key of AES-128-GCM ready for use.
    fn aes_gcm(&mut self, key: &[u8; 16]) -> Self::AesGcm;

    /// Encrypts `data` in place and returns the tag over it and `aad`.
    fn seal(
        &mut self,
        key: &Self::AesGcm,
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
    ) -> [u8; 16];

    /// Decrypts `data` in place; `false`, and `data` is of no use, if the tag is not that of it and `aad`.
    #[must_use]
    fn open(
        &mut self,
        key: &Self::AesGcm,
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> bool;

    /// Makes a key pair. The public key is uncompressed: 04, x, y.
    fn generate(&mut self) -> (Self::PrivateKey, [u8; 65]);

    /// The x of the point that ECDH gives; `None` if `public` is not a point of the curve.
    fn agree(&mut self, key: &Self::PrivateKey, public: &[u8; 65]) -> Option<[u8; 32]>;

    /// Signs a SHA-256 digest with ECDSA: r, s. `None` if the key cannot sign.
    fn sign(&mut self, key: &Self::PrivateKey, digest: &[u8; 32]) -> Option<[u8; 64]>;

    /// Checks a signature (r, s) of a SHA-256 digest; `false` too if `public` is not a point of the curve.
    #[must_use]
    fn verify(&mut self, public: &[u8; 65], digest: &[u8; 32], signature: &[u8; 64]) -> bool;
}

/// A running SHA-256.
pub trait Sha256: Clone {
    /// Begins.
    fn new() -> Self;
    /// Goes on with `bytes`.
    fn update(&mut self, bytes: &[u8]);
    /// Ends.
    fn finish(self) -> [u8; 32];
}
