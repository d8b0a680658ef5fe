//! A participant that joins a room by itself (feature `participant`): signalling, the peer connection and the data
//! plane in one, sans-IO.
//!
//! A [`Participant`] has no socket, no clock and no allocator. With a token that allows to publish data it joins a room
//! of a LiveKit server, sends and receives, calls and answers, streams, and comes back when the network does. It needs a
//! connection of TCP (or TLS) to the server, and a socket of UDP.
//!
//! # In this order
//!
//! 1. [`Participant::new`] with [`Memory`] of the device's; [`Participant::join`] with the server, a token and the
//!    certificate of the device.
//! 2. [`Participant::poll`] until it returns `None`, and do what each [`Output`] says: open the connection to the
//!    server ([`Participant::signal_opened`], or [`Participant::signal_closed`] if it cannot be), send over it, send a
//!    datagram.
//! 3. [`Participant::event`] until it returns `None`: the connection's state, what time has brought.
//! 4. [`Participant::receive_signal`] with the bytes that came over the connection, until it returns `None`;
//!    [`Participant::signal_closed`] at its end.
//! 5. [`Participant::receive`] with each [`Datagram`], until it returns `None`: data of the room.
//! 6. Again from 2 on, at the latest after the milliseconds of [`Participant::poll_in`]. With 0 there is more to
//!    compute: one call of `poll` does one operation of P-256 at most.
//! 7. After [`Event::Connected`]: [`Participant::publish_data`], [`Participant::send`] with whatever the
//!    [`Session`](crate::data::Session) makes, at any time, also between the events of 3 to 5.
//!
//! # What comes back by itself
//!
//! A connection that breaks is resumed: the room does not notice, and nothing is lost. If the server has forgotten this
//! participant, or shuts down, it joins anew. [`JoinConfig::attempts`] says how often that is tried; between two attempts there is a
//! random pause, of up to 300 ms before the second, doubled up to 7 s.
//! After [`Event::Disconnected`] nothing is tried any more: the token has expired, somebody has removed this
//! participant, ended the room or joined with the same identity.
//!
//! # Memory
//!
//! | [`Memory`] | holds | its size |
//! |---|---|---|
//! | `peer` | the peer connection | [`livekit_micro_peer`] says what each of its parts means |
//! | `signal` | a field of a message of the server's | 1 KB: an answer has 500 bytes |
//! | `token` | the newest token | 1 KB: the server's has 300 to 700 bytes |
//! | `frame` | a frame that is made | the longest packet that is sent; 1 KB for the offer |
//! | `request` | a request to the server, until it is sent | none; 256 bytes for a few attributes or a data track |
//!
//! Of `peer.send` 512 bytes stay free for acknowledgements, if the session takes calls.

mod config;
mod error;
mod event;
mod output;
mod reconnect;
mod remote;
mod request;
mod send;
mod signalling;
mod transport;

pub use crate::data::{DataPlane, Relay};
pub use config::{JoinConfig, Memory};
pub use error::{Error, SendError};
pub use event::Event;
pub use output::Output;
pub use remote::{RemoteParticipant, RemoteParticipants};

pub use livekit_micro_peer as peer;

use livekit_micro_peer::ice::Candidate;
use livekit_micro_peer::{Crypto, Peer};

#[cfg(doc)]
use livekit_micro_peer::Datagram;

use crate::borrowed::DisconnectReason;
use crate::data::Text;
use crate::signal::SignalClient;
use reconnect::Attempts;

/// A participant of a room. The [module](crate::participant) says in which order it is called.
///
/// `D` is what carries its data: a [`Session`](crate::data::Session) of the parts that the device needs.
///
/// All zero at the start, as far as its [`Crypto`] is: one in a `static` takes no flash.
pub struct Participant<'a, C: Crypto, D> {
    signal: SignalClient<'a>,
    peer: Peer<'a, C>,
    /// The data plane: for what is neither sent nor received, such as its encryption's keys.
    pub session: D,
    frame: &'a mut [u8],
    /// A request to the server that is not sent yet: the last bytes.
    request: &'a mut [u8],
    request_len: usize,
    /// The number of the last one that has a number.
    request_id: u32,
    config: Option<JoinConfig<'a, C>>,
    stage: Stage,
    /// The time of a pause's end, or until which the connection has to stand.
    at: u32,
    attempts: Attempts,
    /// The sid of this participant; empty before it has joined.
    sid: Text<24>,
    todo: Todo,
    told: Told,
    channels: Channels,
    /// Candidates that came before their answer.
    early: [Option<Candidate>; 2],
    /// Frames that the session wants sent at once: where they lie in `frame`.
    replies: [(u16, u16); 2],
    /// Replies that were dropped because there was no space.
    dropped: u32,
    /// How many packets of a resume were sent again; packets up to `received` need not be.
    resent: u32,
    received: u32,
    offer_id: u32,
    reason: DisconnectReason,
    error: Option<Error>,
    /// A participant that has left, of whom the session is to be told.
    gone: Option<(Text<128>, Text<24>)>,
}

/// How far the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
enum Stage {
    /// There is none, and none is wanted.
    Idle = 0,
    /// The next attempt begins at a time.
    Pausing,
    /// The caller is to open the connection to the server.
    Opening,
    /// The caller opens it.
    Connecting,
    /// It is open; the request is to be sent.
    Requesting,
    /// The server has the request.
    Joining,
    /// The server has let this participant in; the peer connection does not stand yet.
    Negotiating,
    /// All stands.
    Connected,
    /// The server is to be told that this participant leaves.
    Leaving,
}

