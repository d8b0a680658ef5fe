//! The readings that wait, between the two who use them: the sampler and the sender.

use core::cell::{Cell, RefCell};

use defmt::{error, info, warn};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Instant, Timer};
use livekit_micro::server::{
    Backoff, Counts, Nonce, Outbox, Poll, Pushed, RequestError, Sending, Settled, Verdict,
};

use crate::Failure;

/// How many readings are kept while they cannot be sent, and how large each may be.
const ITEMS: usize = 16;
const BYTES: usize = 80;

/// Pauses between attempts, in milliseconds.
const BACKOFF: Backoff = Backoff::new(1_000, 8_000);

/// An outbox that one task fills and another one empties.
pub struct Queue {
    outbox: RefCell<Outbox<ITEMS, BYTES>>,
    changed: Signal<CriticalSectionRawMutex, ()>,
    /// No reading comes any more.
    is_closed: Cell<bool>,
}

impl Queue {
    #[inline(never)] // or its parts would be built in the frame of the task, for good
    pub fn new() -> Self {
        Self {
            outbox: RefCell::new(Outbox::new(BACKOFF)),
            changed: Signal::new(),
            is_closed: Cell::new(false),
        }
    }

    /// The number that the next reading gets.
    pub fn next_number(&self) -> u32 {
        self.counts().taken.wrapping_add(1)
    }

    /// Takes a reading, and 16 random bytes for it.
    pub fn push(&self, payload: &str, random: [u8; 16]) {
        let nonce = match Nonce::new(random) {
            Ok(nonce) => nonce,
            Err(error) => return error!("no reading taken: {}", error),
        };
        let mut outbox = self.outbox.borrow_mut();
        match outbox.push(payload.as_bytes(), nonce) {
            Ok(Pushed { dropped: Some(dropped), .. }) => {
                warn!(
                    "reading {=u32} dropped, the queue is full ({=usize} waiting)",
                    dropped,
                    outbox.len()
                );
            }
            Ok(_) => {}
            Err(error) => error!("no reading taken: {}", error),
        }
        self.changed.signal(());
    }

    /// Says that no reading comes any more.
    pub fn close(&self) {
        self.is_closed.set(true);
        self.changed.signal(());
    }

    /// Waits for a reading that is due and lets `write` make a request of it; returns what that does, or
    /// `None` when the queue is closed and empty.
    pub async fn next<T>(
        &self,
        buf: &mut [u8],
        write: &impl Fn(&Sending<'_>, &mut [u8]) -> Result<T, RequestError>,
    ) -> Option<T> {
        loop {
            let wait = match self.outbox.borrow_mut().poll(now_ms()) {
                Poll::Send(sending) => {
                    let id = sending.id;
                    match write(&sending, buf) {
                        Ok(request) => return Some(request),
                        Err(error) => Err((id, error)),
                    }
                }
                Poll::Wait(ms) => Ok(Some(ms)),
                Poll::InFlight | Poll::Empty if self.is_closed.get() => return None,
                Poll::InFlight | Poll::Empty => Ok(None),
            };
            match wait {
                Ok(Some(ms)) => {
                    // A reading more changes nothing about the pause.
                    Timer::after_millis(ms).await;
                }
                Ok(None) => self.changed.wait().await,
                Err((id, error)) => {
                    error!("reading {=u32} given up: {}", id, error);
                    self.outbox.borrow_mut().settle(now_ms(), Verdict::Refused, 0);
                }
            }
        }
    }

    /// Says what became of the reading that was sent, and `how` the success is called; `random` spreads
    /// the next attempt.
    pub fn settle(&self, result: Result<(), Failure>, how: &'static str, random: u32) {
        let verdict = result.map_or_else(|failure| failure.verdict(), |()| Verdict::Accepted);
        let mut outbox = self.outbox.borrow_mut();
        match (outbox.settle(now_ms(), verdict, random), result) {
            (Some(Settled::Accepted { id }), _) => info!("reading {=u32} {=str}", id, how),
            (Some(Settled::Queued { id, again_in_ms }), Err(failure)) => {
                warn!(
                    "reading {=u32} not {=str}: {}, again in {=u32} ms",
                    id, how, failure, again_in_ms
                );
            }
            (Some(Settled::GivenUp { id }), Err(failure)) => {
                error!("reading {=u32} given up: {}", id, failure);
            }
            _ => {}
        }
    }

    /// Makes the next attempt at once, behind that which is in flight.
    pub fn hurry(&self) {
        self.outbox.borrow_mut().hurry();
    }

    pub fn counts(&self) -> Counts {
        self.outbox.borrow().counts()
    }
}

fn now_ms() -> u64 {
    Instant::now().as_millis()
}
