//! Encoding, from the end of the buffer to its front: a length is known when it is written, so
//! no pass has to measure before.

mod fields;
mod values;

use crate::codec::error::EncodeError;
use crate::codec::wire::copy::copy;
use crate::codec::wire::fields::RawFields;

pub use values::{PackedValue, Value};

/// Writes its fields, from the last to the first. `Sync`, so that a message may refer to one of
/// another thread or interrupt.
pub trait Write: Sync {
    fn write(&self, w: &mut Writer<'_>);
}

/// What encoding needs of a submessage, whatever its type.
#[derive(Clone, Copy)]
pub enum Raw<'a> {
    Borrowed(&'a dyn Write),
    Received(RawFields<'a>),
}

/// Writes an encoded message field by field, without a message type: the counterpart of the
/// [`Reader`](crate::Reader), and the smallest and fastest way to send a few fields.
///
/// It writes **from the last field to the first**: protobuf puts a length before what it counts, so a
/// message that is written backwards needs no second pass. [`to_slice_with`](crate::to_slice_with) makes
/// one; [`tags`](crate::tags) has the tags.
///
/// ```
/// use livekit_micro::tags::{data_packet, user_packet};
/// use livekit_micro::{borrowed, from_bytes, to_slice_with};
///
/// let mut buf = [0; 64];
/// let encoded = to_slice_with(&mut buf, |w| {
///     w.uint32(data_packet::SEQUENCE, 7); // field 16
///     w.fields(data_packet::USER, |w| {
///         w.put_str(user_packet::TOPIC, "unit"); // field 4
///         w.bytes(user_packet::PAYLOAD, b"21.5"); // field 2
///     });
/// })?;
///
/// let packet: borrowed::DataPacket = from_bytes(encoded)?;
/// assert_eq!(packet.sequence, 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What does not fit is counted, and [`to_slice_with`](crate::to_slice_with) says how many bytes are
/// needed.
pub struct Writer<'b> {
    /// The free part of the buffer.
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
        Self::encode_with(buf, |w| message.write(w))
    }