/// What the next calls of [`Participant::poll`] and [`Participant::event`] are to do.
#[derive(Clone, Copy, Default)]
struct Todo {
    /// The connection to the server is to be closed.
    close: bool,
    /// An offer is to be sent over signalling.
    offer: bool,
    /// So is the state of this participant.
    sync: bool,
    /// The peer is connected; its channels are to be opened.
    open: bool,
    /// Packets are to be sent again.
    resend: bool,
    /// The session begins anew.
    reset: bool,
    /// The answer to the offer has come.
    answered: bool,
    /// There was an answer since the last connection: what the peer says is of this one.
    runs: bool,
    /// The packet whose parts arrive is lost.
    skips: bool,
}

/// Events that are to be told.
#[derive(Clone, Copy, Default)]
struct Told {
    connected: bool,
    reconnecting: bool,
    reconnected: bool,
    disconnected: bool,
    writable: bool,
    /// What [`Event::Reconnected`] says.
    is_resumed: bool,
    lost: u32,
}

/// The data channels of the peer connection.
#[derive(Clone, Copy, Default)]
struct Channels {
    reliable: Option<u16>,
    lossy: Option<u16>,
    /// Of data tracks, if there is one.
    tracks: Option<u16>,
    /// How many of the first two the server has acknowledged.
    opened: u8,
}

impl<'a, C: Crypto, D: DataPlane> Participant<'a, C, D> {
    /// A participant that has not joined.
    pub const fn new(crypto: C, session: D, memory: Memory<'a>) -> Self {
        Self {
            signal: SignalClient::new(memory.signal, memory.token),
            peer: Peer::new(crypto, memory.peer),
            session,
            frame: memory.frame,
            request: memory.request,
            request_len: 0,
            request_id: 0,
            config: None,
            stage: Stage::Idle,
            at: 0,
            attempts: Attempts::NONE,
            sid: Text::EMPTY,
            todo: Todo {
                close: false,
                offer: false,
                sync: false,
                open: false,
                resend: false,
                reset: false,
                answered: false,
                runs: false,
                skips: false,
            },
            told: Told {
                connected: false,
                reconnecting: false,
                reconnected: false,
                disconnected: false,
                writable: false,
                is_resumed: false,
                lost: 0,
            },
            channels: Channels { reliable: None, lossy: None, tracks: None, opened: 0 },
            early: [None; 2],
            replies: [(0, 0); 2],
            dropped: 0,
            resent: 0,
            received: 0,
            offer_id: 0,
            reason: DisconnectReason::UnknownReason,
            error: None,
            gone: None,
        }
    }

    /// Joins a room: the one of the token. What was before is forgotten; the events of it are told first.
    ///
    /// # Errors
    /// [`Error::Token`]; nothing has changed then.
    pub fn join(
        &mut self,
        config: JoinConfig<'a, C>,
        token: &str,
        now_ms: u64,
    ) -> Result<(), Error> {
        if !self.signal.set_token(token) {
            return Err(Error::Token);
        }
        self.todo = Todo { reset: true, close: self.stage > Stage::Opening, ..Todo::default() };
        self.signal.closed();
        self.forget_connection();
        self.request_len = 0;
        self.told = Told::default();
        if config.longest_packet > 0 {
            self.peer.set_longest_message(config.longest_packet);
        }
        self.config = Some(config);
        self.sid = Text::EMPTY;
        self.attempts = Attempts::NONE;
        self.stage = Stage::Opening;
        self.at = now_ms as u32;
        Ok(())
    }

    /// Leaves the room: the others are told at once. [`Event::Disconnected`] follows. What is not
    /// [acknowledged](Self::unacknowledged) yet is lost.
    pub fn leave(&mut self) {
        match self.stage {
            Stage::Idle => {}
            _ if self.signal.is_open() => self.stage = Stage::Leaving,
            _ => self.end(DisconnectReason::ClientInitiated, None),
        }
    }

    /// Whether this participant is in the room and can send. While only the signalling is broken it can.
    pub fn is_connected(&self) -> bool {
        let was_connected = self.attempts.was_connected && self.stage != Stage::Leaving;
        // The other end may have closed a channel, which was not told yet.
        let is_open =
            |channel: Option<u16>| channel.is_some_and(|it| self.peer.label(it).is_some());
        self.has_channels()
            && is_open(self.channels.reliable)
            && is_open(self.channels.lossy)
            && (self.stage == Stage::Connected || was_connected)
    }

    /// Both channels are open, and nothing is to be sent before what is new.
    fn has_channels(&self) -> bool {
        self.channels.opened == 2 && !self.todo.resend && self.stage != Stage::Idle
    }

    /// How many packets were sent reliably and are not acknowledged yet: [`leave`](Self::leave) gives them up.
    pub fn unacknowledged(&self) -> u32 {
        self.channels.reliable.map_or(0, |channel| self.peer.unacknowledged_messages(channel))
    }

    /// The sid of this participant; empty before it has joined.
    pub fn sid(&self) -> &str {
        self.sid.as_str()
    }

    /// The newest token: the server makes new ones. A firmware that keeps it joins with it after its next start.
    pub fn token(&self) -> &str {
        self.signal.token()
    }

    /// The peer connection: where it goes, what was lost and put right.
    pub const fn peer(&self) -> &Peer<'a, C> {
        &self.peer
    }

    /// How far the server is by signalling, in milliseconds.
    pub fn round_trip_ms(&self) -> Option<u32> {
        self.signal.round_trip_ms()
    }

    /// Acknowledgements and refusals that were not sent because there was no space for them: who called gets an error by
    /// a timeout.
    pub const fn dropped(&self) -> u32 {
        self.dropped
    }
}
