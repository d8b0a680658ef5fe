//! A whole peer: ICE, DTLS, SCTP and data channels over one socket.

mod datagram;
mod error;
mod event;
mod negotiation;

pub use datagram::Datagram;
pub use error::{AnswerError, Error, OfferError, SendError};
pub use event::Event;

use core::net::SocketAddr;

use crate::Crypto;
use crate::channel::{Channels, OpenError, Role};
use crate::dtls::{Client, HEADER_BYTES, Identity, State, TAG_BYTES};
use crate::ice::{self, Agent, Credentials, Timing};
use crate::sctp::{self, Cursor, Delivery, Slot, Statistics};

/// A peer with up to `REMOTES` addresses of the other and up to `CHANNELS` data channels. The [crate] says in
/// which order it is called.
///
/// All zero at the start, as far as its [`Crypto`] is: one in a `static` takes no flash.
pub struct Peer<'a, C: Crypto, const REMOTES: usize = 4, const CHANNELS: usize = 4> {
    crypto: C,
    agent: Agent<REMOTES>,
    client: Client<'a, C>,
    channels: Channels<'a, CHANNELS>,
    identity: Option<Identity<'a, C>>,
    /// Of the last description that was made.
    local: Credentials,
    session_id: u64,
    version: u32,
    role: ice::Role,
    /// Of the other's last description.
    fingerprint: [u8; 32],
    sctp_port: u16,
    max_message_bytes: u32,
    /// The longest message that this peer takes.
    receive_bytes: u32,
    /// 0: [`DEFAULT_MTU`].
    mtu: u16,
    timing: Option<Timing>,
    /// Starts SCTP with an INIT of this peer's.
    initiate: Option<Start<'a, C, CHANNELS>>,
    stage: Stage,
}

type Start<'a, C, const CHANNELS: usize> =
    fn(&mut Channels<'a, CHANNELS>, &mut C, &sctp::Config, Role);

/// The memory of a peer's connection.
pub struct Memory<'a> {
    /// Holds a message of the handshake. The other's certificate decides: 1 KB is enough for one that is self-signed
    /// with a P-256 key.
    pub handshake: &'a mut [u8],
    /// Holds what was sent until it is acknowledged.
    pub send: &'a mut [u8],
    /// Holds a message until it is whole. Its length is told to the other as the longest message that this peer takes.
    pub receive: &'a mut [u8],
    /// Each holds a packet that came before its turn.
    pub slots: &'a mut [Slot],
}

/// How far the connection is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// There is no answer yet.
    Idle,
    /// The other is not reached yet.
    Ice,
    /// DTLS has started.
    Dtls,
    /// SCTP has started.
    Sctp,
    /// [`Peer::close`] was called: SCTP tells the other, then DTLS.
    Closing,
    /// It is over, which is to be told.
    Ended,
    /// It was told.
    Closed,
}

impl<'a, C: Crypto, const REMOTES: usize, const CHANNELS: usize> Peer<'a, C, REMOTES, CHANNELS> {
    /// A peer that has no description yet.
    pub const fn new(crypto: C, memory: Memory<'a>) -> Self {
        let Memory { handshake, send, receive, slots } = memory;
        let receive_bytes =
            if receive.len() > MAX_MESSAGE_BYTES { MAX_MESSAGE_BYTES } else { receive.len() };
        Self {
            crypto,
            agent: Agent::new(),
            client: Client::new(handshake),
            channels: Channels::new(send, receive, slots),
            identity: None,
            local: Credentials::NONE,
            session_id: 0,
            version: 0,
            role: ice::Role::Controlling,
            fingerprint: [0; 32],
            sctp_port: 0,
            max_message_bytes: 0,
            receive_bytes: receive_bytes as u32,
            mtu: 0,
            timing: None,
            initiate: None,
            stage: Stage::Idle,
        }
    }

    /// Sets the longest datagram that is sent, in bytes: 256 to 16 384. [`DEFAULT_MTU`] if it is never called.
    /// For the next connection.
    pub fn set_mtu(&mut self, bytes: usize) {
        self.mtu = bytes.clamp(256, 16_384) as u16;
    }

    /// Sets how long ICE waits: [`Timing::DEFAULT`] if it is never called. For the next connection.
    pub fn set_timing(&mut self, timing: Timing) {
        self.timing = Some(timing);
    }

    /// Takes messages of up to so many bytes, which is told to the other: those that do not fit
    /// [`Memory::receive`] come in parts ([`Event::Part`]). [`Memory::receive`] is the longest if it is never called. For
    /// the next connection.
    pub fn set_longest_message(&mut self, bytes: usize) {
        self.receive_bytes = bytes.min(MAX_MESSAGE_BYTES) as u32;
        self.channels.divide();
    }

    /// Begins SCTP itself. Browsers and pion begin it whichever side of DTLS they are on; str0m, for one, waits for the
    /// DTLS client. For the next connection, and all after it.
    pub fn initiate_sctp(&mut self) {
        // Through a pointer: what an initiator needs is linked where this is called.
        self.initiate = Some(|channels, crypto, config, role| {
            channels.connect(crypto, config, role);
        });
    }

