//! The RPC code in the message of an error.

use crate::RpcCode;

/// Finds the number in `twirp error unknown: RpcError 1400: Method not supported at destination`.
pub(super) struct RpcScanner {
    /// Bytes of [`PREFIX`] that have just been read.
    matched: usize,
    /// The digits after it; `None` if they are no 32-bit number.
    number: Option<u32>,
    has_digits: bool,
    pub(super) code: Option<RpcCode>,
}

const PREFIX: &[u8] = b"RpcError ";

impl RpcScanner {
    pub(super) const fn new() -> Self {
        Self { matched: 0, number: Some(0), has_digits: false, code: None }
    }

    pub(super) fn push(&mut self, byte: u8) {
        match (PREFIX.get(self.matched), char::from(byte).to_digit(10)) {
            (Some(expected), _) if byte == *expected => {
                self.matched = self.matched.saturating_add(1);
            }
            (None, Some(digit)) => {
                self.number = self.number.and_then(|it| it.checked_mul(10)?.checked_add(digit));
                self.has_digits = true;
            }
            _ => {
                self.end();
                // The prefix has no other R.
                self.matched = usize::from(byte == b'R');
            }
        }
    }

    /// The number, if there is one, has ended.
    pub(super) fn end(&mut self) {
        let number = self.number.filter(|_| self.has_digits);
        let code = self.code.or(number.map(RpcCode));
        *self = Self { code, ..Self::new() };
    }
}
