//! P-256 on RustCrypto's `p256`: its numbers, its points and their products.
//!
//! Not by its keys and signatures, whose encodings have paths to a panic that would stay in the firmware.

#![expect(clippy::arithmetic_side_effects, reason = "of numbers modulo the order, and of points")]

mod ecdsa;
mod nonce;

use p256::elliptic_curve::point::{AffineCoordinates as _, DecompressPoint as _};
use p256::elliptic_curve::{Field as _, PrimeField as _};
use p256::{AffinePoint, FieldElement, ProjectivePoint, Scalar};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize as _;

pub(super) use ecdsa::{sign, verify};

/// A private key of P-256. It is erased when it is dropped.
pub struct PrivateKey(Scalar);

impl PrivateKey {
    /// The key of these 32 bytes, which are big-endian; `None` for 0, and for the order of the curve and above.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        scalar(bytes).map(Self)
    }

    /// The public key: 04, x, y.
    #[inline(never)]
    pub fn public_key(&self) -> [u8; 65] {
        let point = (ProjectivePoint::GENERATOR * self.0).to_affine();
        let x = point.x();
        let y = FieldElement::from_bytes(&x).and_then(|x| right_side(&x).sqrt());
        let y = y.unwrap_or(FieldElement::ZERO);
        // Of the two roots, the point's.
        let y = if bool::from(y.is_odd().ct_eq(&point.y_is_odd())) { y } else { y.neg() };
        let mut encoded = [4; 65];
        let [_, coordinates @ ..] = &mut encoded;
        let bytes = x.into_iter().chain(y.to_bytes());
        coordinates.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        encoded
    }

    /// SEC 1, 3.3.1: the x of the private key times the other's point.
    #[inline(never)]
    pub(super) fn agree(&self, public: &[u8; 65]) -> Option<[u8; 32]> {
        Some((decode(public)? * self.0).to_affine().x().into())
    }
}

impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Makes a key of the random numbers that `random` fills a slice with.
///
/// FIPS 186-5, A.2.2: what is not a key is rejected, so each key is as likely as any other.
#[inline(never)]
pub(super) fn generate(mut random: impl FnMut(&mut [u8])) -> PrivateKey {
    let mut bytes = [0; 32];
    loop {
        random(&mut bytes);
        // One of 2^32 is rejected.
        if let Some(key) = PrivateKey::from_bytes(&bytes) {
            bytes.zeroize();
            return key;
        }
    }
}

/// The point of 04, x, y; `None` if it is not on the curve.
///
/// NIST SP 800-56A, 5.6.2.3.4: x and y are elements of the field and solve the equation of the curve. There is no
/// need to look at the point's order: it is that of the curve, whose cofactor is 1.
#[inline(never)]
fn decode(public: &[u8; 65]) -> Option<ProjectivePoint> {
    let [4, coordinates @ ..] = public else { return None };
    let (x_bytes, y) = coordinates.split_first_chunk::<32>()?;
    let x: Option<FieldElement> = FieldElement::from_bytes(&(*x_bytes).into()).into();
    let y: Option<FieldElement> =
        FieldElement::from_bytes(&(*y.first_chunk::<32>()?).into()).into();
    let (x, y) = (x?, y?);
    if !bool::from(y.square().ct_eq(&right_side(&x))) {
        return None;
    }
    let point: Option<AffinePoint> = AffinePoint::decompress(&(*x_bytes).into(), y.is_odd()).into();
    point.map(ProjectivePoint::from)
}

/// The right side of the curve's equation, y^2 = x^3 - 3x + b.
fn right_side(x: &FieldElement) -> FieldElement {
    x.square().sub(&THREE).multiply(x).add(&B)
}

const THREE: FieldElement = FieldElement::from_u64(3);
/// b of the curve's equation.
const B: FieldElement =
    element([0x5ac635d8_aa3a93e7, 0xb3ebbd55_769886bc, 0x651d06b0_cc53b0f6, 0x3bce3c3e_27d2604b]);

/// An element of four digits, of which the first is the highest.
const fn element([a, b, c, d]: [u64; 4]) -> FieldElement {
    const BASE: FieldElement = FieldElement::from_u64(1 << 32).square();
    let high = FieldElement::from_u64(a).multiply(&BASE).add(&FieldElement::from_u64(b));
    let middle = high.multiply(&BASE).add(&FieldElement::from_u64(c));
    middle.multiply(&BASE).add(&FieldElement::from_u64(d))
}

/// A number from 1 to n - 1.
fn scalar(bytes: &[u8; 32]) -> Option<Scalar> {
    let number: Option<Scalar> = Scalar::from_repr((*bytes).into()).into();
    number.filter(|number| !bool::from(number.is_zero()))
}