    /// The cryptography.
    pub const fn crypto(&mut self) -> &mut C {
        &mut self.crypto
    }

    /// Makes at most one datagram in `out`, which has as many bytes as the longest, and says where it goes and how
    /// long it is. Call it until it returns `None`, after each datagram and [`send`](Self::send) and when
    /// the time of [`poll_in`](Self::poll_in) has come.
    ///
    /// It may instead do a step of the handshake's computations, with at most one operation of P-256; then
    /// [`poll_in`](Self::poll_in) returns 0.
    #[inline(never)]
    pub fn poll(&mut self, now_ms: u64, out: &mut [u8]) -> Option<(SocketAddr, usize)> {
        if self.stage != Stage::Closed
            && let Some(sent) = self.agent.poll(&mut self.crypto, now_ms, out)
        {
            return Some(sent);
        }
        let Some(to) = self.agent.selected() else {
            self.end_unheard();
            return None;
        };
        if self.stage == Stage::Closed {
            // SCTP is over: so is DTLS.
            self.client.close();
        }
        if let Some(len) = self.client.poll(&mut self.crypto, now_ms, out) {
            return Some((to, len));
        }
        if self.client.state() != State::Connected {
            return None;
        }
        let packet = out.get_mut(HEADER_BYTES..)?;
        if let Some(len) = self.channels.poll(now_ms, packet) {
            return Some((to, self.client.seal(&mut self.crypto, out, len)?));
        }
        if self.stage != Stage::Closing {
            return None;
        }
        self.client.close();
        self.stage = Stage::Ended;
        Some((to, self.client.poll(&mut self.crypto, now_ms, out)?))
    }

    /// Returns in how many milliseconds [`poll`](Self::poll) or [`event`](Self::event) has something to do, if
    /// nothing is received and nothing is sent before; `None` if only that can change it.
    #[inline(never)]
    pub fn poll_in(&self, now_ms: u64) -> Option<u32> {
        if self.is_ended() {
            return Some(0);
        }
        let agent = match self.stage {
            Stage::Closed => None,
            _ => self.agent.poll_in(now_ms),
        };
        // Without an address nothing is sent; retransmissions go on with the next one.
        if self.agent.selected().is_none() {
            return if self.stage == Stage::Closing { Some(0) } else { agent };
        }
        let client = self.client.poll_in(now_ms);
        let channels = match self.client.state() {
            State::Connected if self.stage == Stage::Closed => Some(0),
            State::Connected => self.channels.poll_in(now_ms),
            _ => None,
        };
        let closing = (self.stage == Stage::Closing).then_some(0);
        [agent, client, channels, closing].into_iter().flatten().min()
    }

