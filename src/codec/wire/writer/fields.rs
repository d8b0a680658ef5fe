//! Fields with their tags: with presence, and without.

use super::Writer;
use crate::codec::wire::copy::copy;

/// Fields with presence, which are written whatever their value is.
impl Writer<'_> {
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn put_varint_field(&mut self, tag: u32, value: u64) {
        self.varint(value);
        self.varint(u64::from(tag));
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn put_fixed32_field(&mut self, tag: u32, value: u32) {
        self.raw_fixed32(value);
        self.varint32(tag);
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn put_fixed64_field(&mut self, tag: u32, value: u64) {
        self.raw_fixed64(value);
        self.varint32(tag);
    }
}

/// Fields without presence, which are not written if they have the default value: 0, or empty. A
/// floating-point −0.0 is not the default.
impl Writer<'_> {
    /// A `bytes` field without presence: not written if it is empty.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub fn bytes(&mut self, tag: u32, value: &[u8]) {
        if !value.is_empty() {
            self.put_bytes(tag, value);
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn varint_field(&mut self, tag: u32, value: u64) {
        if value != 0 {
            self.put_varint_field(tag, value);
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn fixed32_field(&mut self, tag: u32, value: u32) {
        if value != 0 {
            self.put_fixed32_field(tag, value);
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn fixed64_field(&mut self, tag: u32, value: u64) {
        if value != 0 {
            self.put_fixed64_field(tag, value);
        }
    }
}

/// Bytes, strings and submessages.
impl Writer<'_> {
    /// A `bytes` field with presence: written also if it is empty. Of a submessage, its encoded bytes.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub fn put_bytes(&mut self, tag: u32, value: &[u8]) {
        let reserved = self.reserve(value.len());
        if !reserved.is_empty() {
            copy(reserved, value);
        }
        self.tag_and_len(tag, value.len());
    }

    /// A `string` without presence: not written if it is empty.
    pub fn str(&mut self, tag: u32, value: &str) {
        self.bytes(tag, value.as_bytes());
    }

    /// A `string` with presence: written also if it is empty.
    pub fn put_str(&mut self, tag: u32, value: &str) {
        self.put_bytes(tag, value.as_bytes());
    }

    /// A submessage of the fields that `write` writes, from the last to the first.
    #[inline(always)]
    pub fn fields(&mut self, tag: u32, write: impl FnOnce(&mut Self)) {
        let end = self.position();
        write(self);
        self.end_message(tag, end);
    }

    /// A `bytes` field whose `len` bytes are in the buffer already, exactly where the writer stands: as the
    /// first that is written they are the end of the buffer.
    pub fn bytes_in_place(&mut self, tag: u32, len: usize) {
        self.reserve(len);
        self.tag_and_len(tag, len);
    }
}
