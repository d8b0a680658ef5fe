//! Frames without a stream: what the blocking and the async functions share.

use super::ReadError;

/// The length of an encoded message as a varint.
pub struct Prefix {
    bytes: [u8; 5],
    len: usize,
}

impl Prefix {
    pub fn new(message_len: usize) -> Self {
        let mut prefix = Self { bytes: [0; 5], len: 0 };
        let mut rest = message_len;
        for byte in &mut prefix.bytes {
            prefix.len += 1;
            *byte = rest as u8 & 0x7f;
            rest >>= 7;
            if rest == 0 {
                break;
            }
            *byte |= 0x80;
        }
        prefix
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }
}

/// A frame that is being received: as long as there is [`space`](Self::space), read into it and
/// [`advance`](Self::advance) by the bytes that were read.
pub struct Incoming {
    /// The length as far as it has been read, and the bits of it that have been.
    value: u32,
    bits: u32,
    /// Bytes of the message that are still to be read, once the length is known.
    missing: Option<usize>,
    is_at_end: bool,
    /// A byte of the length, or of a message that is dropped.
    byte: [u8; 1],
}

impl Incoming {
    pub const fn new() -> Self {
        Self { value: 0, bits: 0, missing: None, is_at_end: false, byte: [0] }
    }

    /// Where the next bytes go; `None` when the frame is complete, or the stream at its end.
    pub fn space<'s>(&'s mut self, buf: &'s mut [u8]) -> Option<&'s mut [u8]> {
        let (len, available) = (self.len(), buf.len());
        match self.missing {
            _ if self.is_at_end => None,
            Some(0) => None,
            None => Some(&mut self.byte),
            Some(missing) if len <= available => buf.get_mut(len - missing..len),
            // A message that does not fit is dropped: each part overwrites the one before.
            Some(missing) if available > 0 => buf.get_mut(..missing.min(available)),
            Some(_) => Some(&mut self.byte),
        }
    }

    /// Notes that `count` bytes were read; 0 is the end of the stream.
    pub fn advance<E>(&mut self, count: usize) -> Result<(), ReadError<E>> {
        match (count, self.missing) {
            (0, None) if self.bits == 0 => self.is_at_end = true,
            (0, missing) => return Err(ReadError::UnexpectedEof { missing }),
            (_, None) => self.decode_length()?,
            (_, Some(missing)) => self.missing = Some(missing.saturating_sub(count)),
        }
        Ok(())
    }

    /// The encoded message in `buf`; `None` if the stream is at its end.
    pub fn finish<'b, E>(&self, buf: &'b [u8]) -> Result<Option<&'b [u8]>, ReadError<E>> {
        let too_large = ReadError::TooLarge { needed: self.len(), available: buf.len() };
        match self.is_at_end {
            true => Ok(None),
            false => buf.get(..self.len()).map(Some).ok_or(too_large),
        }
    }

    fn len(&self) -> usize {
        self.value as usize
    }

    /// Decodes one more byte of the length, of which the last is below 0x80.
    fn decode_length<E>(&mut self) -> Result<(), ReadError<E>> {
        let [byte] = self.byte;
        let bits = u32::from(byte & 0x7f);
        if self.bits > 28 || (self.bits == 28 && bits > 0x0f) {
            return Err(ReadError::InvalidLength);
        }
        self.value |= bits << self.bits;
        self.bits += 7;
        if byte & 0x80 == 0 {
            self.missing = Some(self.len());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use super::*;

    /// Protobuf's encoding page, "Base 128 Varints", and the ends of each length.
    const LENGTHS: [(usize, &[u8]); 8] = [
        (0, &[0x00]),
        (1, &[0x01]),
        (127, &[0x7f]),
        (128, &[0x80, 0x01]),
        (150, &[0x96, 0x01]),
        (16_383, &[0xff, 0x7f]),
        (16_384, &[0x80, 0x80, 0x01]),
        (u32::MAX as usize, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
    ];

    #[test]
    fn a_length_is_a_varint_both_ways() {
        for (len, bytes) in LENGTHS {
            assert_eq!(Prefix::new(len).as_bytes(), bytes);
            assert_eq!(decoded(bytes), Ok(Some(len)));
        }
    }

    #[test]
    fn a_length_beyond_32_bits_is_refused() {
        for bytes in [
            &[0x80, 0x80, 0x80, 0x80, 0x10][..],
            &[0xff, 0xff, 0xff, 0xff, 0x8f, 0x00],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
        ] {
            assert_eq!(decoded(bytes), Err(ReadError::InvalidLength));
        }
    }

    #[test]
    fn a_message_that_is_too_large_is_dropped_a_buffer_at_a_time() {
        let mut frame = Incoming::new();
        frame.byte = [100];
        frame.decode_length::<Infallible>().unwrap();
        let mut buf = [0; 99];
        for (available, expected) in [(0, 1), (1, 1), (64, 64), (99, 99)] {
            let space = frame.space(&mut buf[..available]).map(|space| space.len());
            assert_eq!(space, Some(expected), "a buffer of {available} bytes");
        }
        frame.advance::<Infallible>(90).unwrap();
        assert_eq!(frame.space(&mut buf).map(|space| space.len()), Some(10));
    }

    fn decoded(bytes: &[u8]) -> Result<Option<usize>, ReadError<Infallible>> {
        let mut frame = Incoming::new();
        for byte in bytes {
            frame.byte = [*byte];
            frame.decode_length()?;
        }
        Ok(frame.missing)
    }
}
