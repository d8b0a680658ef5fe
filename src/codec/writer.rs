//! Encoding, from the end of the buffer to its front: a length is known when it is written, so
//! nothing is measured before.

use super::copy::copy;
use super::error::EncodeError;
use super::received::Received;
use super::sealed::Write;

/// What is left of a buffer, and how much more than that was asked for.
pub struct Writer<'b> {
    free: &'b mut [u8],
    /// Bytes that did not fit. Once there are any, nothing is written and all is counted.
    over: usize,
}

impl<'b> Writer<'b> {
    fn new(buf: &'b mut [u8]) -> Self {
        Self { free: buf, over: 0 }
    }

    /// Writes `message` into `buf`.
    #[inline(always)]
    pub(crate) fn encode<'m>(
        message: &impl Write,
        buf: &'m mut [u8],
    ) -> Result<&'m [u8], EncodeError> {
        let available = buf.len();
        let mut writer = Writer::new(buf);
        message.write(&mut writer);
        let Writer { free, over } = writer;
        let front = free.len();
        match buf.get(front..) {
            Some(frame) if over == 0 => Ok(frame),
            _ => {
                Err(EncodeError::BufferTooSmall { needed: available.wrapping_add(over), available })
            }
        }
    }

    /// How many bytes `message` takes.
    pub(crate) fn len_of(message: &dyn Write) -> usize {
        let mut writer = Self::new(&mut []);
        message.write(&mut writer);
        writer.over
    }

    /// A place that grows as bytes are written; only differences mean anything.
    #[inline(always)]
    pub(crate) fn mark(&self) -> usize {
        self.over.wrapping_sub(self.free.len())
    }

    /// The `len` bytes in front of what is written; nothing once the buffer is full.
    #[inline(always)]
    pub(super) fn room(&mut self, len: usize) -> &mut [u8] {
        let at = self.free.len().checked_sub(len);
        match at.and_then(|at| core::mem::take(&mut self.free).split_at_mut_checked(at)) {
            Some((free, room)) => {
                self.free = free;
                room
            }
            None => {
                self.full(len);
                &mut []
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn full(&mut self, len: usize) {
        self.over = self.over.wrapping_add(len).wrapping_sub(self.free.len());
        self.free = &mut [];
    }

    /// Bytes as they are: fields that are encoded already.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let room = self.room(bytes.len());
        if !room.is_empty() {
            copy(room, bytes);
        }
    }

    #[inline(always)]
    fn varint32(&mut self, value: u32) {
        match u8::try_from(value) {
            Ok(byte @ ..0x80) => {
                if let [only] = self.room(1) {
                    *only = byte;
                }
            }
            _ => self.varint(u64::from(value)),
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn varint(&mut self, value: u64) {
        let mut value = value;
        // The bits divided by seven and rounded up, without a division: right for 1 to 64.
        let highest = 63 - (value | 1).leading_zeros();
        let room = self.room((highest as usize * 9 + 73) >> 6);
        for byte in room.iter_mut() {
            *byte = value as u8 | 0x80;
            value >>= 7;
        }
        if let [.., last] = room {
            *last &= 0x7f;
        }
    }

    pub(super) fn raw_word(&mut self, value: u32) {
        self.raw(&value.to_le_bytes());
    }

    pub(super) fn raw_double_word(&mut self, value: u64) {
        self.raw(&value.to_le_bytes());
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn head(&mut self, key: u32, len: usize) {
        match (u8::try_from(key), u8::try_from(len)) {
            (Ok(key @ ..0x80), Ok(len @ ..0x80)) => {
                if let [first, second] = self.room(2) {
                    (*first, *second) = (key, len);
                }
            }
            _ => {
                self.varint(len as u64);
                self.varint(u64::from(key));
            }
        }
    }

    /// Writes the head of what was written since `end` was marked.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn close(&mut self, key: u32, end: usize) {
        self.head(key, self.mark().wrapping_sub(end));
    }

    /// A submessage.
    #[inline(always)]
    pub(crate) fn message<M: Write + ?Sized>(&mut self, key: u32, message: &M) {
        let end = self.mark();
        message.write(self);
        self.close(key, end);
    }

    /// Fields of a message as they were received: one walk for their length, one to copy them.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn received(&mut self, received: Received<'_>) {
        let len = received.copy_to(&mut [], copy);
        received.copy_to(self.room(len), copy);
    }
}

/// Fields, written whatever their value is.
impl Writer<'_> {
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn put_varint(&mut self, key: u32, value: u64) {
        self.varint(value);
        self.varint(u64::from(key));
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn put_bytes(&mut self, key: u32, value: &[u8]) {
        let room = self.room(value.len());
        if !room.is_empty() {
            copy(room, value);
        }
        self.head(key, value.len());
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn put_word(&mut self, key: u32, value: u32) {
        self.raw_word(value);
        self.varint32(key);
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn put_double_word(&mut self, key: u32, value: u64) {
        self.raw_double_word(value);
        self.varint32(key);
    }
}

/// Fields without presence, which are not written if they are the default: 0, or empty. A floating
/// −0.0 is not the default.
impl Writer<'_> {
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn bytes(&mut self, key: u32, value: &[u8]) {
        if !value.is_empty() {
            self.put_bytes(key, value);
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn varint_field(&mut self, key: u32, value: u64) {
        if value != 0 {
            self.put_varint(key, value);
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn word(&mut self, key: u32, value: u32) {
        if value != 0 {
            self.put_word(key, value);
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn double_word(&mut self, key: u32, value: u64) {
        if value != 0 {
            self.put_double_word(key, value);
        }
    }
}
