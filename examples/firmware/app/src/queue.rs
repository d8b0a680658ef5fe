//! The queue of readings between the task that takes them and the task that sends them.

use core::cell::{Cell, RefCell};

use defmt::{error, info, warn};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Instant, Timer};
use livekit_micro::server::{
    Backoff, Counts, Enqueued, Nonce, Outbox, Outcome, Poll, RequestError, Sending, Verdict,
};

use crate::Failure;

/// How many readings are queued while they cannot be sent, and how large each may be.
const ITEMS: usize = 16;
const BYTES: usize = 80;

/// Pauses between attempts, in milliseconds.
const BACKOFF: Backoff = Backoff::new(1_000, 8_000);

/// An outbox that one task fills and another one empties.
pub struct Queue {
    outbox: RefCell<Outbox<ITEMS, BYTES>>,
    changed: Signal<CriticalSectionRawMutex, ()>,
    /// No more readings are pushed.
    is_closed: Cell<bool>,
}

impl Queue {
    #[inline(never)] // otherwise its parts would be built in the stack frame of the task
    pub fn new() -> Self {
        Self {
            outbox: RefCell::new(Outbox::new(BACKOFF)),
            changed: Signal::new(),
            is_closed: Cell::new(false),
        }
    }

    /// Returns the number of the next reading.
    pub fn next_number(&self) -> u32 {
        self.counts().enqueued.wrapping_add(1)
    }

    /// Enqueues a reading, with a nonce of 16 random bytes.
    pub fn push(&self, payload: &str, random: [u8; 16]) {
        let nonce = match Nonce::new(random) {
            Ok(nonce) => nonce,
            Err(error) => return error!("reading not enqueued: {}", error),
        };
        let mut outbox = self.outbox.borrow_mut();
        match outbox.push(payload.as_bytes(), nonce) {
            Ok(Enqueued { dropped: Some(dropped), .. }) => {
                warn!(
                    "reading {=u32} dropped, the queue is full ({=usize} waiting)",
                    dropped,
                    outbox.len()
                );
            }
            Ok(_) => {}
            Err(error) => error!("reading not enqueued: {}", error),
        }
        self.changed.signal(());
    }

    /// Ends the queue: `next` returns `None` once it is empty.
    pub fn close(&self) {
        self.is_closed.set(true);
        self.changed.signal(());
    }

    /// Waits for a reading that is due and encodes its request with `encode`; `None` once the queue is
    /// closed and empty. The caller completes the reading before it asks for the next.
    pub async fn next<T>(
        &self,
        buf: &mut [u8],
        encode: &impl Fn(&Sending<'_>, &mut [u8]) -> Result<T, RequestError>,
    ) -> Option<T> {
        loop {
            let wait_ms = match self.outbox.borrow_mut().poll(now_ms()) {
                Poll::Send(sending) => {
                    let id = sending.id;
                    match encode(&sending, buf) {
                        Ok(request) => return Some(request),
                        Err(error) => Err((id, error)),
                    }
                }
                Poll::Wait(ms) => Ok(Some(ms)),
                Poll::InFlight | Poll::Empty if self.is_closed.get() => return None,
                Poll::InFlight | Poll::Empty => Ok(None),
            };
            match wait_ms {
                // Not ended by `push`: another reading does not shorten the pause.
                Ok(Some(ms)) => Timer::after_millis(ms).await,
                Ok(None) => self.changed.wait().await,
                Err((id, error)) => {
                    error!("reading {=u32} rejected: {}", id, error);
                    self.outbox.borrow_mut().complete(now_ms(), Verdict::Rejected, 0);
                }
            }
        }
    }

    /// Completes the reading that was sent; `how` names success in the log, `random` spreads the next
    /// attempt.
    pub fn complete(&self, result: Result<(), Failure>, how: &'static str, random: u32) {
        let verdict = result.map_or_else(|failure| failure.verdict(), |()| Verdict::Accepted);
        let mut outbox = self.outbox.borrow_mut();
        match (outbox.complete(now_ms(), verdict, random), result) {
            (Some(Outcome::Accepted { id }), _) => info!("reading {=u32} {=str}", id, how),
            (Some(Outcome::Queued { id, again_in_ms }), Err(failure)) => {
                warn!(
                    "reading {=u32} not {=str}: {}, retry in {=u32} ms",
                    id, how, failure, again_in_ms
                );
            }
            (Some(Outcome::Rejected { id }), Err(failure)) => {
                error!("reading {=u32} rejected: {}", id, failure);
            }
            _ => {}
        }
    }

    /// Makes the next attempt without a pause.
    pub fn retry_now(&self) {
        self.outbox.borrow_mut().retry_now();
    }

    pub fn counts(&self) -> Counts {
        self.outbox.borrow().counts()
    }
}

fn now_ms() -> u64 {
    Instant::now().as_millis()
}
