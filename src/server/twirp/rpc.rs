//! The RPC code in the message of an error.

use crate::RpcCode;

/// Finds the number in `twirp error unknown: RpcError 1400: Method not supported at destination`.
pub(super) struct RpcScanner {
    /// Bytes of [`PREFIX`] that have just been read.
    matched: usize,
    /// The number after it, if it has digits.
    number: Option<u32>,
    pub(super) code: Option<RpcCode>,
}

const PREFIX: &[u8] = b"RpcError ";

impl RpcScanner {
    pub(super) const fn new() -> Self {
        Self { matched: 0, number: None, code: None }
    }

    pub(super) fn push(&mut self, byte: u8) {
        match (PREFIX.get(self.matched), char::from(byte).to_digit(10)) {
            (Some(expected), _) if byte == *expected => {
                self.matched = self.matched.saturating_add(1);
            }
            (None, Some(digit)) => {
                // LiveKit's codes have 32 bits: none is larger.
                let number = self.number.unwrap_or(0).saturating_mul(10);
                self.number = Some(number.saturating_add(digit));
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
        let code = self.code.or(self.number.map(RpcCode));
        *self = Self { code, ..Self::new() };
    }
}
