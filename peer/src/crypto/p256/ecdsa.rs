//! ECDSA (FIPS 186-5, 6).

use zeroize::Zeroizing;

use super::curve::{multiply_both, multiply_generator};
use super::nonce::Nonces;
use super::order::{Number, is_valid};
use super::{PrivateKey, decode, x};

/// FIPS 186-5, 6.4.1, with the per-message secret number of [`Nonces`].
#[inline(never)]
pub(in super::super) fn sign(key: &PrivateKey, digest: &[u8; 32], noise: &[u8; 32]) -> [u8; 64] {
    let mut nonces = Nonces::new(&key.0, digest, noise);
    let private = Zeroizing::new(Number::reduce(&key.0));
    loop {
        let bytes = nonces.next();
        let Some(k) = read(&bytes).map(Zeroizing::new) else { continue };
        // Steps 4 and 5: R = [k]G, and r is its x modulo n.
        let r = Number::reduce(&x(multiply_generator(&bytes)));
        // Step 9: s = k^-1 (e + r d).
        let sum = Zeroizing::new(Number::reduce(digest).add(&r.multiply(&private)));
        let inverse = Zeroizing::new(k.invert());
        let s = inverse.multiply(&sum);
        let mut signature = [0; 64];
        for (half, number) in signature.as_chunks_mut::<32>().0.iter_mut().zip([r, s]) {
            *half = number.to_bytes();
        }
        // Step 11: neither is 0, but for one of 2^255.
        if halves(&signature).is_some() {
            return signature;
        }
    }
}

/// FIPS 186-5, 6.4.2. Everything here is public. A high s is as good as a low one.
#[inline(never)]
pub(in super::super) fn verify(public: &[u8; 65], digest: &[u8; 32], signature: &[u8; 64]) -> bool {
    let (Some(public), Some((r, s))) = (decode(public), halves(signature)) else { return false };
    // Steps 5 to 7: u = e / s, v = r / s, R = [u]G + [v]Q.
    let inverse = s.invert();
    let u = Number::reduce(digest).multiply(&inverse).to_bytes();
    let v = r.multiply(&inverse).to_bytes();
    let point = multiply_both(&u, &public, &v);
    // Step 8: the point at infinity, whose x is 0 here, is refused, as r is not 0.
    Number::reduce(&x(point)) == r
}

/// r and s, if both are from 1 to n - 1.
fn halves(signature: &[u8; 64]) -> Option<(Number, Number)> {
    let (r, s) = signature.split_first_chunk()?;
    Some((read(r)?, read(s.first_chunk()?)?))
}

/// A number from 1 to n - 1.
fn read(bytes: &[u8; 32]) -> Option<Number> {
    is_valid(bytes).then(|| Number::reduce(bytes))
}
