//! Records that are sent and not acknowledged yet.

use super::records as record;
use crate::codec::rt::copy;

/// A ring of the caller's bytes. A record lies in it as it travels.
pub(super) struct Ring<'a> {
    bytes: &'a mut [u8],
    start: usize,
    len: usize,
    /// Bytes that are left of the first record, of which a part is acknowledged.
    first: usize,
    records: u32,
}

impl<'a> Ring<'a> {
    pub(super) const fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes, start: 0, len: 0, first: 0, records: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Records of which not all is acknowledged.
    pub(super) const fn records(&self) -> u32 {
        self.records
    }

    /// The most bytes that the content of a record may have.
    pub(super) const fn longest(&self) -> usize {
        self.bytes.len().saturating_sub(record::HEAD_BYTES)
    }

    /// The most bytes that the content of a record may have now.
    pub(super) const fn space(&self) -> usize {
        self.longest().saturating_sub(self.len)
    }

    pub(super) fn clear(&mut self) {
        (self.start, self.len, self.first, self.records) = (0, 0, 0, 0);
    }

    /// Appends a record, whose content has these pieces; `false` if there is no space.
    #[inline(never)]
    pub(super) fn push(&mut self, kind: u8, content: &[&[u8]]) -> bool {
        let len = content.iter().fold(0usize, |len, piece| len.saturating_add(piece.len()));
        let Ok(bytes) = u16::try_from(len) else { return false };
        if len > self.space() {
            return false;
        }
        let [low, high] = bytes.to_le_bytes();
        self.append(&[kind, low, high]);
        content.iter().for_each(|piece| self.append(piece));
        self.records = self.records.wrapping_add(1);
        true
    }

    fn append(&mut self, piece: &[u8]) {
        let at = self.place(self.len);
        self.len = self.len.wrapping_add(piece.len());
        let to_end = self.bytes.len().saturating_sub(at).min(piece.len());
        let (first, second) = piece.split_at_checked(to_end).unwrap_or_default();
        copy(self.bytes.get_mut(at..).unwrap_or_default(), first);
        copy(self.bytes, second);
    }

    /// Where the byte `at` of the content is.
    fn place(&self, at: usize) -> usize {
        let place = self.start.wrapping_add(at);
        if place >= self.bytes.len() { place.wrapping_sub(self.bytes.len()) } else { place }
    }

    /// `len` bytes from `at` on, in one or two pieces.
    pub(super) fn pieces(&self, at: usize, len: usize) -> (&[u8], &[u8]) {
        let place = self.place(at);
        let to_end = self.bytes.len().saturating_sub(place).min(len);
        let first = self.bytes.get(place..place.wrapping_add(to_end));
        let second = self.bytes.get(..len.saturating_sub(to_end));
        (first.unwrap_or_default(), second.unwrap_or_default())
    }

    /// Drops bytes that are acknowledged.
    #[inline(never)]
    pub(super) fn consume(&mut self, bytes: usize) {
        let mut rest = bytes.min(self.len);
        while rest > 0 {
            if self.first == 0 {
                let at = |at| self.bytes.get(self.place(at)).copied().unwrap_or_default();
                let content = u16::from_le_bytes([at(1), at(2)]);
                self.first = usize::from(content).wrapping_add(record::HEAD_BYTES);
            }
            let step = self.first.min(rest);
            self.start = self.place(step);
            self.len = self.len.saturating_sub(step);
            self.first = self.first.saturating_sub(step);
            rest = rest.saturating_sub(step);
            if self.first == 0 {
                self.records = self.records.saturating_sub(1);
            }
        }
    }
}
