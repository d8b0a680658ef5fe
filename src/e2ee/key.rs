//! Keys, and the derivation that takes no time.

use core::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::codec::fmt::Redacted;

/// The salt of LiveKit's SDKs, unless the application sets another one (`ratchet_salt`).
pub const DEFAULT_SALT: &[u8] = b"LKFrameEncryptionKey";

/// A key of AES-128: 16 bytes, which logs do not show.
///
/// The best place to derive one is where the device is provisioned. A device that has a passphrase takes
/// [`Pbkdf2`](super::Pbkdf2) or [`Derived::hkdf`], the same that the application's other participants use.
#[derive(Clone)]
pub struct Key([u8; 16]);

impl Key {
    pub(super) const ZERO: Self = Self([0; 16]);

    /// A key of these bytes.
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns its bytes, for a cipher or to store them.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// What is derived from an application's key material: a key, and the material of the key after it.
#[derive(Clone)]
pub struct Derived([u8; 32]);

impl Derived {
    pub(super) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Derives by HKDF-SHA-256 (RFC 5869). JavaScript does so if the application passes bytes for the key, the
    /// other SDKs if it asks for it. `material` is random: it is no protection for a passphrase.
    pub fn hkdf(material: &[u8], salt: &[u8]) -> Self {
        // 2.2: PRK = HMAC-Hash(salt, IKM).
        let mut mac = keyed(salt);
        mac.update(material);
        // 2.3: 32 bytes are one block, T(1) = HMAC-Hash(PRK, info | 0x01). LiveKit's info is 128 zeros.
        let mut mac = keyed(&mac.finalize().into_bytes());
        mac.update(&[0; 128]);
        mac.update(&[1]);
        Self(mac.finalize().into_bytes().into())
    }

    /// Returns the key.
    pub fn key(&self) -> Key {
        // Both derivations yield the same first bytes whatever length is asked for.
        Key(*self.0.first_chunk().unwrap_or(&[0; 16]))
    }

    /// Returns the material of the next key: `ratchetKey` of LiveKit's SDKs is one more derivation, of this.
    ///
    /// Nothing here ratchets by itself: a receiver that does can be made to lose its key by one bad packet.
    pub const fn material(&self) -> &[u8; 32] {
        &self.0
    }
}

/// HMAC-SHA-256 with a key of any length.
pub(super) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // It fails for no length: the default is never used.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&Redacted { len: 16, unit: "bytes" }).finish()
    }
}

impl fmt::Debug for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Derived").field(&Redacted { len: 32, unit: "bytes" }).finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Key {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Key({})", Redacted { len: 16, unit: "bytes" });
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Derived {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Derived({})", Redacted { len: 32, unit: "bytes" });
    }
}
