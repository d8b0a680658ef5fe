//! Multiplication modulo an odd number, by P. Montgomery's method, in variable time.
//!
//! Numbers are slices of words, the lowest first, as long as the modulus. A number x has the form xR mod n, where R is
//! 2^32 to the power of the number of words.

/// Words of the longest number: 4096 bits.
pub const MAX_WORDS: usize = 128;

/// An odd number, modulo which is computed.
pub struct Modulus<'n> {
    words: &'n [u32],
    /// -1 / n modulo 2^32.
    factor: u32,
}

impl<'n> Modulus<'n> {
    /// Returns `None` if `words` are an even number.
    pub fn new(words: &'n [u32]) -> Option<Self> {
        let lowest = *words.first().filter(|lowest| **lowest % 2 == 1)?;
        // An odd number is its own inverse modulo 8; each step of Newton's doubles the number of right bits.
        let inverse = (0..4).fold(lowest, |inverse, _| {
            inverse.wrapping_mul(2u32.wrapping_sub(lowest.wrapping_mul(inverse)))
        });
        Some(Self { words, factor: inverse.wrapping_neg() })
    }

    /// Returns `true` if `number` is below the modulus.
    pub fn is_above(&self, number: &[u32]) -> bool {
        number.iter().rev().lt(self.words.iter().rev())
    }

    /// `out = a b / R mod n`, where `a` and `b` are below n.
    ///
    /// "Coarsely integrated operand scanning" of Ç. K. Koç, T. Acar and B. S. Kaliski, Analyzing and Comparing
    /// Montgomery Multiplication Algorithms, with both inner loops in one: for each word of `a`, a multiple of n is
    /// added that makes the lowest word 0, and all words move down by one.
    #[inline(never)]
    pub fn multiply(&self, out: &mut [u32], a: &[u32], b: &[u32]) {
        out.fill(0);
        let mut top = 0;
        for digit in a {
            top = self.add_and_shift(out, *digit, b, top);
        }
        self.reduce_once(out, top);
    }

    /// `out = (out + digit b + m n) / 2^32` for the m that leaves no remainder. `top` is the word above `out`.
    #[inline(always)] // the loop of all the work
    fn add_and_shift(&self, out: &mut [u32], digit: u32, b: &[u32], top: u32) -> u32 {
        let mut places = out.iter_mut();
        let mut b = b.iter();
        let mut n = self.words.iter();
        let (Some(mut place), Some(b0), Some(n0)) = (places.next(), b.next(), n.next()) else {
            return top;
        };
        let (low, mut b_carry) = fused(digit, *b0, *place, 0);
        let m = low.wrapping_mul(self.factor);
        let (_, mut n_carry) = fused(m, *n0, low, 0);
        for ((next, b), n) in places.zip(b).zip(n) {
            let (sum, carry) = fused(digit, *b, *next, b_carry);
            b_carry = carry;
            let (sum, carry) = fused(m, *n, sum, n_carry);
            n_carry = carry;
            *place = sum;
            place = next;
        }
        let (sum, first) = b_carry.overflowing_add(n_carry);
        let (sum, second) = sum.overflowing_add(top);
        *place = sum;
        // One of them at most: the sum of all is below 2n.
        u32::from(first | second)
    }

    /// `number = number mod n`, where `number`, with `top` above it, is below 2n.
    fn reduce_once(&self, number: &mut [u32], top: u32) {
        if top == 0 && self.is_above(number) {
            return;
        }
        let mut borrow = false;
        for (word, n) in number.iter_mut().zip(self.words) {
            let (difference, first) = word.overflowing_sub(*n);
            let (difference, second) = difference.overflowing_sub(u32::from(borrow));
            *word = difference;
            borrow = first | second;
        }
    }

    /// `number = 2 number mod n`.
    fn double(&self, number: &mut [u32]) {
        let mut carry = 0;
        for word in number.iter_mut() {
            let above = *word >> 31;
            *word = *word << 1 | carry;
            carry = above;
        }
        self.reduce_once(number, carry);
    }

    /// `out = R^2 mod n`, which brings a number into Montgomery's form.
    #[inline(never)]
    pub fn square_of_radix(&self, out: &mut [u32], spare: &mut [u32]) -> Option<()> {
        // R = 2^bits, and bits = odd 2^squarings. R 2^odd, squared that often in Montgomery's form, is R 2^bits.
        let bits = u32::try_from(self.words.len()).ok()?.checked_mul(u32::BITS)?;
        let squarings = bits.trailing_zeros();
        let odd = bits.wrapping_shr(squarings);
        // Half of R has its bit in the highest word. Where n has no bit there, it is not below n.
        let zeros = self.words.last()?.leading_zeros();
        out.fill(0);
        *out.last_mut()? = (1u32 << 31).wrapping_shr(zeros);
        // 2^(bits - 1 - zeros) is at most n, and odd n is not it: doubled `1 + zeros` times it is R.
        for _ in 0..zeros.saturating_add(1).saturating_add(odd) {
            self.double(out);
        }
        for _ in 0..squarings {
            self.multiply(spare, out, out);
            copy(out, spare);
        }
        Some(())
    }
}

/// `a b + c + d`, which is below 2^64: its low and its high word.
#[inline(always)]
fn fused(a: u32, b: u32, c: u32, d: u32) -> (u32, u32) {
    let product = u64::from(a).wrapping_mul(u64::from(b));
    let sum = product.wrapping_add(u64::from(c)).wrapping_add(u64::from(d));
    (sum as u32, (sum >> 32) as u32)
}

/// Copies a number of the same length.
pub fn copy(to: &mut [u32], from: &[u32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

/// Writes a big-endian number.
pub fn words(out: &mut [u32], number: &[u8]) {
    for (word, bytes) in out.iter_mut().zip(number.rchunks(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
}
