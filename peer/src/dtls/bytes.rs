//! Big-endian fields and vectors (RFC 5246, 4), read and written without a panic path.

/// The bytes end before what they must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// What is still to be read.
pub(crate) struct Reader<'b>(pub &'b [u8]);

impl<'b> Reader<'b> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn array<const N: usize>(&mut self) -> Result<&'b [u8; N], Malformed> {
        let (array, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(array)
    }

    pub fn take(&mut self, len: usize) -> Result<&'b [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(|&[byte]| byte)
    }

    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(|bytes| u16::from_be_bytes(*bytes))
    }

    pub fn u24(&mut self) -> Result<usize, Malformed> {
        self.array().map(|&[a, b, c]| u32::from_be_bytes([0, a, b, c]) as usize)
    }

    /// A vector of at most 255 bytes.
    pub fn vector8(&mut self) -> Result<&'b [u8], Malformed> {
        let len = self.u8()?;
        self.take(len.into())
    }

    /// A vector of at most 65 535 bytes.
    pub fn vector16(&mut self) -> Result<&'b [u8], Malformed> {
        let len = self.u16()?;
        self.take(len.into())
    }

    /// A vector of less than 2^24 bytes.
    pub fn vector24(&mut self) -> Result<&'b [u8], Malformed> {
        let len = self.u24()?;
        self.take(len)
    }

    /// RFC 5246, 7.2.2: what goes on after its last field is a decode_error.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

/// Copies as much of `from` as `to` can hold.
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// The three bytes of a length below 2^24.
pub(crate) fn u24(len: usize) -> [u8; 3] {
    let [.., a, b, c] = len.to_be_bytes();
    [a, b, c]
}
