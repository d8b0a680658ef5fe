//! P-384, by `p384` 0.14.

#![expect(clippy::arithmetic_side_effects, reason = "of numbers modulo the order, and of points")]

use p384::elliptic_curve::PrimeField as _;
use p384::elliptic_curve::ops::Double;
use p384::elliptic_curve::ops::Reduce;
use p384::elliptic_curve::point::AffineCoordinates as _;
use p384::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};

use super::{Point, combine, coordinates, halves, leftmost};

/// Verifies the signature of a message with this digest; the steps are those of P-256.
#[inline(never)]
pub fn verify(key: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let (r, s) = halves::<48>(signature)?;
    let r: Scalar = Option::from(Scalar::from_repr(r.into()))?;
    let s: Scalar = Option::from(Scalar::from_repr(s.into()))?;
    let e = reduce(&leftmost::<48>(digest).into());
    let inverse = Option::<Scalar>::from(s.invert())?;
    let (u, v) = ((e * inverse).to_repr(), (r * inverse).to_repr());
    let point = combine([&u, &v], [ProjectivePoint::GENERATOR, decode(key)?]);
    (reduce(&point.to_affine().x()) == r).then_some(())
}

fn decode(key: &[u8]) -> Option<ProjectivePoint> {
    let (x, y) = coordinates::<48>(key)?;
    Option::<AffinePoint>::from(AffinePoint::from_coordinates(&x.into(), &y.into())).map(Into::into)
}

fn reduce(bytes: &FieldBytes) -> Scalar {
    <Scalar as Reduce<FieldBytes>>::reduce(bytes)
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
