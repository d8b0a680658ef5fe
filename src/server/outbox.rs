//! A queue of payloads, and the rule by which they are delivered.

mod backoff;
mod report;
mod verdict;

use heapless::{Deque, Vec};

pub use backoff::Backoff;
pub use report::{Counts, Enqueued, Outcome, PayloadTooLong, Poll, Sending};
pub use verdict::Verdict;

use super::Nonce;

/// A bounded queue of payloads that are delivered by LiveKit's rule: in order, one call at a time, each
/// payload with the same bytes and the same nonce until there is a verdict, with growing pauses.
///
/// It holds `N` payloads of at most `BYTES` bytes. When it is full, the oldest that is not in flight is
/// dropped for the newest. It has no clock and no random numbers: `now_ms` counts from any moment. If
/// it goes back, as a 32-bit clock does after 49 days, a pause lasts no longer than the longest one.
///
/// A payload is *queued*, then *in flight*, and then *accepted* or *rejected*; or it is queued again.
/// Accepted says that the server accepted it, and with [`PerformRpc`](super::PerformRpc) that the
/// receiver responded. Only LiveKit's own response is a verdict: whatever a proxy or a captive portal
/// says, the payload is kept and sent again.
///
/// **Put a boot id and a running number into the payload.** [`SendData`](super::SendData) proves nothing
/// about who received it, and a restarted server knows no nonces: with the number a receiver drops
/// repeats and sees gaps. [`PerformRpc`](super::PerformRpc) has no nonce at all, so each repeat runs the
/// receiver's method again, and servers before 1.13.11 repeat it by themselves if the receiver takes more
/// than 3 s: a receiver that has seen the number responds without running it again.
///
/// ```
/// use livekit_micro::server::{Backoff, Nonce, Outbox, Outcome, Poll, Verdict};
///
/// let mut outbox: Outbox<8, 64> = Outbox::new(Backoff::new(1_000, 30_000));
/// outbox.push(b"21.5", Nonce::new([7; 16])?)?;
///
/// let Poll::Send(sending) = outbox.poll(0) else { panic!() };
/// assert_eq!((sending.id, sending.payload), (1, &b"21.5"[..]));
/// // The call is made, and no response arrives: the same again, a second later or a little sooner.
/// let Some(Outcome::Queued { id: 1, again_in_ms }) = outbox.complete(0, Verdict::Retry, 0x1234) else { panic!() };
/// assert!((500..=1_000).contains(&again_in_ms));
/// assert_eq!(outbox.poll(0), Poll::Wait(again_in_ms.into()));
///
/// let Poll::Send(_) = outbox.poll(1_000) else { panic!() };
/// assert_eq!(outbox.complete(1_004, Verdict::Accepted, 0x5678), Some(Outcome::Accepted { id: 1 }));
/// assert_eq!(outbox.poll(1_004), Poll::Empty);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Outbox<const N: usize, const BYTES: usize> {
    items: Deque<Item<BYTES>, N>,
    is_in_flight: bool,
    /// The call that is in flight may be repeated at once.
    retries_now: bool,
    /// Attempts without a verdict in a row, of any payload.
    failures: u32,
    /// Nothing is sent before this time.
    not_before_ms: u64,
    backoff: Backoff,
    counts: Counts,
}

struct Item<const BYTES: usize> {
    id: u32,
    nonce: Nonce,
    payload: Vec<u8, BYTES>,
}

impl<const N: usize, const BYTES: usize> Outbox<N, BYTES> {
    /// An empty queue.
    pub const fn new(backoff: Backoff) -> Self {
        const { assert!(N >= 2, "an outbox has at least two items: one in flight and one queued") };
        Self {
            items: Deque::new(),
            is_in_flight: false,
            retries_now: false,
            failures: 0,
            not_before_ms: 0,
            backoff,
            counts: Counts::ZERO,
        }
    }

    /// Queues a payload. If the outbox is full, the oldest that is not in flight is dropped.
    ///
    /// # Errors
    /// [`PayloadTooLong`]; nothing has changed then.
    pub fn push(&mut self, payload: &[u8], nonce: Nonce) -> Result<Enqueued, PayloadTooLong> {
        let payload = Vec::from_slice(payload)
            .map_err(|_| PayloadTooLong { len: payload.len(), max: BYTES })?;
        let mut dropped = None;
        if self.items.is_full() {
            dropped = self.drop_oldest();
        }
        self.counts.enqueued = self.counts.enqueued.wrapping_add(1);
        let id = self.counts.enqueued;
        let _ = self.items.push_back(Item { id, nonce, payload }); // cannot fail: it is not full
        Ok(Enqueued { id, dropped })
    }

    fn drop_oldest(&mut self) -> Option<u32> {
        let first = self.items.pop_front()?;
        let dropped = if self.is_in_flight {
            let second = self.items.pop_front();
            let _ = self.items.push_front(first); // cannot fail: two slots were just freed
            second?.id
        } else {
            first.id
        };
        self.counts.dropped = self.counts.dropped.wrapping_add(1);
        Some(dropped)
    }

    /// Returns what to do now. After [`Poll::Send`] the first payload is in flight.
    pub fn poll(&mut self, now_ms: u64) -> Poll<'_> {
        let Some(item) = self.items.front() else { return Poll::Empty };
        if self.is_in_flight {
            return Poll::InFlight;
        }
        // No pause is longer than the longest: the clock went back.
        let wait = self.not_before_ms.saturating_sub(now_ms).min(self.backoff.max_ms().into());
        self.not_before_ms = now_ms.saturating_add(wait);
        if wait > 0 {
            return Poll::Wait(wait);
        }
        self.is_in_flight = true;
        let Item { id, nonce, payload } = item;
        Poll::Send(Sending { id: *id, nonce, payload })
    }

    /// Ends the call that is in flight with what is known about it; returns `None` if there is none.
    ///
    /// `random` is 32 random bits, which spread the attempts of many devices.
    pub fn complete(&mut self, now_ms: u64, verdict: Verdict, random: u32) -> Option<Outcome> {
        if !core::mem::take(&mut self.is_in_flight) {
            return None;
        }
        let id = self.items.front()?.id;
        let retries_now = core::mem::take(&mut self.retries_now);
        let again_in_ms = match verdict {
            Verdict::Retry | Verdict::RetryLater | Verdict::Token if retries_now => 0,
            Verdict::Retry => self.backoff.pause_ms(self.failures, random),
            Verdict::RetryLater | Verdict::Token => self.backoff.longest_ms(random),
            Verdict::Accepted => {
                self.counts.accepted = self.counts.accepted.wrapping_add(1);
                self.remove_first();
                return Some(Outcome::Accepted { id });
            }
            Verdict::Rejected => {
                self.counts.rejected = self.counts.rejected.wrapping_add(1);
                self.remove_first();
                return Some(Outcome::Rejected { id });
            }
        };
        self.failures = self.failures.saturating_add(1);
        self.not_before_ms = now_ms.saturating_add(again_in_ms.into());
        Some(Outcome::Queued { id, again_in_ms })
    }

    fn remove_first(&mut self) {
        self.items.pop_front();
        self.failures = 0;
        self.not_before_ms = 0;
    }

    /// Makes the next attempt due at once: the network is back, or there is a new token. While a call is in
    /// flight, that is the attempt after it.
    pub fn retry_now(&mut self) {
        self.retries_now = self.is_in_flight;
        self.not_before_ms = 0;
    }

    /// Returns the number of payloads in the queue, including one that is in flight.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns `true` if no payload is in the queue.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns what it has seen.
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
