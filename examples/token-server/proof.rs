//! The proof that a device has its key: HMAC-SHA-256 with it, of a label, the nonce and the identity, in hexadecimal.
//!
//! ```text
//! proof = HMAC-SHA-256(key, "livekit-micro token 1\n" nonce "\n" identity)
//! ```
//!
//! The nonce makes each proof good for one request, the identity for one device, and the label keeps it apart from
//! whatever else the key signs. A nonce has no line break, so that no two pairs of nonce and identity are the same text.

use hmac::{Hmac, Mac};
use sha2::Sha256;

const LABEL: &[u8] = b"livekit-micro token 1\n";

/// RFC 2104, 3: "keys […] less than L bytes [the length of the hash] is strongly discouraged", and "Keys need to be
/// chosen at random (or using a cryptographically strong pseudo-random generator […]), and periodically refreshed."
pub const KEY_BYTES: usize = 32;
pub type Key = [u8; KEY_BYTES];

/// Whether a proof is one with this key. The time it takes does not depend on how much of it is right.
pub fn is_of(key: &Key, identity: &str, nonce: &str, proof: &str) -> bool {
    let mut mac = new(key);
    for part in [LABEL, nonce.as_bytes(), b"\n", identity.as_bytes()] {
        mac.update(part);
    }
    let Some(proof) = unhex::<32>(proof) else { return false };
    mac.verify_slice(&proof).is_ok()
}

pub fn new(key: &Key) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads exactly so many bytes.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut bytes = [0; N];
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |it: u8| char::from(it).to_digit(16);
        *byte = (digit(*high)? << 4 | digit(*low)?) as u8;
    }
    Some(bytes)
}
