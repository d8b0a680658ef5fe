//! What an outbox says: what to do, and what became of it.

use core::fmt;

use crate::server::Nonce;

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll<'a> {
    /// Make this call; it is in flight until [`Outbox::complete`](super::Outbox::complete).
    Send(Sending<'a>),
    /// Nothing, for this many milliseconds.
    Wait(u64),
    /// Nothing, until the call that is in flight is complete.
    InFlight,
    /// Nothing is queued.
    Empty,
}

/// A payload that is in flight.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sending<'a> {
    /// The running number that [`Outbox::push`](super::Outbox::push) returned, from 1.
    pub id: u32,
    /// Its nonce.
    pub nonce: &'a Nonce,
    /// The payload itself.
    pub payload: &'a [u8],
}

/// What became of the call that was in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Outcome {
    /// The server accepted the payload; it has left the queue.
    Accepted {
        /// Its number.
        id: u32,
    },
    /// The payload is sent again.
    Queued {
        /// Its number.
        id: u32,
        /// After this many milliseconds.
        again_in_ms: u32,
    },
    /// The server rejected the payload for good; it has left the queue.
    Rejected {
        /// Its number.
        id: u32,
    },
}

/// A payload was queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Enqueued {
    /// Its running number, from 1.
    pub id: u32,
    /// The number of the payload that was dropped for it, because the queue was full.
    pub dropped: Option<u32>,
}

/// What an [`Outbox`](super::Outbox) has seen, in payloads.
///
/// `enqueued` is always the sum of the others and of the [length](super::Outbox::len).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Counts {
    /// Payloads that were pushed.
    pub enqueued: u32,
    /// Payloads that the server accepted.
    pub accepted: u32,
    /// Payloads that the server rejected for good.
    pub rejected: u32,
    /// Payloads dropped from a full queue.
    pub dropped: u32,
}

impl Counts {
    pub(super) const ZERO: Self = Self { enqueued: 0, accepted: 0, rejected: 0, dropped: 0 };
}

/// A payload was not queued: it is larger than the outbox's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PayloadTooLong {
    /// Its length in bytes.
    pub len: usize,
    /// The largest length.
    pub max: usize,
}

impl fmt::Debug for Sending<'_> {
    /// Without the payload.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending")
            .field("id", &self.id)
            .field("payload_len", &self.payload.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PayloadTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the payload has {} bytes, the outbox takes at most {}", self.len, self.max)
    }
}

impl core::error::Error for PayloadTooLong {}