    /// Writes into `buf` what `write` writes.
    #[inline(always)]
    pub(crate) fn encode_with(
        buf: &mut [u8],
        write: impl FnOnce(&mut Writer<'_>),
    ) -> Result<&[u8], EncodeError> {
        let available = buf.len();
        let mut writer = Writer::new(buf);
        write(&mut writer);
        let Writer { free, over } = writer;
        let front = free.len();
        match buf.get(front..) {
            Some(encoded) if over == 0 => Ok(encoded),
            _ => {
                Err(EncodeError::BufferTooSmall { needed: available.wrapping_add(over), available })
            }
        }
    }

    /// Returns the encoded length of `message`.
    pub(crate) fn len_of(message: &dyn Write) -> usize {
        let mut writer = Self::new(&mut []);
        message.write(&mut writer);
        writer.over
    }

    /// Bytes written so far, up to a constant; subtract two positions to get a length.
    #[inline(always)]
    pub(crate) fn position(&self) -> usize {
        self.over.wrapping_sub(self.free.len())
    }

    /// Returns the `len` free bytes in front of what is written; an empty slice once the buffer is
    /// full.
    #[inline(always)]
    pub(crate) fn reserve(&mut self, len: usize) -> &mut [u8] {
        let at = self.free.len().checked_sub(len);
        match at.and_then(|at| core::mem::take(&mut self.free).split_at_mut_checked(at)) {
            Some((free, reserved)) => {
                self.free = free;
                reserved
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
        let reserved = self.reserve(bytes.len());
        if !reserved.is_empty() {
            copy(reserved, bytes);
        }
    }

    #[inline(always)]
    fn varint32(&mut self, value: u32) {
        match u8::try_from(value) {
            Ok(byte @ ..0x80) => {
                if let [only] = self.reserve(1) {
                    *only = byte;
                }
            }
            _ => self.varint(u64::from(value)),
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn varint(&mut self, value: u64) {
        let mut value = value;
        // ceil(bits / 7) for 1 to 64 bits without a division, as Google's VarintSize64 does:
        // (9 * highest + 73) / 64, where `highest` is the index of the highest bit set.
        let highest = 63 - (value | 1).leading_zeros();
        let reserved = self.reserve((highest as usize * 9 + 73) >> 6);
        for byte in reserved.iter_mut() {
            *byte = value as u8 | 0x80;
            value >>= 7;
        }
        if let [.., last] = reserved {
            *last &= 0x7f;
        }
    }

    pub(crate) fn raw_fixed32(&mut self, value: u32) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn raw_fixed64(&mut self, value: u64) {
        self.raw(&value.to_le_bytes());
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn tag_and_len(&mut self, tag: u32, len: usize) {
        match (u8::try_from(tag), u8::try_from(len)) {
            (Ok(tag @ ..0x80), Ok(len @ ..0x80)) => {
                if let [first, second] = self.reserve(2) {
                    (*first, *second) = (tag, len);
                }
            }
            _ => {
                self.varint(len as u64);
                self.varint(u64::from(tag));
            }
        }
    }

    /// Writes tag and length of the message whose end was the position `end`.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn end_message(&mut self, tag: u32, end: usize) {
        self.tag_and_len(tag, self.position().wrapping_sub(end));
    }

    /// A submessage.
    #[inline(always)]
    pub(crate) fn message<M: Write + ?Sized>(&mut self, tag: u32, message: &M) {
        self.fields(tag, |w| message.write(w));
    }

    /// A submessage of a borrowed message.
    #[inline(always)]
    pub(crate) fn submessage(&mut self, tag: u32, raw: Raw<'_>) {
        match raw {
            Raw::Borrowed(message) => self.borrowed(tag, message),
            Raw::Received(fields) => self.received(fields),
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn borrowed(&mut self, tag: u32, message: &dyn Write) {
        self.message(tag, message);
    }

    /// Fields as they were received. One pass finds their length, one copies them.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn received(&mut self, fields: RawFields<'_>) {
        let len = fields.copy_to(&mut [], copy);
        fields.copy_to(self.reserve(len), copy);
    }
}

impl Raw<'_> {
    /// Returns the length of the submessage without its tag and length.
    pub(crate) fn len(self) -> usize {
        match self {
            Raw::Borrowed(message) => Writer::len_of(message),
            Raw::Received(fields) => fields.content_len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;

    /// The bits in groups of seven, the lowest first, as protobuf's encoding page has it.
    fn by_definition(mut value: u64) -> ([u8; 10], usize) {
        let (mut bytes, mut len) = ([0; 10], 0);
        loop {
            bytes[len] = (value & 0x7f) as u8;
            value >>= 7;
            len += 1;
            match value {
                0 => return (bytes, len),
                _ => bytes[len - 1] |= 0x80,
            }
        }
    }

    fn is_written_as_defined(value: u64) {
        let (expected, len) = by_definition(value);
        let mut buf = [0xaa; 12];
        let mut writer = Writer::new(&mut buf);
        writer.varint(value);
        assert_eq!((writer.free.len(), writer.over), (12 - len, 0), "{value:#x}");
        assert_eq!(buf[12 - len..], expected[..len], "{value:#x}");
        assert!(buf[..12 - len].iter().all(|byte| *byte == 0xaa), "{value:#x}");
    }

    #[test]
    fn varints_around_every_power_of_two_are_written_as_defined() {
        for bit in 0..64 {
            let power = 1u64 << bit;
            [power - 1, power, power + 1].into_iter().for_each(is_written_as_defined);
        }
        is_written_as_defined(u64::MAX);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let mut buf = [0; 3];
        let mut writer = Writer::new(&mut buf);
        writer.put_bytes(0x0a, b"four");
        assert_eq!((writer.free.len(), writer.over), (0, 3));
        writer.varint(0x80);
        assert_eq!(writer.over, 5);
    }
}
