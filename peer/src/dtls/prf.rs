//! The pseudorandom function of TLS 1.2, and what is derived with it.

use zeroize::Zeroize;

use crate::Crypto;
use crate::bytes::copy;

/// RFC 5246, 5: P_SHA256(secret, label + seed), where the seed is `seed`'s parts, one after the other.
///
/// `out` has at most 64 bytes: nothing longer is derived here.
pub fn prf<C: Crypto>(
    crypto: &mut C,
    secret: &[u8],
    label: &[u8],
    [seed, more_seed]: [&[u8]; 2],
    out: &mut [u8],
) {
    // "A(0) = seed; A(i) = HMAC_hash(secret, A(i-1))", where P_hash's seed is the label and the seed.
    let mut a = crypto.hmac_sha256(secret, &[label, seed, more_seed]);
    for part in out.chunks_mut(a.len()) {
        let mut block = crypto.hmac_sha256(secret, &[&a, label, seed, more_seed]);
        copy(part, &block);
        block.zeroize();
        a = crypto.hmac_sha256(secret, &[&a]);
    }
    a.zeroize();
}

/// Bytes that are erased when they are dropped.
pub(super) struct Secret<const N: usize>(pub [u8; N]);

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
