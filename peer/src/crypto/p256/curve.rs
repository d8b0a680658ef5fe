//! Points times numbers.
//!
//! One loop for all: it walks over digits of four bits, each bit of which stands for a point. What the digits
//! are made of, and so how often the sum is doubled, differs.

use p256::elliptic_curve::subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::point::{GENERATOR, Point};

/// `k` times a point, four bits of `k` at a time.
pub(super) fn multiply(point: &Point, k: &[u8; 32]) -> Point {
    let (double, mut digits) = (point.double(), Zeroizing::new([0; 64]));
    let four = double.double();
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(k) {
        *pair = [byte >> 4, byte & 0xf];
    }
    combine(&[*point, double, four, four.double()], &*digits, 4, select)
}

/// `k` times the generator, the same bit of each quarter of `k` at a time: of 256 doublings 64 are left.
pub(super) fn multiply_generator(k: &[u8; 32]) -> Point {
    let mut digits = Zeroizing::new([0; 64]);
    for (quarter, bytes) in k.as_chunks::<8>().0.iter().rev().enumerate() {
        let bits = u64::from_be_bytes(*bytes);
        for (place, digit) in (0u32..64).rev().zip(digits.iter_mut()) {
            *digit |= ((bits >> place) as u8 & 1) << quarter;
        }
    }
    combine(&GENERATOR, &*digits, 1, select)
}

/// `k` times the generator, and `l` times a point, two bits of each at a time. All of it is public.
pub(super) fn multiply_both(k: &[u8; 32], point: &Point, l: &[u8; 32]) -> Point {
    let [generator, ..] = &GENERATOR;
    let mut digits = [0; 128];
    for (four, (k, l)) in digits.as_chunks_mut::<4>().0.iter_mut().zip(k.iter().zip(l)) {
        for (place, digit) in [6, 4, 2, 0].into_iter().zip(four) {
            *digit = k >> place & 3 | (l >> place & 3) << 2;
        }
    }
    let points = [*generator, generator.double(), *point, point.double()];
    combine(&points, &digits, 2, |sums, digit| {
        sums.get(usize::from(digit)).copied().unwrap_or(Point::INFINITY)
    })
}

/// Adds for each digit those points whose bits are set, and doubles the sum so many times before the next one.
///
/// In constant time, if `select` is.
#[inline(never)]
fn combine(
    points: &[Point; 4],
    digits: &[u8],
    doublings: u8,
    select: fn(&[Point; 16], u8) -> Point,
) -> Point {
    let mut sums = [Point::INFINITY; 16];
    for (bit, point) in (0u32..).zip(points) {
        let Some((without, with)) = sums.split_at_mut_checked(1 << bit) else { continue };
        with.iter_mut().zip(without).for_each(|(with, without)| *with = without.add(point));
    }
    let mut sum = Point::INFINITY;
    for digit in digits {
        for _ in 0..doublings {
            sum = sum.double();
        }
        sum = sum.add(&select(&sums, *digit));
    }
    sum
}

/// The sum of a secret digit: which one it is shows neither in what is done nor in which memory is read.
fn select(sums: &[Point; 16], digit: u8) -> Point {
    let mut selected = Point::INFINITY;
    for (at, sum) in (0u8..).zip(sums) {
        selected.assign_if(sum, at.ct_eq(&digit));
    }
    selected
}
