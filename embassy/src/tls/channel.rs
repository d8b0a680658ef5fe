//! What passes between a runner and the driver of its connection.

use core::cell::Cell;
use core::future::pending;

use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::pipe::Pipe;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, with_timeout};

use crate::changed::Changed;
use crate::signal::{Progress, SignalConnection};

/// How long a request may wait for those before it.
const WRITE: Duration = Duration::from_secs(5);

/// Signalling in plain text, both ways.
pub(super) struct Channel {
    pub outgoing: Pipe<NoopRawMutex, 1024>,
    pub incoming: Pipe<NoopRawMutex, 512>,
    /// A new connection is wanted, whatever becomes of the one there is.
    pub connect: Signal<NoopRawMutex, ()>,
    /// The connection shall end after what is outgoing.
    pub close: Signal<NoopRawMutex, ()>,
    state: Cell<State>,
    changed: Changed,
}

/// How far the connection is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Opening,
    Open,
    /// It ended by itself. What is incoming was received before.
    Ended,
    /// It is no longer wanted.
    Closing,
}

impl Channel {
    pub const fn new() -> Self {
        Self {
            outgoing: Pipe::new(),
            incoming: Pipe::new(),
            connect: Signal::new(),
            close: Signal::new(),
            state: Cell::new(State::Idle),
            changed: Changed::new(),
        }
    }

    pub fn opened(&self) {
        if self.state.get() == State::Opening {
            self.set(State::Open);
        }
    }

    pub fn ended(&self) {
        let is_wanted = self.state.get() != State::Closing;
        self.set(if is_wanted { State::Ended } else { State::Idle });
    }

    fn set(&self, state: State) {
        self.state.set(state);
        self.changed.notify();
    }

    /// Waits until the state is none of these.
    async fn is_past(&self, states: &[State]) {
        loop {
            let count = self.changed.count();
            if !states.contains(&self.state.get()) {
                return;
            }
            self.changed.since(count).await;
        }
    }
}

/// A connection over TLS, of which a [`TlsDriver`](super::TlsDriver) does the work.
pub struct Tls<'s> {
    channel: &'s Channel,
    /// The runner knows that the connection is open.
    is_told: bool,
}

impl<'s> Tls<'s> {
    pub(super) fn new(channel: &'s Channel) -> Self {
        Self { channel, is_told: false }
    }
}

impl SignalConnection for Tls<'_> {
    async fn connect(&mut self) {
        self.is_told = false;
        self.channel.outgoing.clear();
        self.channel.incoming.clear();
        self.channel.close.reset();
        self.channel.set(State::Opening);
        self.channel.connect.signal(());
    }

    async fn next(&mut self, receive: impl FnOnce(&[u8])) -> Progress {
        let channel = self.channel;
        channel.is_past(&[State::Opening]).await;
        let mut bytes = [0; 256];
        let len = match channel.state.get() {
            State::Idle | State::Opening | State::Closing => pending().await,
            State::Open if !self.is_told => {
                self.is_told = true;
                return Progress::Opened;
            }
            State::Open => {
                let ended = channel.is_past(&[State::Open]);
                match select(channel.incoming.read(&mut bytes), ended).await {
                    Either::First(len) => Some(len),
                    Either::Second(()) => channel.incoming.try_read(&mut bytes).ok(),
                }
            }
            State::Ended => channel.incoming.try_read(&mut bytes).ok(),
        };
        match len {
            Some(len) => {
                receive(bytes.get(..len).unwrap_or_default());
                Progress::Received
            }
            None => {
                channel.set(State::Idle);
                Progress::Closed
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> bool {
        let channel = self.channel;
        let ended = channel.is_past(&[State::Open]);
        // The end first: after it the driver does not read the pipe.
        let written = select(ended, channel.outgoing.write_all(bytes));
        let is_written = matches!(with_timeout(WRITE, written).await, Ok(Either::Second(())));
        if !is_written {
            self.close();
        }
        is_written
    }

    fn close(&mut self) {
        match self.channel.state.get() {
            State::Opening | State::Open => {
                self.channel.close.signal(());
                self.channel.set(State::Closing);
            }
            State::Ended => self.channel.set(State::Idle),
            State::Idle | State::Closing => {}
        }
    }

    async fn flush(&mut self) {
        self.channel.is_past(&[State::Opening, State::Open, State::Closing]).await;
    }
}
