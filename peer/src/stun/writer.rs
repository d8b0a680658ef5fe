//! Writing messages.

use core::net::SocketAddr;

use super::{Class, HEADER_BYTES, MAGIC_COOKIE, address, attribute, crc};
use crate::Crypto;

/// A Binding message that is being written into a buffer.
pub struct Writer<'a> {
    out: &'a mut [u8],
    len: usize,
    id: [u8; 12],
}

impl<'a> Writer<'a> {
    /// Begins a message of a transaction.
    #[inline(never)]
    pub fn new(out: &'a mut [u8], class: Class, id: &[u8; 12]) -> Self {
        let kind: [u8; 2] = match class {
            Class::Request => [0, 1],
            Class::Indication => [0, 0x11],
            Class::Success => [1, 1],
            Class::Error => [1, 0x11],
        };
        let mut writer = Self { out, len: 0, id: *id };
        writer.put(&kind);
        writer.put(&[0, 0]);
        writer.put(&MAGIC_COOKIE);
        writer.put(id);
        writer
    }

    /// Adds an attribute whose value is `parts`, one after the other: at most 65 535 bytes.
    pub fn attribute(&mut self, kind: u16, parts: &[&[u8]]) {
        let len = parts.iter().fold(0usize, |len, part| len.saturating_add(part.len()));
        self.put(&kind.to_be_bytes());
        self.put(&u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes());
        parts.iter().for_each(|part| self.put(part));
        for _ in 0..len.wrapping_neg() & 3 {
            self.put(&[0]);
        }
    }

    /// Adds XOR-MAPPED-ADDRESS.
    pub fn mapped_address(&mut self, address: SocketAddr) {
        let (value, len) = address::write(address, &self.id);
        self.attribute(attribute::XOR_MAPPED_ADDRESS, &[value.get(..len).unwrap_or(&[])]);
    }

    /// Adds ERROR-CODE without a reason phrase: 300 to 699.
    pub fn error_code(&mut self, code: u16) {
        let [_, class] = (code / 100).to_be_bytes();
        let [_, number] = (code % 100).to_be_bytes();
        self.attribute(attribute::ERROR_CODE, &[&[0, 0, class, number]]);
    }

    /// Ends the message with MESSAGE-INTEGRITY by `key`, a password, and FINGERPRINT. Returns its length in
    /// bytes; `None` if the buffer is too small.
    pub fn finish<C: Crypto>(mut self, crypto: &mut C, key: &[u8]) -> Option<usize> {
        self.set_len(24)?;
        let integrity = crypto.hmac_sha1(key, &[self.out.get(..self.len)?]);
        self.attribute(attribute::MESSAGE_INTEGRITY, &[&integrity]);
        // RFC 8489, 14.7: "the CRC used in the FINGERPRINT attribute covers the Length field from the STUN
        // message header. Therefore, prior to computation of the CRC, this value must be correct and
        // include the CRC attribute as part of the message length."
        self.set_len(8)?;
        let fingerprint = crc::fingerprint([self.out.get(..self.len)?, &[], &[]]);
        self.attribute(attribute::FINGERPRINT, &[&fingerprint]);
        (self.len <= self.out.len()).then_some(self.len)
    }

    /// Sets the length in the header to what is written, and `more` bytes.
    fn set_len(&mut self, more: usize) -> Option<()> {
        let len = self.len.checked_add(more)?.checked_sub(HEADER_BYTES)?;
        let [_, _, high, low] = self.out.first_chunk_mut()?;
        [*high, *low] = u16::try_from(len).ok()?.to_be_bytes();
        Some(())
    }

    /// Appends bytes. After the end of the buffer they are only counted.
    #[inline(never)]
    fn put(&mut self, bytes: &[u8]) {
        let space = self.out.get_mut(self.len..).unwrap_or(&mut []);
        space.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.len = self.len.saturating_add(bytes.len());
    }
}
