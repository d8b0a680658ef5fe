//! What tasks use.

use embassy_time::{Duration, Timer};
use heapless::String;
use livekit_micro::borrowed::SignalRequest;
use livekit_micro::data::{
    CallId, Caller, Calls, Channel, Data, Encryption, Keep, PerformRpc, Rpc, RpcError,
    SendError as Refusal, Session, Streams,
};
use livekit_micro::participant::peer::Crypto;
use livekit_micro::participant::{DataPlane, Error, JoinConfig, Participant, SendError};

use crate::{Answers, CallError, Shared, now_ms};

/// How often it is looked whether something is acknowledged.
const FLUSH: Duration = Duration::from_millis(20);

/// A participant's room. One for each task that needs it.
pub struct Room<'r, 'a, C: Crypto, D> {
    shared: &'r Shared<'a, C, D>,
}

impl<C: Crypto, D> Clone for Room<'_, '_, C, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Crypto, D> Copy for Room<'_, '_, C, D> {}

impl<'r, 'a, C: Crypto, D: DataPlane> Room<'r, 'a, C, D> {
    /// The room of a participant that a [`Runner`](crate::Runner) runs.
    pub const fn new(shared: &'r Shared<'a, C, D>) -> Self {
        Self { shared }
    }

    /// Joins a room: see [`Participant::join`].
    ///
    /// # Errors
    /// [`Error::Token`]
    pub fn join(&self, config: JoinConfig<'a, C>, token: &str) -> Result<(), Error> {
        self.with(|participant, now_ms| participant.join(config, token, now_ms))
    }

    /// Leaves the room; [`Runner::run`](crate::Runner::run) returns when the others are told.
    pub fn leave(&self) {
        self.with(|participant, _| participant.leave());
    }

    /// Waits until the server has acknowledged all that was sent reliably, or the connection it was sent over is given
    /// up. [`leave`](Self::leave) after it loses nothing.
    pub async fn flushed(&self) {
        while self.shared.participant.borrow().unacknowledged() > 0 {
            Timer::after(FLUSH).await; // no event says it
        }
    }

    /// Whether the participant is in the room and can send.
    pub fn is_connected(&self) -> bool {
        self.shared.participant.borrow().is_connected()
    }

    /// Waits until the participant is in the room and can send.
    pub async fn connected(&self) {
        loop {
            let count = self.shared.changed.count();
            if self.is_connected() {
                return;
            }
            self.shared.changed.since(count).await;
        }
    }

    /// Adds attributes to this participant, or changes them; waits for the request before to be sent. See
    /// [`Participant::set_attributes`].
    ///
    /// # Errors
    /// As of [`send`](Self::send).
    pub async fn set_attributes(&self, attributes: &[(&str, &str)]) -> Result<u32, SendError> {
        self.retry(|participant, _| participant.set_attributes(attributes)).await
    }

    /// Sends a request to the server; waits for the one before to be sent. See [`Participant::request`].
    ///
    /// # Errors
    /// As of [`send`](Self::send).
    pub async fn request(&self, request: &SignalRequest<'_>) -> Result<(), SendError> {
        self.retry(|participant, _| participant.request(request)).await
    }

