//! The per-message secret number of ECDSA, from the key, the message and random bytes.
//!
//! A number that is guessed, in part or once, gives away the key. RFC 6979 needs no random numbers for it; with
//! some, who makes the device sign a message twice, and disturbs it, learns nothing of use
//! (draft-irtf-cfrg-det-sigs-with-noise: "the calculation of the per-message secret number includes both fresh
//! randomness and the message"). Should they be bad, the numbers are as good as those of RFC 6979.

use p256::Scalar;
use zeroize::{Zeroize, Zeroizing};

use super::ecdsa::reduce;
use crate::crypto::rustcrypto::hmac_sha256;

/// The numbers of a message, of which the first is used, unless it is outside the range of the curve.
pub(super) struct Nonces {
    key: [u8; 32],
    value: [u8; 32],
}

impl Nonces {
    /// RFC 6979, 3.2, steps a to g. 3.6: "Additional data may be added to the input of HMAC, concatenated after
    /// bits2octets(H(m))"; here, `noise`.
    pub fn new(private: &Scalar, digest: &[u8; 32], noise: &[u8; 32]) -> Self {
        // 2.3.4, bits2octets: modulo the order.
        let digest = reduce(digest).to_bytes();
        let private = Zeroizing::new(<[u8; 32]>::from(private.to_bytes()));
        let mut nonces = Self { key: [0; 32], value: [1; 32] };
        for separator in [0, 1] {
            nonces.update(&[&[separator], &*private, &digest, noise]);
        }
        nonces
    }

    /// Step h, with what it does before the next number.
    pub fn next(&mut self) -> Zeroizing<[u8; 32]> {
        self.value = hmac_sha256(&self.key, &[&self.value]);
        let nonce = Zeroizing::new(self.value);
        self.update(&[&[0], &[], &[], &[]]);
        nonce
    }

    /// K = HMAC_K(V || data), V = HMAC_K(V).
    fn update(&mut self, [separator, private, digest, noise]: &[&[u8]; 4]) {
        self.key = hmac_sha256(&self.key, &[&self.value, separator, private, digest, noise]);
        self.value = hmac_sha256(&self.key, &[&self.value]);
    }
}

impl Drop for Nonces {
    fn drop(&mut self) {
        self.key.zeroize();
        self.value.zeroize();
    }
}
