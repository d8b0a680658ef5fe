//! Numbers modulo n, the order of the curve, in constant time.

use zeroize::DefaultIsZeroes;

/// A number from 0 to n - 1. Its digits are those of the number times 2^256, modulo n: Montgomery's form.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Number(Digits);

/// The lowest comes first.
type Digits = [u32; 8];

impl Number {
    /// The number of big-endian bytes, modulo n.
    pub fn reduce(bytes: &[u8; 32]) -> Self {
        Self(multiply(&read(bytes), &SQUARE))
    }

    /// Big-endian bytes.
    #[inline(never)]
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let digits = multiply(&self.0, &[1, 0, 0, 0, 0, 0, 0, 0]);
        for (four, digit) in bytes.as_chunks_mut::<4>().0.iter_mut().rev().zip(digits) {
            *four = digit.to_be_bytes();
        }
        bytes
    }

    pub fn add(&self, other: &Self) -> Self {
        let (mut sum, mut carry) = (Digits::default(), 0);
        for ((sum, a), b) in sum.iter_mut().zip(&self.0).zip(&other.0) {
            let total = u64::from(*a).wrapping_add((*b).into()).wrapping_add(carry);
            (*sum, carry) = (total as u32, total >> 32);
        }
        Self(subtract_order(&sum, carry as u32).0)
    }

    pub fn multiply(&self, other: &Self) -> Self {
        Self(multiply(&self.0, &other.0))
    }

    /// 1 / this, which is its power of n - 2 (Fermat); that of 0 is 0.
    #[inline(never)]
    pub fn invert(&self) -> Self {
        let mut power = *self; // the exponent's highest bit is set
        for place in (0..255u32).rev() {
            power = power.multiply(&power);
            let digit = ORDER.get(place as usize / 32).copied().unwrap_or_default();
            // The order's lowest digit less 2: only bits 0 to 4 of 0x51 differ from those of 0x4f.
            let digit = if place < 32 { digit.wrapping_sub(2) } else { digit };
            if digit >> (place % 32) & 1 == 1 {
                power = power.multiply(self);
            }
        }
        power
    }
}

impl DefaultIsZeroes for Number {}

/// Whether big-endian bytes are a number from 1 to n - 1.
pub(super) fn is_valid(bytes: &[u8; 32]) -> bool {
    let (_, is_less) = subtract_order(&read(bytes), 0);
    let any = bytes.iter().fold(0, |any, byte| any | byte);
    is_less & (any != 0)
}

fn read(bytes: &[u8; 32]) -> Digits {
    let mut digits = Digits::default();
    for (digit, four) in digits.iter_mut().zip(bytes.as_chunks::<4>().0.iter().rev()) {
        *digit = u32::from_be_bytes(*four);
    }
    digits
}

/// a b / 2^256 modulo n (Montgomery, 1985), for any `a`, and a `b` below n.
///
/// Each turn adds a digit of `a` times b, and so often n that the lowest digit is 0, which is then left out. What
/// is left is below 2n.
#[inline(never)]
fn multiply(a: &Digits, b: &Digits) -> Digits {
    let (mut sum, mut top) = (Digits::default(), 0);
    for a in a {
        let [lowest, ..] = sum;
        let [b_lowest, ..] = b;
        let times = lowest.wrapping_add(a.wrapping_mul(*b_lowest)).wrapping_mul(NEGATIVE_INVERSE);
        let (mut carry, mut order_carry) = (0, 0);
        for ((sum, b), order) in sum.iter_mut().zip(b).zip(&ORDER) {
            let digit;
            (digit, carry) = multiply_add(*a, *b, *sum, carry);
            (*sum, order_carry) = multiply_add(times, *order, digit, order_carry);
        }
        let total = u64::from(top).wrapping_add(carry.into()).wrapping_add(order_carry.into());
        let [_, b, c, d, e, f, g, h] = sum;
        sum = [b, c, d, e, f, g, h, total as u32];
        top = (total >> 32) as u32;
    }
    subtract_order(&sum, top).0
}

/// a b + c + d, which is below 2^64: its lower and its higher digit.
#[inline(always)]
fn multiply_add(a: u32, b: u32, c: u32, d: u32) -> (u32, u32) {
    let sum = u64::from(a).wrapping_mul(b.into()).wrapping_add(c.into()).wrapping_add(d.into());
    (sum as u32, (sum >> 32) as u32)
}

/// A number with a ninth digit `top`, less n if it is not below n; and whether it is below n.
#[inline(never)]
fn subtract_order(number: &Digits, top: u32) -> (Digits, bool) {
    let (mut difference, mut borrow) = (Digits::default(), 0);
    for ((difference, digit), order) in difference.iter_mut().zip(number).zip(&ORDER) {
        let total = i64::from(*digit).wrapping_sub((*order).into()).wrapping_add(borrow);
        (*difference, borrow) = (total as u32, total >> 32);
    }
    // All ones if it was below n.
    let mask = i64::from(top).wrapping_add(borrow) as u32;
    for (difference, digit) in difference.iter_mut().zip(number) {
        *difference = *difference & !mask | *digit & mask;
    }
    (difference, mask != 0)
}

/// n.
const ORDER: Digits =
    [0xfc63_2551, 0xf3b9_cac2, 0xa717_9e84, 0xbce6_faad, 0xffff_ffff, 0xffff_ffff, 0, 0xffff_ffff];
/// 2^512 modulo n.
const SQUARE: Digits = [
    0xbe79_eea2,
    0x8324_4c95,
    0x49bd_6fa6,
    0x4699_799c,
    0x2b6b_ec59,
    0x2845_b239,
    0xf3d9_5620,
    0x66e1_2d94,
];
/// -1 / n modulo 2^32.
const NEGATIVE_INVERSE: u32 = 0xee00_bc4f;
