//! ECDSA (FIPS 186-5, 6).

use p256::elliptic_curve::ops::{LinearCombination as _, Reduce};
use p256::elliptic_curve::point::AffineCoordinates as _;
use p256::{ProjectivePoint, Scalar, U256};
use zeroize::Zeroize as _;

use super::nonce::Nonces;
use super::{PrivateKey, decode, scalar};

/// FIPS 186-5, 6.4.1, with the per-message secret number of [`Nonces`].
#[inline(never)]
pub(in super::super) fn sign(key: &PrivateKey, digest: &[u8; 32], noise: &[u8; 32]) -> [u8; 64] {
    let mut nonces = Nonces::new(&key.0, digest, noise);
    loop {
        let Some(mut k) = scalar(&nonces.next()) else { continue };
        // Steps 4 and 5: R = [k]G, and r is its x modulo n.
        let r = x(&(ProjectivePoint::GENERATOR * k));
        // Step 9: s = k^-1 (e + r d).
        let mut inverse = k.invert().unwrap_or(Scalar::ZERO);
        let mut sum = reduce(digest) + r * key.0;
        let s = inverse * sum;
        k.zeroize();
        inverse.zeroize();
        sum.zeroize();
        let mut signature = [0; 64];
        let bytes = r.to_bytes().into_iter().chain(s.to_bytes());
        signature.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
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
    let inverse = s.invert().unwrap_or(Scalar::ZERO);
    let (u, v) = (reduce(digest) * inverse, r * inverse);
    let point = ProjectivePoint::lincomb(&ProjectivePoint::GENERATOR, &u, &public, &v);
    // Step 8: the point at infinity, whose x is 0 here, is refused, as r is not 0.
    x(&point) == r
}

/// r and s, if both are from 1 to n - 1.
fn halves(signature: &[u8; 64]) -> Option<(Scalar, Scalar)> {
    let (r, s) = signature.split_first_chunk()?;
    Some((scalar(r)?, scalar(s.first_chunk()?)?))
}

/// The x of a point modulo n.
fn x(point: &ProjectivePoint) -> Scalar {
    reduce(&point.to_affine().x().into())
}

pub(super) fn reduce(bytes: &[u8; 32]) -> Scalar {
    <Scalar as Reduce<U256>>::reduce_bytes(&(*bytes).into())
}
