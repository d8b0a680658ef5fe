//! What is waiting to be sent, and the rule by which it is.

mod backoff;
mod verdict;

use heapless::{Deque, Vec};

pub use backoff::Backoff;
pub use verdict::Verdict;

use super::Nonce;

/// A bounded queue of payloads with LiveKit's rule of delivery: one call at a time, in order, the same
/// bytes with the same nonce until there is a verdict, pauses that grow in between.
///
/// `N` payloads of at most `BYTES` bytes. When it is full, the oldest makes room for the newest. It
/// knows no clock and no randomness: `now_ms` counts from whenever you like and never goes back.
///
/// A payload is *queued*, then *in flight*, and then *accepted* or *given up*; or it is queued again.
/// Accepted says that the server took it, and with [`PerformRpc`](super::PerformRpc) that the
/// receiver answered. [`SendData`](super::SendData) proves nothing about who received it: put a boot
/// id and a running number into the payload, so that a receiver drops doubles and sees gaps. With
/// [`PerformRpc`](super::PerformRpc) too: it has no nonce, so a repeat runs the receiver's method again.
///
/// ```
/// use livekit_micro::server::{Backoff, Nonce, Outbox, Poll, Settled, Verdict};
///
/// let mut outbox: Outbox<8, 64> = Outbox::new(Backoff::new(1_000, 30_000));
/// outbox.push(b"21.5", Nonce::new([7; 16])?)?;
///
/// let Poll::Send(sending) = outbox.poll(0) else { panic!() };
/// assert_eq!((sending.id, sending.payload), (1, &b"21.5"[..]));
/// // The call is made, and nobody answers: the same again, a second later or a little sooner.
/// let Some(Settled::Queued { id: 1, again_in_ms }) = outbox.settle(0, Verdict::Unknown, 0x1234) else { panic!() };
/// assert!((500..=1_000).contains(&again_in_ms));
/// assert_eq!(outbox.poll(0), Poll::Wait(again_in_ms.into()));
///
/// let Poll::Send(_) = outbox.poll(1_000) else { panic!() };
/// assert_eq!(outbox.settle(1_004, Verdict::Accepted, 0x5678), Some(Settled::Accepted { id: 1 }));
/// assert_eq!(outbox.poll(1_004), Poll::Empty);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Outbox<const N: usize, const BYTES: usize> {
    items: Deque<Item<BYTES>, N>,
    is_in_flight: bool,
    /// What is in flight may be repeated at once.
    hurries: bool,
    /// Attempts in a row that had no verdict, whichever payload they were for.
    failures: u32,
    /// Nothing is sent before.
    not_before_ms: u64,
    backoff: Backoff,
    counts: Counts,
}

struct Item<const BYTES: usize> {
    id: u32,
    nonce: Nonce,
    payload: Vec<u8, BYTES>,
}

/// What an [`Outbox`] has seen, in payloads.
///
/// `taken` is always the sum of the others and of what is [waiting](Outbox::len).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Counts {
    /// That were pushed.
    pub taken: u32,
    /// That the server accepted.
    pub accepted: u32,
    /// That the server refused for good.
    pub given_up: u32,
    /// That made room for newer ones.
    pub dropped: u32,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll<'a> {
    /// Make this call; it is in flight until [`Outbox::settle`].
    Send(Sending<'a>),
    /// Nothing, for so many milliseconds.
    Wait(u64),
    /// Nothing, until the call that is in flight is settled.
    InFlight,
    /// Nothing is waiting.
    Empty,
}

/// A payload that is in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending<'a> {
    /// The running number that [`Outbox::push`] gave it, from 1.
    pub id: u32,
    /// The nonce that belongs to it.
    pub nonce: &'a Nonce,
    /// The payload itself.
    pub payload: &'a [u8],
}

/// What became of the call that was in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Settled {
    /// The server accepted it; it is no longer kept.
    Accepted {
        /// Its number.
        id: u32,
    },
    /// It is sent again.
    Queued {
        /// Its number.
        id: u32,
        /// After so many milliseconds.
        again_in_ms: u32,
    },
    /// The server refused it for good; it is no longer kept.
    GivenUp {
        /// Its number.
        id: u32,
    },
}

/// A payload was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Pushed {
    /// Its running number, from 1.
    pub id: u32,
    /// The one that made room for it.
    pub dropped: Option<u32>,
}

/// A payload was not taken: it is larger than the outbox's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PayloadTooLong {
    /// Bytes of the payload.
    pub came: usize,
    /// Bytes that fit.
    pub most: usize,
}

