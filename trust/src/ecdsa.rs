//! Signatures of ECDSA (FIPS 186-5, 6.4.2), on RustCrypto's arithmetic, in variable time: all of it is public.
//!
//! Not by its `VerifyingKey`, whose tables of multiples take 3 KB of stack and whose encodings have paths to a panic
//! that would stay in the firmware.

mod p256;
#[cfg(feature = "p384")]
mod p384;

pub use self::p256::verify as verify_p256;
#[cfg(feature = "p384")]
pub use self::p384::verify as verify_p384;

use crate::der;

/// A point of a curve.
trait Point: Copy {
    /// The point at infinity.
    const INFINITY: Self;

    /// Twice the point.
    fn twice(&self) -> Self;

    /// The sum of two points.
    fn plus(&self, other: &Self) -> Self;
}

/// `u G + v Q`. The bits of both numbers, which are big-endian, are read at once (Shamir's trick: H. Cohen and others,
/// Handbook of Elliptic and Hyperelliptic Curve Cryptography, 9.1.5).
#[inline(never)]
fn combine<P: Point>([u, v]: [&[u8]; 2], [g, q]: [P; 2]) -> P {
    let both = g.plus(&q);
    let mut sum = P::INFINITY;
    for (u, v) in u.iter().zip(v) {
        for bit in [0x80, 0x40, 0x20, 0x10, 8, 4, 2, 1] {
            sum = sum.twice();
            match (u & bit != 0, v & bit != 0) {
                (true, true) => sum = sum.plus(&both),
                (true, false) => sum = sum.plus(&g),
                (false, true) => sum = sum.plus(&q),
                (false, false) => {}
            }
        }
    }
    sum
}

/// r and s of `Ecdsa-Sig-Value` (RFC 3279, 2.2.3), as `N` bytes each.
fn halves<const N: usize>(signature: &[u8]) -> Option<([u8; N], [u8; N])> {
    let (r, s) = der::two_numbers(signature)?;
    Some((padded(r)?, padded(s)?))
}

/// x and y of a point that is not compressed (SEC 1, 2.3.3): 04, x, y.
fn coordinates<const N: usize>(key: &[u8]) -> Option<([u8; N], [u8; N])> {
    let [4, x_and_y @ ..] = key else { return None };
    let (x, y) = x_and_y.split_first_chunk::<N>()?;
    Some((*x, y.try_into().ok()?))
}

/// A big-endian number in `N` bytes; `None` if it needs more.
fn padded<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let start = N.checked_sub(digits.len())?;
    bytes.get_mut(start..)?.iter_mut().zip(digits).for_each(|(to, from)| *to = *from);
    Some(bytes)
}

/// FIPS 186-5, 6.4.2, step 2: "Derive an integer e from H"; of a longer hash the leftmost bits (6.4.1, step 2).
fn leftmost<const N: usize>(digest: &[u8]) -> [u8; N] {
    padded(digest.get(..N).unwrap_or(digest)).unwrap_or([0; N])
}
