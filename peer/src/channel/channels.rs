//! The channels of an association: what their caller calls.

use super::label::Label;
use super::message::{self, ppid};
use super::receive::Told;
use super::state::{Channel, State};
use super::{Event, OpenError, SendError};
use crate::Crypto;
use crate::sctp::{Association, Config, Cursor, Delivery, Place, Slot, Statistics};

/// Up to `N` data channels, and the SCTP association that carries them.
pub struct Channels<'a, const N: usize> {
    pub(super) association: Association<'a, N>,
    pub(super) channels: [Channel; N],
    pub(super) role: Role,
    /// SCTP is connected anew, which is to be told.
    pub(super) reconnected: bool,
    pub(super) refused: Refused,
}

/// The end of DTLS, which says who opens channels on which streams (RFC 8832, 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Role {
    /// Opens channels with even numbers.
    Client,
    /// Opens channels with odd numbers.
    Server,
}

/// Streams that the peer opened and that are to be reset.
pub(super) struct Refused {
    pub(super) count: u8,
    pub(super) streams: [u16; 4],
}

impl<'a, const N: usize> Channels<'a, N> {
    /// Channels over an association that is not started. The buffers are those of
    /// [`Association::new`].
    pub const fn new(tx: &'a mut [u8], rx: &'a mut [u8], slots: &'a mut [Slot]) -> Self {
        Self {
            association: Association::new(tx, rx, slots),
            channels: [Channel::UNUSED; N],
            role: Role::Client,
            reconnected: false,
            refused: Refused { count: 0, streams: [0; 4] },
        }
    }

    /// Gives messages that do not fit the receive buffer out in parts: see [`Association::divide`].
    pub const fn divide(&mut self) {
        self.association.divide();
    }

    /// Starts, and waits for the peer to initiate SCTP: every peer of WebRTC does.
    pub fn start(&mut self, crypto: &mut impl Crypto, config: &Config, role: Role) {
        self.association.start(crypto, config);
        self.begin(role);
    }

    /// Starts, and initiates SCTP.
    pub fn connect(&mut self, crypto: &mut impl Crypto, config: &Config, role: Role) {
        self.association.connect(crypto, config);
        self.begin(role);
    }

    fn begin(&mut self, role: Role) {
        self.role = role;
        self.reconnected = false;
        self.refused.count = 0;
        self.channels.fill(Channel::UNUSED);
    }

    /// Forgets the association, without a word to the peer.
    pub(crate) fn forget(&mut self) {
        self.association.forget();
        self.begin(self.role);
    }

    /// Asks the peer whether it is still there.
    pub(crate) fn probe(&mut self, now_ms: u64) {
        self.association.probe(now_ms);
    }

    /// It has not answered yet.
    pub(crate) fn is_probing(&self) -> bool {
        self.association.is_probing()
    }

