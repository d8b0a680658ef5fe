//! Short texts that are kept, and ids that are made.

use crate::String;
use crate::codec::rt::copy;

/// The sid of a participant, of 15 bytes: in words, which are compared faster and in less flash than bytes.
/// One of more than 16 bytes, which LiveKit does not make, is folded into them.
#[derive(Clone, Copy)]
pub(super) struct Sid([u32; 4]);

impl Sid {
    pub(super) const NONE: Self = Self([0; 4]);

    #[inline(never)]
    pub(super) fn set(&mut self, sid: &[u8]) {
        self.0 = [0; 4];
        for (at, byte) in sid.iter().enumerate() {
            if let Some(word) = self.0.get_mut(at >> 2 & 3) {
                *word ^= u32::from(*byte) << ((at & 3) << 3);
            }
        }
    }

    pub(super) fn is_none(&self) -> bool {
        self.is(&Self::NONE)
    }

    /// Spelled out: `==` of arrays calls `memcmp`.
    #[inline(always)]
    pub(super) fn is(&self, other: &Self) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        (a ^ e) | (b ^ f) | (c ^ g) | (d ^ h) == 0
    }

    pub(super) fn hash(&self) -> u32 {
        self.0
            .iter()
            .fold(0, |hash: u32, word| (hash.rotate_left(7) ^ word).wrapping_mul(0x0100_0193))
    }

    /// The sid as text, if it has at most 16 bytes.
    pub(super) fn text(&self) -> String<16> {
        let mut text = String::new();
        let bytes = self.0.iter().flat_map(|word| word.to_le_bytes());
        for byte in bytes.take_while(|byte| *byte != 0) {
            let _ = text.push(char::from(byte)); // 16 fit
        }
        text
    }
}

/// A text of at most `N` bytes, `N` below 256.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text<const N: usize> {
    len: u8,
    bytes: [u8; N],
}

impl<const N: usize> Text<N> {
    pub(crate) const EMPTY: Self = Self { len: 0, bytes: [0; N] };

    /// `None` if it is too long.
    pub(crate) fn new(text: &[u8]) -> Option<Self> {
        let mut kept = Self::EMPTY;
        kept.set(text).then_some(kept)
    }

    /// Keeps `text` in place of what there was; `false` if it is too long.
    pub(crate) fn set(&mut self, text: &[u8]) -> bool {
        let (Ok(len), Some(space)) = (u8::try_from(text.len()), self.bytes.get_mut(..text.len()))
        else {
            return false;
        };
        copy(space, text);
        self.len = len;
        true
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// It was made of UTF-8; this crate has no `unsafe`, so it is checked again.
    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn is(&self, text: &[u8]) -> bool {
        self.as_bytes() == text
    }
}

/// A random UUID (RFC 9562, 5.4), which is sent as a text of 36 bytes. In words, which are moved without
/// `memcpy`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Uuid([u32; 4]);

impl Uuid {
    /// Zeros, so that an empty table takes no flash for its first values.
    pub(super) const NONE: Self = Self([0; 4]);

    pub(super) const fn new(random: [u8; 16]) -> Self {
        let bits = u128::from_be_bytes(random);
        let words = [(bits >> 96) as u32, (bits >> 64) as u32, (bits >> 32) as u32, bits as u32];
        let [a, b, c, d] = words;
        // Version 4, variant 10.
        Self([a, b & 0xffff_0fff | 0x4000, c & 0x3fff_ffff | 0x8000_0000, d])
    }

    /// Writes it as text.
    #[inline(never)]
    pub(super) fn text<'t>(&self, text: &'t mut [u8; 36]) -> &'t str {
        let mut at = 0usize;
        for byte in self.0.iter().flat_map(|word| word.to_be_bytes()) {
            if matches!(at, 8 | 13 | 18 | 23) {
                if let Some(dash) = text.get_mut(at) {
                    *dash = b'-';
                }
                at = at.saturating_add(1);
            }
            if let Some([high, low]) = text.get_mut(at..at.saturating_add(2)) {
                (*high, *low) = (digit(byte >> 4), digit(byte & 15));
            }
            at = at.saturating_add(2);
        }
        core::str::from_utf8(text).unwrap_or_default()
    }

    /// Returns `true` if `text` is this id, whatever its case (Swift writes capitals).
    pub(super) fn is(&self, text: &[u8]) -> bool {
        self.text(&mut [0; 36]).as_bytes().eq_ignore_ascii_case(text)
    }
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' - 10 + value }
}

/// FNV-1a, of 32 bits: what is compared beside a random id.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_of_version_4() {
        let mut text = [0; 36];
        let text = Uuid::new([0xff; 16]).text(&mut text);
        assert_eq!(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let id = Uuid::new(*b"0123456789abcdef");
        assert_eq!(id.text(&mut [0; 36]), "30313233-3435-4637-b839-616263646566");
        assert!(id.is(b"30313233-3435-4637-B839-616263646566"));
        assert!(!id.is(b"30313233-3435-4637-b839-616263646567") && !id.is(b""));
    }

    #[test]
    fn a_text_is_kept_whole_or_not_at_all() {
        assert_eq!(Text::<3>::new("aé".as_bytes()).map(|text| text.as_str() == "aé"), Some(true));
        assert!(Text::<3>::new(b"four").is_none() && Text::<300>::new(&[b'a'; 256]).is_none());
        assert!(Text::<3>::EMPTY.is(b"") && !Text::<3>::EMPTY.is(b"a"));
    }

    #[test]
    fn hash_is_fnv_1a() {
        // http://www.isthe.com/chongo/tech/comp/fnv, "FNV test vectors".
        for (text, expected) in [("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)] {
            assert_eq!(hash(text.as_bytes()), expected, "{text}");
        }
    }
}
