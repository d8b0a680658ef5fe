//! Initialization vectors, none of which is used twice.

use super::cipher::IV_BYTES;
use crate::codec::rt::copy;

/// 64 random bits and a counter of 32 bits: the deterministic construction of NIST SP 800-38D, 8.2.1, whose
/// fixed field is random, because participants of a room share a key and know nothing of each other's. That no
/// two are the same is then a matter of probability: see [`E2ee::seed`](super::E2ee::seed).
pub(super) struct Nonces {
    random: [u8; 8],
    is_seeded: bool,
    /// How many are left: 0 also before there are random bits.
    left: u32,
}

impl Nonces {
    pub(super) const NONE: Self = Self { random: [0; 8], is_seeded: false, left: 0 };

    /// Begins anew. The bits that it has already change nothing; those before them would start again, which is
    /// the caller's to avoid.
    pub(super) fn seed(&mut self, random: [u8; 8]) {
        if !self.is_seeded || self.random != random {
            *self = Self { random, is_seeded: true, left: u32::MAX };
        }
    }

    /// The next one; `None` if all are used up.
    pub(super) fn peek(&self) -> Option<[u8; IV_BYTES]> {
        let mut iv = [0; IV_BYTES];
        let counter = u32::MAX.wrapping_sub(self.left).to_be_bytes();
        if let Some((random, end)) = iv.split_first_chunk_mut() {
            *random = self.random;
            copy(end, &counter);
        }
        (self.left != 0).then_some(iv)
    }

    /// As [`peek`](Self::peek), and uses it up.
    pub(super) fn next(&mut self) -> Option<[u8; IV_BYTES]> {
        let iv = self.peek()?;
        self.left = self.left.wrapping_sub(1);
        Some(iv)
    }

    /// As many as there are after that many packets, which take hours to make.
    #[cfg(test)]
    pub(super) fn set_left(&mut self, left: u32) {
        self.left = left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(iv: [u8; IV_BYTES]) -> u32 {
        let [.., a, b, c, d] = iv;
        u32::from_be_bytes([a, b, c, d])
    }

    #[test]
    fn there_is_none_before_there_are_random_bits() {
        let mut nonces = Nonces::NONE;
        assert_eq!((nonces.peek(), nonces.next()), (None, None));
        nonces.seed([0; 8]);
        assert_eq!(nonces.next(), Some([0; 12]), "zeros are random bits too");
    }

    #[test]
    fn the_last_one_is_followed_by_none_and_not_by_the_first() {
        let mut nonces = Nonces::NONE;
        nonces.seed(*b"12345678");
        assert_eq!(nonces.next(), Some(*b"12345678\0\0\0\0"));
        assert_eq!(nonces.next(), Some(*b"12345678\0\0\0\x01"));
        nonces.set_left(2);
        assert_eq!(nonces.next().map(counter), Some(u32::MAX - 2));
        assert_eq!(nonces.next().map(counter), Some(u32::MAX - 1));
        assert_eq!((nonces.next(), nonces.next()), (None, None));
        // The same bits do not start their counter again; others do.
        nonces.seed(*b"12345678");
        assert_eq!(nonces.next(), None);
        nonces.seed(*b"12345679");
        assert_eq!(nonces.next(), Some(*b"12345679\0\0\0\0"));
    }

    #[test]
    fn the_same_random_bits_go_on_where_they_were() {
        let mut nonces = Nonces::NONE;
        nonces.seed([7; 8]);
        assert_eq!(nonces.next().map(counter), Some(0));
        nonces.seed([7; 8]);
        assert_eq!(nonces.next().map(counter), Some(1));
    }
}
