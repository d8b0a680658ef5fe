//! Whether the peer still agrees to be sent to (RFC 7675).

use super::clock::Moment;
use crate::Crypto;

pub(super) struct Consent {
    /// The transactions of the last check, which may be answered late, and of the one before.
    ids: [[u8; 12]; 2],
    /// How many of them are not answered.
    open: u8,
    /// When the next check is due.
    due: Moment,
    expires: Moment,
    /// The last check was not answered before the next one was due.
    is_silent: bool,
}

impl Consent {
    pub(super) const NONE: Self = Self {
        ids: [[0; 12]; 2],
        open: 0,
        due: Moment::ZERO,
        expires: Moment::ZERO,
        is_silent: false,
    };

    /// The peer agreed at `answered`. All its open checks are settled.
    pub(super) fn renew(&mut self, answered: Moment) {
        self.open = 0;
        self.is_silent = false;
        self.expires = answered.after(EXPIRES_AFTER_MS);
    }

    /// Whether what the peer agreed to at `answered` has expired.
    pub(super) fn is_over(answered: Moment, now: Moment) -> bool {
        answered.after(EXPIRES_AFTER_MS).is_due(now)
    }

    /// No answer to what was asked so far counts.
    pub(super) fn forget(&mut self) {
        self.open = 0;
    }

    /// When the first check of a candidate that has been selected is due.
    pub(super) fn schedule<C: Crypto>(&mut self, crypto: &mut C, interval_ms: u32, now: Moment) {
        // RFC 7675, 5.1: "To prevent synchronization of consent checks, each interval MUST be randomized from
        // between 0.8 and 1.2 times the basic period."
        let mut random = [0];
        crypto.random(&mut random);
        let [random] = random;
        let fifth = interval_ms / 5;
        let more = fifth.wrapping_mul(random.into()) >> 7;
        self.due = now.after(interval_ms.wrapping_sub(fifth).wrapping_add(more));
    }

    /// Begins a check. Returns `true` if the last one was not answered.
    pub(super) fn next<C: Crypto>(
        &mut self,
        crypto: &mut C,
        interval_ms: u32,
        now: Moment,
    ) -> bool {
        self.is_silent = self.open > 0;
        // RFC 7675, 5.1: "Each STUN binding request for consent MUST use a new STUN transaction identifier
        // [...]. Each STUN binding request for consent is transmitted once only. A sender therefore cannot
        // assume that it will receive a response for every consent request, and a response might be for a
        // previous request".
        let [last, before] = &mut self.ids;
        *before = *last;
        crypto.random(last);
        self.open = self.open.saturating_add(1).min(2);
        self.schedule(crypto, interval_ms, now);
        self.is_silent
    }

    /// The transaction of the last check.
    pub(super) fn id(&self) -> &[u8; 12] {
        let [last, _] = &self.ids;
        last
    }

    pub(super) fn is_open(&self, id: &[u8; 12]) -> bool {
        self.ids.iter().take(self.open.into()).any(|it| it == id)
    }

    pub(super) fn is_silent(&self) -> bool {
        self.is_silent
    }

    /// Milliseconds until the next check is due.
    pub(super) fn until_check(&self, now: Moment) -> u32 {
        self.due.until(now)
    }

    /// Milliseconds until consent expires.
    pub(super) fn until_end(&self, now: Moment) -> u32 {
        self.expires.until(now)
    }
}

const EXPIRES_AFTER_MS: u32 = 30_000;