    /// Goes on with a packet, and returns the next event of it. Call it with the same packet and cursor until it
    /// returns `None`: what is not gone through is as if it had been lost on the way.
    pub fn input<'e>(
        &'e mut self,
        packet: &'e [u8],
        cursor: &mut Cursor,
        now_ms: u64,
    ) -> Option<Event<'e>> {
        let told = self.told(packet, cursor, now_ms)?;
        Some(self.show(told, packet))
    }

    /// As [`input`](Self::input); the event is for [`show`](Self::show).
    #[inline(never)]
    pub(crate) fn told(&mut self, packet: &[u8], cursor: &mut Cursor, now_ms: u64) -> Option<Told> {
        loop {
            if let Some(told) = self.pending() {
                return Some(told);
            }
            let step = self.association.step(packet, cursor, now_ms as u32)?;
            if let Some(told) = self.translate(step, packet, now_ms) {
                return Some(told);
            }
        }
    }

    /// The next event that no packet brought. Call it after [`poll`](Self::poll), until it returns `None`.
    pub fn event(&mut self, now_ms: u64) -> Option<Event<'_>> {
        self.input(&[], &mut Cursor::end(), now_ms)
    }

    /// Makes the next packet: see [`Association::poll`].
    #[inline(never)]
    pub fn poll(&mut self, now_ms: u64, out: &mut [u8]) -> Option<usize> {
        self.settle(now_ms);
        self.association.poll(now_ms, out)
    }

    /// In how many ms [`poll`](Self::poll) has something to do; `None`: not before the next packet or message.
    pub fn poll_in(&self, now_ms: u64) -> Option<u32> {
        self.association.poll_in(now_ms)
    }

    /// Opens a channel and returns its number. Messages can be sent at once; they are ordered until
    /// [`Event::Opened`] says that the peer knows the channel.
    ///
    /// # Errors
    /// See [`OpenError`].
    #[inline(never)]
    pub fn open(
        &mut self,
        label: &str,
        protocol: &str,
        delivery: Delivery,
        now_ms: u64,
    ) -> Result<u16, OpenError> {
        let len = label.len();
        let label = Label::new(label).ok_or(OpenError::LabelTooLong { len })?;
        if u16::try_from(protocol.len()).is_err() {
            return Err(OpenError::ProtocolTooLong { len: protocol.len() });
        }
        let id = self.free_id();
        let free = self.channels.iter_mut().find(|channel| channel.state == State::Unused);
        let channel = free.ok_or(OpenError::TooManyChannels { capacity: N })?;
        // RFC 8832, 6: the message is sent reliably and in order.
        let head = message::open(delivery, label.as_str(), protocol);
        let parts = [&head, label.as_str().as_bytes(), protocol.as_bytes()];
        self.association
            .send(id, ppid::DCEP, Delivery::RELIABLE, &parts, now_ms)
            .map_err(OpenError::Sctp)?;
        *channel = Channel { state: State::Opening, id, delivery, label, untold: false };
        Ok(id)
    }

    /// RFC 8832, 6: a client uses even numbers, a server odd ones. A number is free when both of its streams are reset.
    fn free_id(&self) -> u16 {
        let mut id = match self.role {
            Role::Client => 0,
            Role::Server => 1,
        };
        // At most N channels and N + 1 resets are in the way.
        while self.find(id).is_some() || self.association.resetting(id) {
            id = id.wrapping_add(2);
        }
        id
    }

    /// Closes a channel when everything that was sent on it is acknowledged (RFC 8831, 6.7).
    /// [`Event::Closed`] follows when the peer has closed it too.
    pub fn close(&mut self, channel: u16) {
        if let Some(channel) = self.find_mut(channel).filter(|channel| channel.is_open()) {
            channel.state = State::CloseWanted;
            self.settle_resets();
        }
    }

    /// Sends a binary message, in parts, on a channel; whole or not at all.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send(&mut self, channel: u16, parts: &[&[u8]], now_ms: u64) -> Result<(), SendError> {
        self.send_as(channel, (ppid::BINARY, ppid::BINARY_EMPTY), parts, now_ms)
    }

    /// Sends text on a channel; whole or not at all.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send_text(&mut self, channel: u16, text: &str, now_ms: u64) -> Result<(), SendError> {
        self.send_as(channel, (ppid::TEXT, ppid::TEXT_EMPTY), &[text.as_bytes()], now_ms)
    }

    fn send_as(
        &mut self,
        number: u16,
        (ppid, ppid_empty): (u32, u32),
        parts: &[&[u8]],
        now_ms: u64,
    ) -> Result<(), SendError> {
        let not_open = SendError::NotOpen { channel: number };
        let channel = self.find(number).filter(|channel| channel.is_open()).ok_or(not_open)?;
        let mut delivery = channel.delivery;
        if channel.state == State::Opening {
            // RFC 8832, 6: until the peer acknowledges the channel, messages are ordered, so that none comes before
            // DATA_CHANNEL_OPEN.
            delivery.unordered = false;
        }
        let sent = if parts.iter().all(|part| part.is_empty()) {
            // RFC 8831, 6.6: SCTP cannot carry an empty message: one zero byte, and a PPID that says so.
            self.association.send(number, ppid_empty, delivery, &[&[0]], now_ms)
        } else {
            self.association.send(number, ppid, delivery, parts, now_ms)
        };
        sent.map_err(SendError::Sctp)
    }

    /// The label of a channel that is open.
    pub fn label(&self, channel: u16) -> Option<&str> {
        self.find(channel).filter(|channel| channel.is_open()).map(|channel| channel.label.as_str())
    }

    /// How many bytes sent on a channel are not acknowledged yet, and not abandoned.
    pub fn unacknowledged(&self, channel: u16) -> usize {
        self.association.unacknowledged(channel)
    }

    /// How many messages sent on a channel are not acknowledged yet, and not abandoned. What opens a channel is not one.
    pub fn unacknowledged_messages(&self, channel: u16) -> u32 {
        self.association.unacknowledged_messages(channel, ppid::DCEP)
    }

    /// What the transmit buffer can still take: see [`Association::free`].
    pub fn free(&self) -> usize {
        self.association.free()
    }

    /// Whether channels can be opened.
    pub fn is_connected(&self) -> bool {
        self.association.is_connected()
    }

    /// The bytes of the last message, to be changed.
    pub(crate) fn message<'e>(&'e mut self, place: Place, packet: &'e mut [u8]) -> &'e mut [u8] {
        self.association.bytes_mut(place, packet)
    }

    /// The longest message that is taken now. If that is less than `wanted`, [`Event::Writable`] follows when there is
    /// space for so many bytes.
    pub(crate) fn room(&mut self, wanted: usize) -> usize {
        self.association.room(wanted)
    }

    /// The longest message that is taken when nothing waits.
    pub(crate) fn longest(&self) -> usize {
        self.association.longest()
    }

    /// What went wrong so far and was put right.
    pub fn statistics(&self) -> Statistics {
        self.association.statistics()
    }

    /// Closes the association when everything that was sent is acknowledged. [`Event::Ended`] follows.
    pub fn shut_down(&mut self) {
        self.association.close();
    }

    /// Ends the association at once. [`Event::Ended`] follows.
    pub fn abort(&mut self) {
        self.association.abort();
    }

    // Not inlined, for the flash; nor is the next.
    #[inline(never)]
    pub(super) fn find(&self, id: u16) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id && channel.state != State::Unused)
    }

    #[inline(never)]
    pub(super) fn find_mut(&mut self, id: u16) -> Option<&mut Channel> {
        self.channels.iter_mut().find(|channel| channel.id == id && channel.state != State::Unused)
    }
}