    /// The next event that no datagram brought. Call it after [`poll`](Self::poll), until it returns `None`.
    #[inline(never)]
    pub fn event(&mut self, now_ms: u64) -> Option<Event<'_>> {
        if self.stage == Stage::Closed {
            return None;
        }
        match self.agent.expired(now_ms) {
            Some(ice::Event::Disconnected) => return Some(Event::Disconnected),
            Some(ice::Event::Failed) => return Some(Event::Failed),
            _ => {}
        }
        if self.is_ended() {
            self.stage = Stage::Closed;
            // Nothing more is taken for it.
            self.channels.forget();
            let error = match self.client.state() {
                State::Closed(error) => Error::Dtls(error),
                _ => Error::Sctp(sctp::Error::Abandoned),
            };
            return Some(Event::Ended(error));
        }
        let told = self.channels.told(&[], &mut Cursor::end(), now_ms)?;
        let event = self.channels.show(told, &[]);
        Some(event::of_channels(event, &mut self.stage))
    }

    /// Opens a data channel and returns its number; the other knows it by its label. Messages can be sent at once.
    ///
    /// # Errors
    /// See [`OpenError`]; before [`Event::Connected`] always.
    #[inline(never)]
    pub fn open(&mut self, label: &str, delivery: Delivery, now_ms: u64) -> Result<u16, OpenError> {
        self.channels.open(label, "", delivery, now_ms)
    }

    /// Sends a message of bytes, in parts; whole or not at all.
    ///
    /// # Errors
    /// See [`SendError`]. After one that says that the memory is full, [`Event::Writable`] follows.
    #[inline(never)]
    pub fn send(&mut self, channel: u16, parts: &[&[u8]], now_ms: u64) -> Result<(), SendError> {
        self.check_len(parts.iter().fold(0, |len, part| len.saturating_add(part.len())))?;
        self.channels.send(channel, parts, now_ms).map_err(SendError::Channel)
    }

    /// Sends a message of text; whole or not at all.
    ///
    /// # Errors
    /// As of [`send`](Self::send).
    pub fn send_text(&mut self, channel: u16, text: &str, now_ms: u64) -> Result<(), SendError> {
        self.check_len(text.len())?;
        self.channels.send_text(channel, text, now_ms).map_err(SendError::Channel)
    }

    fn check_len(&self, len: usize) -> Result<(), SendError> {
        match u32::try_from(len) {
            Ok(len) if len <= self.max_message_bytes => Ok(()),
            _ => Err(SendError::TooLong { len, max: self.max_message_bytes }),
        }
    }

    /// Closes a data channel when what was sent on it is acknowledged. [`Event::Closed`] follows.
    pub fn close_channel(&mut self, channel: u16) {
        self.channels.close(channel);
    }

    /// Ends the connection at once, and tells the other. [`Event::Ended`] follows.
    pub fn close(&mut self) {
        match self.stage {
            Stage::Sctp => {
                self.channels.abort();
                self.stage = Stage::Closing;
            }
            Stage::Dtls => {
                self.client.close();
                self.stage = Stage::Ended;
            }
            Stage::Ice => self.stage = Stage::Ended,
            Stage::Idle | Stage::Closing | Stage::Ended | Stage::Closed => {}
        }
    }

    /// The label of a channel that is open.
    pub fn label(&self, channel: u16) -> Option<&str> {
        self.channels.label(channel)
    }

    /// How many bytes sent on a channel are not acknowledged yet, and not given up.
    pub fn unacknowledged(&self, channel: u16) -> usize {
        self.channels.unacknowledged(channel)
    }

    /// How many messages sent on a channel are not acknowledged yet, and not given up.
    pub fn unacknowledged_messages(&self, channel: u16) -> u32 {
        self.channels.unacknowledged_messages(channel)
    }

    /// Bytes that are free of [`Memory::send`]. A message takes its length, and
    /// [`sctp::ENTRY`] bytes for each packet of it.
    pub fn free(&self) -> usize {
        self.channels.free()
    }

    /// The longest message that is taken now, in bytes. If that is less than `wanted`, [`Event::Writable`] follows when
    /// there is space for so many.
    pub fn room(&mut self, wanted: usize) -> usize {
        self.channels.room(wanted).min(self.max_message_bytes as usize)
    }

    /// The longest message that is ever taken, in bytes: of [`Memory::send`] and of the other's description.
    pub fn longest(&self) -> usize {
        self.channels.longest().min(self.max_message_bytes as usize)
    }

    /// Whether the other was reached with the last descriptions, and still answers. After a restart of ICE its end of SCTP
    /// has answered, too: pion's, for one, is over when a connection of TCP breaks on which it sends.
    pub fn is_reached(&self) -> bool {
        self.agent.is_connected() && !self.channels.is_probing()
    }

    /// Where data goes; `None` while the other is not reached.
    pub fn selected(&self) -> Option<SocketAddr> {
        self.agent.selected()
    }

    /// What went wrong so far and was put right, and how far away the other is.
    pub fn statistics(&self) -> Statistics {
        self.channels.statistics()
    }

    /// It is over, and that was not told yet.
    fn is_ended(&self) -> bool {
        let is_running = matches!(self.stage, Stage::Dtls | Stage::Sctp | Stage::Closing);
        self.stage == Stage::Ended || is_running && matches!(self.client.state(), State::Closed(_))
    }

    /// Ends what is to be ended when nobody can be told: no keys are left.
    fn end_unheard(&mut self) {
        match self.stage {
            Stage::Closing => {
                self.client.close();
                self.stage = Stage::Ended;
            }
            Stage::Closed => self.client.forget(),
            _ => {}
        }
    }

    /// The other is reached: DTLS starts, if it has not.
    fn start_dtls(&mut self, now_ms: u64) {
        if let (Stage::Ice, Some(identity)) = (self.stage, &self.identity) {
            let identity = Identity { certificate: identity.certificate, key: identity.key };
            self.client.start(&mut self.crypto, identity, self.fingerprint, now_ms);
            self.client.set_mtu(self.mtu().into());
            self.stage = Stage::Dtls;
        }
    }

    /// DTLS is connected: SCTP starts, if it has not.
    fn start_sctp(&mut self) {
        if self.stage == Stage::Dtls && self.client.state() == State::Connected {
            let config = sctp::Config {
                remote_port: self.sctp_port,
                packet: self.mtu().saturating_sub(OVERHEAD),
                ..sctp::Config::DEFAULT
            };
            match self.initiate {
                Some(connect) => {
                    connect(&mut self.channels, &mut self.crypto, &config, Role::Client)
                }
                None => self.channels.start(&mut self.crypto, &config, Role::Client),
            }
            self.stage = Stage::Sctp;
        }
    }

    fn mtu(&self) -> u16 {
        if self.mtu == 0 { DEFAULT_MTU } else { self.mtu }
    }
}

/// The longest datagram that is sent, in bytes: RFC 8831, 5 and what browsers do, for paths whose MTU is not known.
pub const DEFAULT_MTU: u16 = 1_200;

/// What DTLS adds to a packet of SCTP.
const OVERHEAD: u16 = (HEADER_BYTES + TAG_BYTES) as u16;

/// The longest message that is told as the longest: 1 GiB.
const MAX_MESSAGE_BYTES: usize = 1 << 30;
