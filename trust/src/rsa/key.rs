//! A public key, and what it makes of a signature.

use super::montgomery::{MAX_WORDS, Modulus, copy, words};
use super::{MAX_BYTES, MIN_BYTES};
use crate::der;

/// `RSAPublicKey` (RFC 8017, A.1.1).
pub struct PublicKey<'a> {
    /// Big-endian, without leading zeros.
    modulus: &'a [u8],
    exponent: u32,
}

impl<'a> PublicKey<'a> {
    /// Reads a key; `None` if it is not supported.
    ///
    /// FIPS 186-5, A.1.1: "The public exponent e shall be selected with the following constraints: ... 2^16 < e < 2^256,
    /// e is an odd integer". No public authority has one of more than 32 bits.
    pub fn read(der: &'a [u8]) -> Option<Self> {
        let (modulus, exponent) = der::two_numbers(der)?;
        let is_long_enough = match modulus.len() {
            MIN_BYTES => modulus.first().is_some_and(|byte| byte & 0x80 != 0),
            len => (MIN_BYTES..=MAX_BYTES).contains(&len),
        };
        let mut bytes = [0; 4];
        let start = bytes.len().checked_sub(exponent.len())?;
        bytes.get_mut(start..)?.iter_mut().zip(exponent).for_each(|(to, from)| *to = *from);
        let exponent = u32::from_be_bytes(bytes);
        let is_right = is_long_enough && exponent > 1 << 16 && exponent % 2 == 1;
        is_right.then_some(Self { modulus, exponent })
    }

    /// `modBits - 1`: the bits of an encoded message of PSS (RFC 8017, 9.1).
    pub fn message_bits(&self) -> usize {
        let zeros = self.modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        self.modulus.len().saturating_mul(8).saturating_sub(zeros).saturating_sub(1)
    }

    /// RSAVP1 (RFC 8017, 5.2.2): the encoded message, of as many bytes as the modulus, in `buf`.
    #[inline(never)]
    pub fn open<'b>(&self, signature: &[u8], buf: &'b mut [u8; MAX_BYTES]) -> Option<&'b mut [u8]> {
        // RFC 8017, 8.1.2 and 8.2.2, step 1: "If the length of the signature S is not k octets, output 'invalid
        // signature' and stop."
        if signature.len() != self.modulus.len() {
            return None;
        }
        let len = self.modulus.len().div_ceil(4);
        let (mut modulus, mut base) = ([0; MAX_WORDS], [0; MAX_WORDS]);
        let (mut power, mut spare) = ([0; MAX_WORDS], [0; MAX_WORDS]);
        let (modulus, base) = (modulus.get_mut(..len)?, base.get_mut(..len)?);
        let (mut power, mut spare) = (power.get_mut(..len)?, spare.get_mut(..len)?);
        words(modulus, self.modulus);
        words(base, signature);
        let modulus = Modulus::new(modulus)?;
        // "1. If the signature representative s is not between 0 and n - 1, output 'signature representative out of
        // range' and stop."
        if !modulus.is_above(base) {
            return None;
        }
        // "2. Let m = s^e mod n": by the bits of e, from the second on, as the first one is set.
        modulus.square_of_radix(power, spare)?;
        modulus.multiply(spare, base, power);
        copy(base, spare);
        copy(power, spare);
        let bits = u32::BITS.saturating_sub(self.exponent.leading_zeros());
        for bit in (0..bits.saturating_sub(1)).rev() {
            modulus.multiply(spare, power, power);
            core::mem::swap(&mut power, &mut spare);
            if self.exponent.wrapping_shr(bit) % 2 == 1 {
                modulus.multiply(spare, power, base);
                core::mem::swap(&mut power, &mut spare);
            }
        }
        // Out of Montgomery's form: times 1.
        base.fill(0);
        *base.first_mut()? = 1;
        modulus.multiply(spare, power, base);

        let message = buf.get_mut(..self.modulus.len())?;
        for (bytes, word) in message.rchunks_mut(4).zip(spare) {
            let word = word.to_be_bytes();
            bytes.iter_mut().rev().zip(word.iter().rev()).for_each(|(to, from)| *to = *from);
        }
        Some(message)
    }
}
