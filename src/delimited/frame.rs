//! Length and frame, without a stream: what both kinds of streams go by.

use super::ReadError;

/// The bytes of a length.
pub struct Prefix {
    bytes: [u8; 5],
    len: usize,
}

impl Prefix {
    pub fn new(frame: usize) -> Self {
        let mut prefix = Self { bytes: [0; 5], len: 0 };
        let mut rest = frame;
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

/// A frame on its way in: read into [`space`](Self::space), say how much came, until there is no
/// more space to fill.
pub struct Incoming {
    /// The length as far as it is known, and the bits it has.
    value: u32,
    bits: u32,
    /// Bytes of the frame that are still to come, once the length is known.
    missing: Option<usize>,
    ended: bool,
    byte: [u8; 1],
}

impl Incoming {
    pub const fn new() -> Self {
        Self { value: 0, bits: 0, missing: None, ended: false, byte: [0] }
    }

    /// Where the next bytes go; `None` when the frame is whole, or the stream at its end.
    pub fn space<'s>(&'s mut self, buf: &'s mut [u8]) -> Option<&'s mut [u8]> {
        let (len, available) = (self.len(), buf.len());
        match self.missing {
            _ if self.ended => None,
            Some(0) => None,
            None => Some(&mut self.byte),
            Some(missing) if len <= available => buf.get_mut(len - missing..len),
            // What does not fit is read over what came before it: the frame is dropped whole.
            Some(missing) if available > 0 => buf.get_mut(..missing.min(available)),
            Some(_) => Some(&mut self.byte),
        }
    }

    /// `count` bytes came; none is the end of the stream.
    pub fn fill<E>(&mut self, count: usize) -> Result<(), ReadError<E>> {
        match (count, self.missing) {
            (0, None) if self.bits == 0 => self.ended = true,
            (0, missing) => return Err(ReadError::Torn { missing }),
            (_, None) => self.length()?,
            (_, Some(missing)) => self.missing = Some(missing.saturating_sub(count)),
        }
        Ok(())
    }

    /// The frame in `buf`, `None` if the stream has ended.
    pub fn finish<'b, E>(&self, buf: &'b [u8]) -> Result<Option<&'b [u8]>, ReadError<E>> {
        let too_large = ReadError::TooLarge { needed: self.len(), available: buf.len() };
        match self.ended {
            true => Ok(None),
            false => buf.get(..self.len()).map(Some).ok_or(too_large),
        }
    }

    fn len(&self) -> usize {
        self.value as usize
    }

    /// Takes one more byte of the length.
    fn length<E>(&mut self) -> Result<(), ReadError<E>> {
        let [byte] = self.byte;
        let bits = u32::from(byte & 0x7f);
        if self.bits > 28 || (self.bits == 28 && bits > 0x0f) {
            return Err(ReadError::Length);
        }
        self.value |= bits << self.bits;
        self.bits += 7;
        if byte & 0x80 == 0 {
            self.missing = Some(self.len());
        }
        Ok(())
    }
}
