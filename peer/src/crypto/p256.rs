//! P-256 (NIST SP 800-186, 3.2.1.3) on the field of RustCrypto's `p256`.
//!
//! Not on its points, keys and signatures: they have paths to a panic, and multiply twice for what [`curve`] does
//! at once.

mod curve;
mod ecdsa;
mod nonce;
mod order;
mod point;

use order::is_valid;
use point::Point;
use zeroize::Zeroize;

pub(super) use ecdsa::{sign, verify};

/// A private key of P-256. It is erased when it is dropped.
pub struct PrivateKey([u8; 32]);

impl PrivateKey {
    /// The key of these 32 bytes, which are big-endian; `None` for 0, and for the order of the curve and above.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        is_valid(bytes).then_some(Self(*bytes))
    }

    /// The public key: 04, x, y.
    #[inline(never)]
    pub fn public_key(&self) -> [u8; 65] {
        let mut encoded = [4; 65];
        let [_, coordinates @ ..] = &mut encoded;
        *coordinates = curve::multiply_generator(&self.0).to_coordinates();
        encoded
    }

    /// SEC 1, 3.3.1: the x of the private key times the other's point.
    #[inline(never)]
    pub(super) fn agree(&self, public: &[u8; 65]) -> Option<[u8; 32]> {
        let public = decode(public)?;
        Some(x(curve::multiply(&public, &self.0)))
    }
}

impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Makes a key of the random numbers that `random` fills a slice with.
///
/// FIPS 186-5, A.2.2: what is no key is rejected, so each key is as likely as any other.
#[inline(never)]
pub(super) fn generate(mut random: impl FnMut(&mut [u8])) -> PrivateKey {
    let mut key = PrivateKey([0; 32]);
    loop {
        random(&mut key.0);
        // One of 2^32 is rejected.
        if is_valid(&key.0) {
            return key;
        }
    }
}

/// The point of 04, x, y; `None` if it is not on the curve.
fn decode(public: &[u8; 65]) -> Option<Point> {
    let [4, coordinates @ ..] = public else { return None };
    Point::from_coordinates(coordinates)
}

/// The x of a point; 0 at infinity.
fn x(point: Point) -> [u8; 32] {
    point.to_coordinates().first_chunk().copied().unwrap_or_default()
}
