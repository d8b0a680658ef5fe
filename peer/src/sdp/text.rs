//! Writing text into a buffer.

use super::BufferTooSmall;

pub(super) struct Text<'a> {
    buf: &'a mut [u8],
    /// What is needed so far; more than the buffer has is only counted.
    len: usize,
}

impl<'a> Text<'a> {
    pub(super) fn new(buf: &'a mut [u8]) -> Self {
        Self { buf, len: 0 }
    }

    #[inline(never)]
    pub(super) fn put(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.byte(byte));
    }

    /// A number in decimal digits. Without a division: one of 64 bits is half a kilobyte on a small core.
    pub(super) fn number(&mut self, number: u64) {
        let mut digits = [0u8; 20];
        for bit in (0..64).rev() {
            let mut carry = u8::from(number.wrapping_shr(bit) & 1 == 1);
            for digit in digits.iter_mut().rev() {
                let double = digit.wrapping_shl(1) | carry;
                carry = u8::from(double > 9);
                *digit = if double > 9 { double.wrapping_sub(10) } else { double };
            }
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        digits.iter().skip(zeros.min(19)).for_each(|digit| self.byte(digit | b'0'));
    }

    /// Two hexadecimal digits.
    pub(super) fn hex(&mut self, byte: u8) {
        for nibble in [byte >> 4, byte & 0xF] {
            self.byte(nibble.wrapping_add(if nibble > 9 { b'A' - 10 } else { b'0' }));
        }
    }

    pub(super) fn finish(self) -> Result<&'a str, BufferTooSmall> {
        let (needed, available) = (self.len, self.buf.len());
        let buf: &'a [u8] = self.buf;
        let text = buf.get(..needed).and_then(|bytes| core::str::from_utf8(bytes).ok());
        text.ok_or(BufferTooSmall { needed, available })
    }

    fn byte(&mut self, byte: u8) {
        if let Some(slot) = self.buf.get_mut(self.len) {
            *slot = byte;
        }
        self.len = self.len.saturating_add(1);
    }
}
