//! P-256, by `p256` 0.13.

#![expect(clippy::arithmetic_side_effects, reason = "of numbers modulo the order, and of points")]

use p256::elliptic_curve::PrimeField as _;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::AffineCoordinates as _;
use p256::elliptic_curve::point::Double;
use p256::elliptic_curve::sec1::FromEncodedPoint as _;
use p256::{AffinePoint, EncodedPoint, ProjectivePoint, Scalar, U256};

use super::{Point, combine, coordinates, halves, leftmost};

/// Verifies the signature of a message with this digest (FIPS 186-5, 6.4.2).
#[inline(never)]
pub fn verify(key: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let (r, s) = halves::<32>(signature)?;
    // Step 1: r and s are from 1 to n - 1. Neither is 0, as `halves` reads.
    let r: Scalar = Option::from(Scalar::from_repr(r.into()))?;
    let s: Scalar = Option::from(Scalar::from_repr(s.into()))?;
    // Steps 2 to 4: u = e / s, v = r / s.
    let e = reduce(&leftmost(digest));
    let inverse = Option::<Scalar>::from(s.invert())?;
    let (u, v) = ((e * inverse).to_bytes(), (r * inverse).to_bytes());
    // Step 5: R = uG + vQ; the point at infinity, whose x is 0 here, is refused, as r is not 0.
    let point = combine([&u, &v], [ProjectivePoint::GENERATOR, decode(key)?]);
    // Steps 6 and 7: r is x of R modulo n.
    (reduce(&point.to_affine().x().into()) == r).then_some(())
}

/// SP 800-56A, 5.6.2.3.4: the coordinates are elements of the field and solve the equation of the curve.
fn decode(key: &[u8]) -> Option<ProjectivePoint> {
    let (x, y) = coordinates::<32>(key)?;
    let encoded = EncodedPoint::from_affine_coordinates(&x.into(), &y.into(), false);
    Option::<AffinePoint>::from(AffinePoint::from_encoded_point(&encoded)).map(Into::into)
}

fn reduce(bytes: &[u8; 32]) -> Scalar {
    <Scalar as Reduce<U256>>::reduce_bytes(&(*bytes).into())
}

impl Point for ProjectivePoint {
    const INFINITY: Self = Self::IDENTITY;

    #[inline(never)]
    fn twice(&self) -> Self {
        Double::double(self)
    }

    #[inline(never)]
    fn plus(&self, other: &Self) -> Self {
        self + other
    }
}
