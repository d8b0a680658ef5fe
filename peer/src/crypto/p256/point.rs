//! Points of P-256, on the field of RustCrypto's `p256`.
//!
//! Renes, Costello, Batina, "Complete addition formulas for prime order elliptic curves" (2016): projective
//! coordinates, and formulas without exceptions, so nothing branches on a point. They are those of RustCrypto's
//! points, whose y cannot be had without a path to a panic.

use p256::FieldElement;
use p256::elliptic_curve::subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// The point (x / z, y / z); z is 0 at infinity.
#[derive(Clone, Copy)]
pub(super) struct Point {
    x: FieldElement,
    y: FieldElement,
    z: FieldElement,
}

impl Point {
    /// The point at infinity.
    pub const INFINITY: Self =
        Self { x: FieldElement::ZERO, y: FieldElement::ONE, z: FieldElement::ZERO };

    /// The point of x, y; `None` if it is not on the curve.
    ///
    /// NIST SP 800-56A, 5.6.2.3.4: x and y are elements of the field and solve the equation of the curve. There is
    /// no need to look at the point's order: it is that of the curve, whose cofactor is 1.
    #[inline(never)]
    pub fn from_coordinates(coordinates: &[u8; 64]) -> Option<Self> {
        let (x, y) = coordinates.split_first_chunk::<32>()?;
        let y = y.first_chunk::<32>()?;
        let x: Option<FieldElement> = FieldElement::from_bytes(&(*x).into()).into();
        let y: Option<FieldElement> = FieldElement::from_bytes(&(*y).into()).into();
        let (x, y) = (x?, y?);
        // y^2 = x^3 - 3x + b
        let right = x.square().sub(&THREE).multiply(&x).add(&B);
        bool::from(y.square().ct_eq(&right)).then_some(Self { x, y, z: FieldElement::ONE })
    }

    /// Its x and y; 0 and 0 at infinity.
    #[inline(never)]
    pub fn to_coordinates(self) -> [u8; 64] {
        // Montgomery's form of x / 2^256 has the digits of x.
        let inverse = self.z.invert().unwrap_or(FieldElement::ZERO).multiply(&UNIT);
        let mut coordinates = [0; 64];
        for (to, from) in coordinates.as_chunks_mut::<32>().0.iter_mut().zip([self.x, self.y]) {
            let digits = from.multiply(&inverse);
            let bytes = digits.as_ref().iter().rev().flat_map(|digit| digit.to_be_bytes());
            to.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        }
        coordinates
    }

    /// Algorithm 4.
    #[inline(never)]
    pub fn add(&self, other: &Self) -> Self {
        let xx = self.x.multiply(&other.x);
        let yy = self.y.multiply(&other.y);
        let zz = self.z.multiply(&other.z);
        // x1 y2 + x2 y1, and so on.
        let xy = self.x.add(&self.y).multiply(&other.x.add(&other.y)).sub(&xx.add(&yy));
        let yz = self.y.add(&self.z).multiply(&other.y.add(&other.z)).sub(&yy.add(&zz));
        let xz = self.x.add(&self.z).multiply(&other.x.add(&other.z)).sub(&xx.add(&zz));

        let part = triple(&xz.sub(&B.multiply(&zz)));
        let (less, more) = (yy.sub(&part), yy.add(&part));
        let zz = triple(&zz);
        let part = triple(&B.multiply(&xz).sub(&zz.add(&xx)));
        let xx = triple(&xx).sub(&zz);
        Self {
            x: more.multiply(&xy).sub(&yz.multiply(&part)),
            y: more.multiply(&less).add(&xx.multiply(&part)),
            z: less.multiply(&yz).add(&xy.multiply(&xx)),
        }
    }

    /// Algorithm 6.
    #[inline(never)]
    pub fn double(&self) -> Self {
        let (xx, yy, zz) = (self.x.square(), self.y.square(), self.z.square());
        let xy = self.x.multiply(&self.y).double();
        let yz = self.y.multiply(&self.z).double();
        let xz = self.x.multiply(&self.z).double();

        let part = triple(&B.multiply(&zz).sub(&xz));
        let (less, more) = (yy.sub(&part), yy.add(&part));
        let zz = triple(&zz);
        let part = triple(&B.multiply(&xz).sub(&zz.add(&xx)));
        let xx = triple(&xx).sub(&zz);
        Self {
            x: less.multiply(&xy).sub(&part.multiply(&yz)),
            y: more.multiply(&less).add(&xx.multiply(&part)),
            z: yz.multiply(&yy).double().double(),
        }
    }

    /// Becomes `other` if `choice`.
    pub fn assign_if(&mut self, other: &Self, choice: Choice) {
        self.x.conditional_assign(&other.x, choice);
        self.y.conditional_assign(&other.y, choice);
        self.z.conditional_assign(&other.z, choice);
    }
}

fn triple(element: &FieldElement) -> FieldElement {
    element.double().add(element)
}

const THREE: FieldElement = FieldElement::from_u64(3);
/// b of the curve's equation, y^2 = x^3 - 3x + b.
const B: FieldElement =
    element([0x5ac635d8_aa3a93e7, 0xb3ebbd55_769886bc, 0x651d06b0_cc53b0f6, 0x3bce3c3e_27d2604b]);

/// 1 / 2^256.
const UNIT: FieldElement =
    element([0xfffffffe_00000003, 0xfffffffd_00000002, 0x00000001_fffffffe, 0x00000003_00000000]);

/// The generator, and it times 2^64, 2^128 and 2^192.
pub(super) static GENERATOR: [Point; 4] = [
    point(
        [0x6b17d1f2_e12c4247, 0xf8bce6e5_63a440f2, 0x77037d81_2deb33a0, 0xf4a13945_d898c296],
        [0x4fe342e2_fe1a7f9b, 0x8ee7eb4a_7c0f9e16, 0x2bce3357_6b315ece, 0xcbb64068_37bf51f5],
    ),
    point(
        [0x0fa822bc_2811aaa5, 0x8492592e_326e25de, 0x29493baa_ad651f7e, 0x90e75cb4_8e14db63],
        [0xbff44ae8_f5dba80d, 0x6f4ad4bc_b3df188b, 0x34b1a650_50fe82f5, 0xe4112454_5f462ee7],
    ),
    point(
        [0x447d739b_eedb5e67, 0xfb982fd5_88c6766e, 0xfc35ff7d_c297eac3, 0x57c84fc9_d789bd85],
        [0x2d4825ab_834131ee, 0xe12e9d95_3a4aaff7, 0x3d349b95_a7fae500, 0x0c7e33c9_72e25b32],
    ),
    point(
        [0xa6d39677_a7849276, 0x2736ff83_44315fc5, 0x96439591_a3c6b94a, 0x6cf20ffb_313728be],
        [0x674f8474_9b0b8816, 0x66b8babd_2d27ecdf, 0x824a920c_2284059b, 0xf2bab833_c357f5f4],
    ),
];

const fn point(x: [u64; 4], y: [u64; 4]) -> Point {
    Point { x: element(x), y: element(y), z: FieldElement::ONE }
}

/// An element of four digits, of which the first is the highest.
const fn element([a, b, c, d]: [u64; 4]) -> FieldElement {
    const BASE: FieldElement = FieldElement::from_u64(1 << 32).square();
    let high = FieldElement::from_u64(a).multiply(&BASE).add(&FieldElement::from_u64(b));
    let middle = high.multiply(&BASE).add(&FieldElement::from_u64(c));
    middle.multiply(&BASE).add(&FieldElement::from_u64(d))
}
