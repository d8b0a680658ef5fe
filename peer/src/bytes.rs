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

    #[inline(never)] // many callers
    pub fn take(&mut self, len: usize) -> Result<&'b [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub fn u8(&mut self) -> Result<u8, Malformed> {
        Ok(self.number(1)? as u8)
    }

    pub fn u16(&mut self) -> Result<u16, Malformed> {
        Ok(self.number(2)? as u16)
    }

    pub fn u24(&mut self) -> Result<usize, Malformed> {
        self.number(3)
    }

    /// A vector of at most 255 bytes.
    pub fn vector8(&mut self) -> Result<&'b [u8], Malformed> {
        self.vector(1)
    }

    /// A vector of at most 65 535 bytes.
    pub fn vector16(&mut self) -> Result<&'b [u8], Malformed> {
        self.vector(2)
    }

    /// A vector of less than 2^24 bytes.
    pub fn vector24(&mut self) -> Result<&'b [u8], Malformed> {
        self.vector(3)
    }

    #[inline(never)] // many callers
    fn vector(&mut self, length_bytes: usize) -> Result<&'b [u8], Malformed> {
        let len = self.number(length_bytes)?;
        self.take(len)
    }

    #[inline(never)] // many callers
    fn number(&mut self, bytes: usize) -> Result<usize, Malformed> {
        let digits = self.take(bytes)?.iter();
        Ok(digits.fold(0, |number: usize, digit| number.wrapping_shl(8) | usize::from(*digit)))
    }

    /// RFC 5246, 7.2.2: what goes on after its last field is a decode_error.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

/// Copies as much of `from` as `to` can hold.
#[inline(never)] // many callers
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    let len = to.len().min(from.len());
    if let (Some(to), Some(from)) = (to.get_mut(..len), from.get(..len)) {
        to.copy_from_slice(from);
    }
}

/// The three bytes of a length below 2^24.
pub(crate) fn u24(len: usize) -> [u8; 3] {
    let [.., a, b, c] = len.to_be_bytes();
    [a, b, c]
}
