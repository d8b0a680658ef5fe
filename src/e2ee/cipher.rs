//! The cipher of LiveKit's end-to-end encryption, as a trait that hardware can implement.

use super::Key;

/// Bytes of an initialization vector (IV).
pub const IV_BYTES: usize = 12;
/// Bytes of the authentication tag at the end of what is encrypted.
pub const TAG_BYTES: usize = 16;

/// AES-128-GCM without additional authenticated data, in place and with the tag apart: AEAD_AES_128_GCM of
/// RFC 5116, 5.1.
///
/// [`Aes128Gcm`](super::Aes128Gcm) implements it in software. A microcontroller with AES in hardware implements
/// it with its driver.
pub trait Cipher {
    /// Encrypts `data` in place and returns the tag. The caller never passes an IV twice with the same key.
    ///
    /// # Errors
    /// If the hardware failed: `data` is not sent then.
    fn seal(
        &mut self,
        key: &Key,
        iv: &[u8; IV_BYTES],
        data: &mut [u8],
    ) -> Result<[u8; TAG_BYTES], CipherError>;

    /// Checks the tag in constant time, and decrypts `data` in place.
    ///
    /// # Errors
    /// If the tag is another one, or the hardware failed: `data` is not used then. Hardware that decrypts before it
    /// checks has to overwrite it.
    fn open(
        &mut self,
        key: &Key,
        iv: &[u8; IV_BYTES],
        data: &mut [u8],
        tag: &[u8; TAG_BYTES],
    ) -> Result<(), CipherError>;
}

/// The tag is another one, or the cipher failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CipherError;

impl core::fmt::Display for CipherError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the cipher failed, or the tag is another one")
    }
}

impl core::error::Error for CipherError {}