impl<const N: usize, const BYTES: usize> Outbox<N, BYTES> {
    /// An empty one.
    pub const fn new(backoff: Backoff) -> Self {
        const { assert!(N >= 2, "one in flight and one waiting: an outbox has at least two items") };
        Self {
            items: Deque::new(),
            is_in_flight: false,
            hurries: false,
            failures: 0,
            not_before_ms: 0,
            backoff,
            counts: Counts { taken: 0, accepted: 0, given_up: 0, dropped: 0 },
        }
    }

    /// Takes a payload. If the outbox is full, the oldest that is not in flight makes room.
    ///
    /// # Errors
    /// [`PayloadTooLong`], and nothing has changed.
    pub fn push(&mut self, payload: &[u8], nonce: Nonce) -> Result<Pushed, PayloadTooLong> {
        let payload = Vec::from_slice(payload)
            .map_err(|_| PayloadTooLong { came: payload.len(), most: BYTES })?;
        let mut dropped = None;
        if self.items.is_full() {
            dropped = self.drop_oldest();
        }
        self.counts.taken = self.counts.taken.wrapping_add(1);
        let id = self.counts.taken;
        let _ = self.items.push_back(Item { id, nonce, payload }); // there is room
        Ok(Pushed { id, dropped })
    }

    fn drop_oldest(&mut self) -> Option<u32> {
        let first = self.items.pop_front()?;
        let dropped = if self.is_in_flight {
            let second = self.items.pop_front();
            let _ = self.items.push_front(first); // in the room it had
            second?.id
        } else {
            first.id
        };
        self.counts.dropped = self.counts.dropped.wrapping_add(1);
        Some(dropped)
    }

    /// What to do now. The first payload is in flight from [`Poll::Send`] on.
    pub fn poll(&mut self, now_ms: u64) -> Poll<'_> {
        let Some(item) = self.items.front() else { return Poll::Empty };
        if self.is_in_flight {
            return Poll::InFlight;
        }
        match self.not_before_ms.saturating_sub(now_ms) {
            0 => {
                self.is_in_flight = true;
                let Item { id, nonce, payload } = item;
                Poll::Send(Sending { id: *id, nonce, payload })
            }
            wait => Poll::Wait(wait),
        }
    }

    /// Says what is known about the call that is in flight; `None` if there is none.
    ///
    /// `random` spreads the attempts of many devices: 32 fresh random bits.
    pub fn settle(&mut self, now_ms: u64, verdict: Verdict, random: u32) -> Option<Settled> {
        if !core::mem::take(&mut self.is_in_flight) {
            return None;
        }
        let id = self.items.front()?.id;
        let hurries = core::mem::take(&mut self.hurries);
        let again_in_ms = match verdict {
            Verdict::Unknown | Verdict::Token if hurries => 0,
            Verdict::Unknown => self.backoff.pause_ms(self.failures, random),
            Verdict::Token => self.backoff.longest_ms(random),
            Verdict::Accepted => {
                self.counts.accepted = self.counts.accepted.wrapping_add(1);
                self.forget();
                return Some(Settled::Accepted { id });
            }
            Verdict::Refused => {
                self.counts.given_up = self.counts.given_up.wrapping_add(1);
                self.forget();
                return Some(Settled::GivenUp { id });
            }
        };
        self.failures = self.failures.saturating_add(1);
        self.not_before_ms = now_ms.saturating_add(again_in_ms.into());
        Some(Settled::Queued { id, again_in_ms })
    }

    fn forget(&mut self) {
        self.items.pop_front();
        self.failures = 0;
        self.not_before_ms = 0;
    }

    /// Lets the next attempt be made at once: the network is back, or there is a new token. While a call
    /// is in flight, the one after it.
    pub fn hurry(&mut self) {
        self.hurries = self.is_in_flight;
        self.not_before_ms = 0;
    }

    /// How many payloads are waiting, one that is in flight among them.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Is none waiting?
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What it has seen.
    pub fn counts(&self) -> Counts {
        self.counts
    }
}

impl<const N: usize, const BYTES: usize> core::fmt::Debug for Outbox<N, BYTES> {
    /// Without the payloads.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Outbox")
            .field("len", &self.len())
            .field("is_in_flight", &self.is_in_flight)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

impl core::fmt::Display for PayloadTooLong {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the payload has {} bytes, the outbox takes at most {}", self.came, self.most)
    }
}

impl core::error::Error for PayloadTooLong {}
