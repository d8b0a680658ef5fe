//! Calls whose answers a task waits for.

use core::cell::RefCell;

use heapless::String;
use livekit_micro::RpcCode;
use livekit_micro::data::{Answer, CallId, Event as Data};
use livekit_micro::participant::{Event, SendError};

use crate::changed::Changed;

/// The answers that tasks wait for: of `CALLS` calls at a time, of up to `BYTES` bytes each. For
/// [`Room::perform_rpc`](crate::Room::perform_rpc); share one between tasks and the [`Handler`](crate::Handler), which gives it
/// every event.
pub struct Answers<const CALLS: usize = 1, const BYTES: usize = 128> {
    slots: RefCell<[Slot<BYTES>; CALLS]>,
    changed: Changed,
}

/// A call that a task waits for, or none. With a tag of its own, so that none is all zero and takes no flash.
#[repr(u8)]
enum Slot<const BYTES: usize> {
    Free,
    Waiting(CallId),
    Answered(CallId, Result<String<BYTES>, CallError<BYTES>>),
}

/// Why a call has no response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallError<const BYTES: usize> {
    /// It was not sent.
    NotSent(SendError),
    /// It failed: the other participant says so, or did not answer, or is not there.
    Failed {
        /// LiveKit's code, or one of the application's.
        code: RpcCode,
        /// What happened, as far as it fits.
        message: String<BYTES>,
    },
    /// The response is longer than an [`Answers`] takes.
    TooLong {
        /// Its length, in bytes.
        len: usize,
        /// The most.
        max: usize,
    },
}

impl<const CALLS: usize, const BYTES: usize> Answers<CALLS, BYTES> {
    /// No call.
    pub const fn new() -> Self {
        Self { slots: RefCell::new([const { Slot::Free }; CALLS]), changed: Changed::new() }
    }

    /// Keeps the answer that an event is, if a task waits for it: call it in [`Handler::event`](crate::Handler::event).
    pub fn update(&self, event: &Event<'_>) {
        let Event::Data(Data::Answer(answer)) = event else { return };
        for slot in self.slots.borrow_mut().iter_mut() {
            if matches!(slot, Slot::Waiting(call) if *call == answer.call) {
                *slot = Slot::Answered(answer.call, kept(answer));
            }
        }
        self.changed.notify();
    }

    /// Begins a call, if there is a place for its answer.
    pub(crate) fn begin(
        &self,
        call: impl FnOnce() -> Result<CallId, SendError>,
    ) -> Option<Result<Waiting<'_, CALLS, BYTES>, SendError>> {
        let mut slots = self.slots.borrow_mut();
        let free = slots.iter_mut().find(|slot| matches!(slot, Slot::Free))?;
        Some(call().map(|call| {
            *free = Slot::Waiting(call);
            Waiting { answers: self, call }
        }))
    }

    pub(crate) const fn changed(&self) -> &Changed {
        &self.changed
    }
}

impl<const CALLS: usize, const BYTES: usize> Default for Answers<CALLS, BYTES> {
    fn default() -> Self {
        Self::new()
    }
}

/// A call that is waited for. Dropped, it gives its place back.
pub(crate) struct Waiting<'s, const CALLS: usize, const BYTES: usize> {
    answers: &'s Answers<CALLS, BYTES>,
    call: CallId,
}

impl<const CALLS: usize, const BYTES: usize> Waiting<'_, CALLS, BYTES> {
    /// Waits for the answer, which comes in any case: of the other participant, or of time.
    pub(crate) async fn answer(self) -> Result<String<BYTES>, CallError<BYTES>> {
        loop {
            let count = self.answers.changed.count();
            if let Some(answer) = self.take() {
                return answer;
            }
            self.answers.changed.since(count).await;
        }
    }

    fn take(&self) -> Option<Result<String<BYTES>, CallError<BYTES>>> {
        let mut slots = self.answers.slots.borrow_mut();
        let slot = slots
            .iter_mut()
            .find(|slot| matches!(slot, Slot::Answered(call, _) if *call == self.call))?;
        match core::mem::replace(slot, Slot::Free) {
            Slot::Answered(_, answer) => Some(answer),
            Slot::Free | Slot::Waiting(_) => None,
        }
    }
}

impl<const CALLS: usize, const BYTES: usize> Drop for Waiting<'_, CALLS, BYTES> {
    fn drop(&mut self) {
        for slot in self.answers.slots.borrow_mut().iter_mut() {
            let (Slot::Waiting(call) | Slot::Answered(call, _)) = &*slot else { continue };
            if *call == self.call {
                *slot = Slot::Free;
            }
        }
        self.answers.changed.notify();
    }
}

/// What is kept of an answer.
fn kept<const BYTES: usize>(answer: &Answer<'_>) -> Result<String<BYTES>, CallError<BYTES>> {
    match answer.result {
        Ok(response) => String::try_from(response)
            .map_err(|_| CallError::TooLong { len: response.len(), max: BYTES }),
        Err(error) => {
            let mut message = String::new();
            for letter in error.message.chars() {
                if message.push(letter).is_err() {
                    break;
                }
            }
            Err(CallError::Failed { code: error.code, message })
        }
    }
}

#[cfg(feature = "defmt")]
impl<const BYTES: usize> defmt::Format for CallError<BYTES> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self {
            Self::NotSent(error) => defmt::write!(f, "not sent: {}", error),
            Self::Failed { code, message } => {
                defmt::write!(f, "failed: {}, {=str}", code, message.as_str());
            }
            Self::TooLong { len, max } => {
                defmt::write!(
                    f,
                    "the response has {=usize} bytes, at most {=usize} are kept",
                    len,
                    max
                );
            }
        }
    }
}
