//! Bytes of packets: read, written and copied without a panic path. Serial numbers.

use crate::bytes::copy;

/// Reads big-endian numbers from the front of a slice.
#[derive(Clone, Copy)]
pub(super) struct Reader<'b>(pub(super) &'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn u8(&mut self) -> Option<u8> {
        let (value, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*value)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        let (value, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*value))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let (value, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*value))
    }
}

/// A parameter or an error cause: a type, a length that counts these four bytes too, a value.
///
/// Both have the same form as a chunk, but for 16 bits of type. The length of the last one does not count its
/// padding, and its padding may be missing.
pub(super) struct Parameter<'b> {
    pub(super) kind: u16,
    /// With its head and without padding.
    pub(super) whole: &'b [u8],
    pub(super) value: &'b [u8],
}

impl<'b> Reader<'b> {
    /// The next parameter. `None` at the end, and at a length that cannot be.
    pub(super) fn parameter(&mut self) -> Option<Parameter<'b>> {
        let mut head = *self;
        let kind = head.u16()?;
        let length = usize::from(head.u16()?);
        let whole = self.0.get(..length)?;
        let value = whole.get(4..)?;
        self.0 = self.0.get(padded(length)..).unwrap_or(&[]);
        Some(Parameter { kind, whole, value })
    }
}

/// Writes into a buffer. What does not fit is not written, and `full` says so.
pub(super) struct Writer<'b> {
    buffer: &'b mut [u8],
    len: usize,
    full: bool,
}

impl<'b> Writer<'b> {
    pub(super) fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, len: 0, full: false }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether something did not fit.
    pub(super) fn full(&self) -> bool {
        self.full
    }

    /// How many bytes can still be written.
    pub(super) fn free(&self) -> usize {
        self.buffer.len().saturating_sub(self.len)
    }

    /// The bytes written, to be changed.
    pub(super) fn written(&mut self) -> &mut [u8] {
        self.buffer.get_mut(..self.len).unwrap_or(&mut [])
    }

    // Inlined, this and the next two would take a tenth of the flash of all of SCTP.
    #[inline(never)]
    pub(super) fn put(&mut self, bytes: &[u8]) {
        let free = self.buffer.get_mut(self.len..).and_then(|free| free.get_mut(..bytes.len()));
        match free {
            Some(free) => {
                copy(free, bytes);
                self.len = self.len.wrapping_add(bytes.len());
            }
            None => self.full = true,
        }
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.put(&[value]);
    }

    #[inline(never)]
    pub(super) fn u16(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    #[inline(never)]
    pub(super) fn u32(&mut self, value: u32) {
        self.put(&value.to_be_bytes());
    }

    /// The head of a chunk whose length is written when it is [ended](Self::end).
    pub(super) fn begin(&mut self, kind: u8, flags: u8) -> usize {
        let start = self.len;
        self.put(&[kind, flags, 0, 0]);
        start
    }

    /// Ends the chunk that began at `start`: its length, its padding. A chunk that did not fit is taken back
    /// whole, and the result is `false`.
    pub(super) fn end(&mut self, start: usize) -> bool {
        let length = self.len.wrapping_sub(start);
        // RFC 9260, 3.2: the length does not count the padding, and the padding is zero.
        let padding = padded(length).wrapping_sub(length);
        self.put([0; 3].get(..padding).unwrap_or(&[]));
        if self.full {
            self.back_to(start);
            return false;
        }
        let field = self.buffer.get_mut(start..).and_then(|chunk| chunk.get_mut(2..4));
        if let Some(field) = field {
            copy(field, &(length as u16).to_be_bytes());
        }
        true
    }

    /// Takes back what was written after `len`.
    pub(super) fn back_to(&mut self, len: usize) {
        self.len = len;
        self.full = false;
    }
}

/// `len` and the padding to a multiple of four.
pub(super) const fn padded(len: usize) -> usize {
    len.wrapping_add(3) & !3
}

/// Whether `a` comes before `b`. RFC 9260, 1.6: TSNs are compared in serial number arithmetic, modulo 2^32.
/// Times wrap the same way.
pub(super) const fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}
