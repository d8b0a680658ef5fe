//! What the runner and the tasks share.

use core::cell::RefCell;

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use livekit_micro::participant::peer::Crypto;
use livekit_micro::participant::{DataPlane, Event, Participant};

use crate::changed::Changed;

/// A participant for the tasks of one executor.
pub struct Shared<'a, C: Crypto, D> {
    pub(crate) participant: RefCell<Participant<'a, C, D>>,
    /// The runner has something to do.
    pub(crate) work: Signal<NoopRawMutex, ()>,
    /// Tasks that wait may try again: there is space, or the connection has changed.
    pub(crate) changed: Changed,
}

impl<'a, C: Crypto, D> Shared<'a, C, D> {
    /// Shares a participant.
    pub const fn new(participant: Participant<'a, C, D>) -> Self {
        Self {
            participant: RefCell::new(participant),
            work: Signal::new(),
            changed: Changed::new(),
        }
    }
}

/// What a firmware does about events.
///
/// It gets the participant where it may use it. A [`Room`](crate::Room) is for other tasks: used in a handler it panics,
/// because the runner has the participant at that moment.
pub trait Handler<'a, C: Crypto, D: DataPlane> {
    /// Takes an event, which lives as long as this call.
    fn event(&mut self, event: &Event<'_>);

    /// Is called after each event: answers, if there is anything to answer.
    fn answer(&mut self, participant: &mut Participant<'a, C, D>, now_ms: u64) {
        let _ = (participant, now_ms);
    }
}
