//! Numbers modulo n, the order of the curve, in constant time.
//!
//! A signature multiplies twice: bit by bit is small, and fast enough.

use p256::elliptic_curve::Curve;
use p256::elliptic_curve::bigint::Encoding;
use p256::elliptic_curve::subtle::{Choice, ConditionallySelectable, ConstantTimeLess};
use p256::{NistP256, U256};
use zeroize::DefaultIsZeroes;

/// A number from 0 to n - 1.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Number(U256);

impl Number {
    /// The number of big-endian bytes, modulo n.
    pub fn reduce(bytes: &[u8; 32]) -> Self {
        // `add_mod` subtracts n once, which is enough: 2^256 is less than 2n.
        Self(U256::from_be_bytes(*bytes).add_mod(&U256::ZERO, &NistP256::ORDER))
    }

    /// The number of big-endian bytes; `None` for 0, and for n and above.
    pub fn read(bytes: &[u8; 32]) -> Option<Self> {
        is_valid(bytes).then(|| Self(U256::from_be_bytes(*bytes)))
    }

    /// Big-endian bytes.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_be_bytes()
    }

    pub fn add(&self, other: &Self) -> Self {
        Self(self.0.add_mod(&other.0, &NistP256::ORDER))
    }

    #[inline(never)]
    pub fn multiply(&self, other: &Self) -> Self {
        let mut product = Self(U256::ZERO);
        for byte in self.to_bytes() {
            for place in (0..8).rev() {
                product = product.add(&product);
                let bit = Choice::from(byte >> place & 1);
                product = product.add(&Self(U256::conditional_select(&U256::ZERO, &other.0, bit)));
            }
        }
        product
    }

    /// 1 / this; that of 0 is 0.
    #[inline(never)]
    pub fn invert(&self) -> Self {
        Self(self.0.inv_odd_mod(&NistP256::ORDER).0)
    }
}

impl DefaultIsZeroes for Number {}

/// Whether big-endian bytes are a number from 1 to n - 1.
pub(super) fn is_valid(bytes: &[u8; 32]) -> bool {
    const LARGEST: U256 = NistP256::ORDER.wrapping_sub(&U256::ONE);
    // 0 becomes the largest of all.
    let before = U256::from_be_bytes(*bytes).wrapping_sub(&U256::ONE);
    before.ct_lt(&LARGEST).into()
}
