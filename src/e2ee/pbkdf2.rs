//! The derivation that takes long, in steps.

use core::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::key::{Derived, keyed};

/// PBKDF2-HMAC-SHA-256 (RFC 8018, 5.2) in steps: what LiveKit's SDKs do with a passphrase.
///
/// 100 000 rounds are 200 000 blocks of SHA-256, seconds of work for a microcontroller: call
/// [`poll`](Self::poll) between other work, once, and store the [`Key`](super::Key).
///
/// ```
/// use livekit_micro::e2ee::{DEFAULT_SALT, Pbkdf2};
///
/// let mut pbkdf2 = Pbkdf2::new(b"correct horse battery staple", DEFAULT_SALT);
/// let key = loop {
///     // …receive, blink, feed the watchdog…
///     if let Some(derived) = pbkdf2.poll(1_000) {
///         break derived.key();
///     }
/// };
/// # assert_eq!(key.as_bytes()[0], 222);
/// ```
#[derive(Clone)]
pub struct Pbkdf2 {
    /// Keyed with the passphrase.
    mac: Hmac<Sha256>,
    /// U of the last round.
    last: [u8; 32],
    /// All of them, by XOR.
    sum: [u8; 32],
    left: u32,
}

impl Pbkdf2 {
    /// The rounds of LiveKit's SDKs.
    pub const ROUNDS: u32 = 100_000;

    /// Begins a derivation with [`ROUNDS`](Self::ROUNDS). An empty passphrase makes a key that everybody knows: check
    /// what the device was provisioned with.
    #[inline(always)]
    pub fn new(passphrase: &[u8], salt: &[u8]) -> Self {
        Self::with_rounds(passphrase, salt, Self::ROUNDS)
    }

    /// Begins a derivation with so many rounds, at least 1.
    pub fn with_rounds(passphrase: &[u8], salt: &[u8], rounds: u32) -> Self {
        let mac = keyed(passphrase);
        // 5.2, step 3: U_1 is of the salt and the number of the block. 32 bytes are one block.
        let mut first = mac.clone();
        first.update(salt);
        first.update(&[0, 0, 0, 1]);
        let last = first.finalize().into_bytes().into();
        Self { mac, last, sum: last, left: rounds.saturating_sub(1) }
    }

    /// Runs at most `rounds` of the rounds that are left; what is derived, once there are none.
    #[inline(never)]
    pub fn poll(&mut self, rounds: u32) -> Option<Derived> {
        let now = rounds.min(self.left);
        for _ in 0..now {
            let mut mac = self.mac.clone();
            mac.update(&self.last);
            self.last = mac.finalize().into_bytes().into();
            for (sum, byte) in self.sum.iter_mut().zip(&self.last) {
                *sum ^= byte;
            }
        }
        self.left = self.left.wrapping_sub(now);
        (self.left == 0).then_some(Derived::new(self.sum))
    }

    /// Returns how many rounds are left.
    pub const fn left(&self) -> u32 {
        self.left
    }
}

impl fmt::Debug for Pbkdf2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pbkdf2").field("left", &self.left).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Pbkdf2 {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Pbkdf2 {{ left: {=u32}, .. }}", self.left);
    }
}
