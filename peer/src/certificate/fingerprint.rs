//! Fingerprints (RFC 8122, 5).

use core::fmt;

use crate::Crypto;
use crate::crypto::Sha256;

/// The SHA-256 of a certificate (DER), by which the other end knows it.
pub fn fingerprint<C: Crypto>(certificate: &[u8]) -> [u8; 32] {
    let mut hash = C::Sha256::new();
    hash.update(certificate);
    hash.finish()
}

/// A fingerprint as SDP has it after `a=fingerprint:sha-256 `: AB:CD:… .
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint<'f>(
    /// The bytes of the hash.
    pub &'f [u8; 32],
);

impl fmt::Display for Fingerprint<'_> {
    /// RFC 8122, 5: "a sequence of uppercase hexadecimal bytes, separated by colons".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for byte in self.0 {
            write!(f, "{separator}{byte:02X}")?;
            separator = ":";
        }
        Ok(())
    }
}