    /// Does something with the participant; the runner then sends what comes of it.
    pub fn with<T>(&self, act: impl FnOnce(&mut Participant<'a, C, D>, u64) -> T) -> T {
        let done = act(&mut self.shared.participant.borrow_mut(), now_ms());
        self.shared.work.signal(());
        done
    }

    /// Sends what `make` makes, as [`Participant::send`], once there is space and a connection: `make` is called again for
    /// each attempt.
    ///
    /// # Errors
    /// Those of [`SendError`] that do not go by waiting.
    pub async fn send<T>(
        &self,
        channel: Channel,
        mut make: impl for<'b> FnMut(&mut D, &'b mut [u8]) -> Result<(T, &'b [u8]), Refusal>,
    ) -> Result<T, SendError> {
        self.retry(|participant, now_ms| participant.send(channel, now_ms, &mut make)).await
    }

    /// Tries again while there is no space or no connection.
    async fn retry<T>(
        &self,
        mut attempt: impl FnMut(&mut Participant<'a, C, D>, u64) -> Result<T, SendError>,
    ) -> Result<T, SendError> {
        loop {
            let count = self.shared.changed.count();
            match self.with(&mut attempt) {
                Err(SendError::Full | SendError::NotConnected) => {
                    self.shared.changed.since(count).await;
                }
                done => return done,
            }
        }
    }
}

impl<'a, C: Crypto, S: Streams, R: Calls, K: Keep, E: Encryption, const SENDERS: usize>
    Room<'_, 'a, C, Session<S, R, K, E, SENDERS>>
where
    Session<S, R, K, E, SENDERS>: DataPlane,
{
    /// Sends a user packet that arrives once and in order; waits for space, and for a connection.
    ///
    /// # Errors
    /// As of [`send`](Self::send).
    pub async fn publish_data(&self, data: &Data<'_>) -> Result<(), SendError> {
        self.retry(|participant, now_ms| participant.publish_data(data, now_ms)).await
    }

    /// Sends a user packet that may be lost: now, or not at all.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn publish_lossy_data(&self, data: &Data<'_>) -> Result<(), SendError> {
        self.with(|participant, now_ms| participant.publish_lossy_data(data, now_ms))
    }
}

impl<
    'a,
    C: Crypto,
    S: Streams,
    K: Keep,
    E: Encryption,
    const SENDERS: usize,
    const CALLS: usize,
    const V2: bool,
> Room<'_, 'a, C, Session<S, Rpc<CALLS, V2>, K, E, SENDERS>>
where
    Session<S, Rpc<CALLS, V2>, K, E, SENDERS>: DataPlane,
{
    /// Calls a method of another participant, and waits for its response; before, for space and for a connection.
    /// `CALLS` calls of the session, and as many of `answers`, go on at a time; more wait.
    ///
    /// # Errors
    /// [`CallError`]; a call always ends, by its `response_timeout_ms` at the latest.
    pub async fn perform_rpc<const ANSWERS: usize, const BYTES: usize>(
        &self,
        call: &PerformRpc<'_>,
        answers: &Answers<ANSWERS, BYTES>,
    ) -> Result<String<BYTES>, CallError<BYTES>> {
        loop {
            let (changed, answered) = (self.shared.changed.count(), answers.changed().count());
            let begun = answers
                .begin(|| self.with(|participant, now_ms| participant.perform_rpc(call, now_ms)));
            match begun {
                Some(Ok(waiting)) => return waiting.answer().await,
                Some(Err(SendError::Full | SendError::NotConnected)) => {
                    self.shared.changed.since(changed).await;
                }
                None | Some(Err(SendError::Data(Refusal::TooManyCalls { max: 1.. }))) => {
                    answers.changed().since(answered).await;
                }
                Some(Err(error)) => return Err(CallError::NotSent(error)),
            }
        }
    }

    /// Calls a method of another participant; waits for space, and for a connection. The answer is an event, with the
    /// same id.
    ///
    /// # Errors
    /// As of [`send`](Self::send).
    pub async fn begin_rpc(&self, call: &PerformRpc<'_>) -> Result<CallId, SendError> {
        self.retry(|participant, now_ms| participant.perform_rpc(call, now_ms)).await
    }

    /// Responds to a call that was kept; waits for space, and for a connection.
    ///
    /// # Errors
    /// As of [`send`](Self::send).
    pub async fn respond(
        &self,
        caller: &Caller<'_>,
        result: Result<&str, RpcError<'_>>,
    ) -> Result<(), SendError> {
        self.retry(|participant, now_ms| participant.respond(caller, result, now_ms)).await
    }
}
