//! What a participant wants done.

use core::net::SocketAddr;

use livekit_micro_peer::Crypto;
use livekit_micro_peer::sctp::Delivery;

use super::reconnect::Again;
use super::{DataPlane, Error, Event, Participant, Stage};
use crate::EncodeError;
use crate::borrowed::{DisconnectReason, ReconnectReason};
use crate::data::{Channel, track};
use crate::signal::{self, Connect};
use crate::tags::{data_channel_info, data_channel_receive_state, signal_request, sync_state};

/// What the caller is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Output<'b> {
    /// Open a connection of TCP, or TLS, to the host and port of the server's URL; close the one there is. Then call
    /// [`Participant::signal_opened`], or [`Participant::signal_closed`] if that fails.
    Connect,
    /// Send these bytes over the connection to the server.
    Signal(&'b [u8]),
    /// Send this datagram.
    Datagram {
        /// Where it goes.
        to: SocketAddr,
        /// Its bytes.
        bytes: &'b [u8],
    },
    /// Close the connection to the server.
    Close,
}

/// How long the server may take until the channels are open, from the request on: 15 s, as SDKs have it, and the join.
const NEGOTIATION_MS: u32 = 15_000;
/// How long the caller may take to open a connection.
const CONNECT_MS: u32 = 15_000;

impl<'a, C: Crypto, D: DataPlane> Participant<'a, C, D> {
    /// Returns the next thing to do; `None` when there is no more. `out` is for what it makes: 1 500 bytes for
    /// datagrams, and for the request that joins 1 100 bytes and the token; 2 KB are enough for most.
    pub fn poll<'b>(&mut self, now_ms: u64, out: &'b mut [u8]) -> Option<Output<'b>> {
        if let Some(close) = self.close() {
            return Some(close);
        }
        self.expire(now_ms);
        match self.stage {
            Stage::Opening => {
                self.stage = Stage::Connecting;
                self.at = (now_ms as u32).wrapping_add(CONNECT_MS);
                return Some(Output::Connect);
            }
            Stage::Requesting => {
                return match self.request_join(now_ms, out) {
                    Ok(len) => out.get(out.len().saturating_sub(len)..).map(Output::Signal),
                    Err(error) => {
                        self.end(DisconnectReason::UnknownReason, Some(error.into()));
                        self.close()
                    }
                };
            }
            _ => {}
        }
        self.settle(now_ms);
        // Twice, because the borrow of what was made would last until the end otherwise.
        match self.signal_frame(now_ms, out) {
            0 => {}
            len => return out.get(out.len().saturating_sub(len)..).map(Output::Signal),
        }
        let Some((to, len)) = self.peer.poll(now_ms, out) else { return self.close() };
        Some(Output::Datagram { to, bytes: out.get(..len)? })
    }

    /// The connection to the server is to be closed, if it is.
    fn close<'b>(&mut self) -> Option<Output<'b>> {
        core::mem::take(&mut self.todo.close).then_some(Output::Close)
    }

    /// Returns in how many milliseconds [`poll`](Self::poll) or [`event`](Self::event) has something to do, if nothing
    /// is received before; `None` for a participant that has nothing to do.
    pub fn poll_in(&mut self, now_ms: u64) -> Option<u32> {
        let told = &self.told;
        if self.todo.close
            || self.todo.reset
            || told.connected
            || told.reconnecting
            || told.reconnected
            || told.disconnected
            || self.gone.is_some()
            || self.has_request()
        {
            return Some(0);
        }
        let until = |at: u32| Some((at.wrapping_sub(now_ms as u32) as i32).max(0) as u32);
        let own = match self.stage {
            // Of a join it is the signalling's.
            Stage::Idle | Stage::Connected | Stage::Joining => None,
            Stage::Opening | Stage::Requesting | Stage::Leaving => Some(0),
            _ => until(self.at),
        };
        let session = self.session.due_in(now_ms);
        [own, session, self.signal.poll_in(now_ms), self.peer.poll_in(now_ms)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Notes that the connection that was asked for is open.
    pub fn signal_opened(&mut self) {
        if self.stage == Stage::Connecting {
            self.stage = Stage::Requesting;
        }
    }

    /// Notes that the connection to the server is closed, or could not be opened.
    pub fn signal_closed(&mut self, now_ms: u64) {
        if self.stage >= Stage::Connecting {
            let reason = ReconnectReason::RrSignalDisconnected;
            self.lost(Error::SignalClosed, Again::Resume(reason), now_ms);
            self.todo.close = false;
        } else {
            self.signal.closed();
        }
    }

    /// The next event that nothing received has brought. Call it after [`poll`](Self::poll), until it returns `None`.
    pub fn event(&mut self, now_ms: u64) -> Option<Event<'_>> {
        if core::mem::take(&mut self.told.reconnecting) {
            let error = self.error.unwrap_or(Error::SignalClosed);
            return Some(Event::Reconnecting { error });
        }
        if let Some(event) = self.session_event(now_ms) {
            return Some(Event::Data(event));
        }
        self.peer_events(now_ms);
        self.check_connected();
        if core::mem::take(&mut self.told.connected) {
            return Some(Event::Connected);
        }
        if core::mem::take(&mut self.told.reconnected) {
            let (is_resumed, lost) = (self.told.is_resumed, core::mem::take(&mut self.told.lost));
            return Some(Event::Reconnected { is_resumed, lost });
        }
        if core::mem::take(&mut self.told.disconnected) {
            return Some(Event::Disconnected { reason: self.reason, error: self.error });
        }
        core::mem::take(&mut self.told.writable).then_some(Event::Writable)
    }

    /// What the session says without a packet: of an end, of a participant that left, of time.
    pub(super) fn session_event(&mut self, now_ms: u64) -> Option<crate::data::Event<'static>> {
        if self.todo.reset {
            if let Some(event) = self.session.begin_anew() {
                return Some(event);
            }
            self.todo.reset = false;
        }
        if let Some((identity, sid)) = &self.gone {
            if let Some(event) = self.session.left(identity.as_str(), sid.as_str()) {
                return Some(event);
            }
            self.gone = None;
        }
        self.session.due(now_ms)
    }

    /// Times that are over.
    fn expire(&mut self, now_ms: u64) {
        let is_due = (now_ms as u32).wrapping_sub(self.at) as i32 >= 0;
        match self.stage {
            Stage::Pausing if is_due => {
                self.signal.closed();
                self.stage = Stage::Opening;
            }
            Stage::Connecting if is_due => {
                let reason = ReconnectReason::RrSignalDisconnected;
                self.lost(Error::TimedOut, Again::Resume(reason), now_ms);
            }
            Stage::Negotiating if is_due => self.lost(Error::TimedOut, Again::Join, now_ms),
            _ => {}
        }
    }

    /// Opens channels, sends again what the server has not received.
    fn settle(&mut self, now_ms: u64) {
        if self.todo.open {
            self.todo.open = false;
            let reliable = self.peer.open(Channel::Reliable.label(), Delivery::RELIABLE, now_ms);
            let lossy = self.peer.open(Channel::Lossy.label(), Delivery::LOSSY, now_ms);
            // The memory of what is sent is empty: there is space.
            (self.channels.reliable, self.channels.lossy) = (reliable.ok(), lossy.ok());
            if self.config.as_ref().is_some_and(|config| config.data_tracks) {
                self.channels.tracks = self.peer.open(track::LABEL, Delivery::LOSSY, now_ms).ok();
            }
        }
        self.flush_replies(now_ms);
        if self.todo.resend && self.channels.opened == 2 {
            self.resend(now_ms);
        }
        self.check_connected();
    }

    /// Sends again what the server has not received, as far as there is space.
    fn resend(&mut self, now_ms: u64) {
        let Some(channel) = self.channels.reliable else { return };
        let unreceived = self.session.unreceived(self.received);
        self.told.lost = unreceived.lost();
        for frame in unreceived.skip(self.resent as usize) {
            if self.peer.room(frame.len()) < frame.len() {
                return;
            }
            if self.peer.send(channel, &[frame], now_ms).is_err() {
                return;
            }
            self.resent = self.resent.saturating_add(1);
        }
        self.todo.resend = false;
    }

    /// The request that joins, or resumes: its length, at the end of `out`.
    fn request_join(&mut self, now_ms: u64, out: &mut [u8]) -> Result<usize, EncodeError> {
        let Some(config) = &self.config else { return Ok(0) };
        let mut random = [0; 16];
        self.peer.crypto().random(&mut random);
        let connect = if self.attempts.is_resume {
            Connect::Resume { sid: self.sid.as_str(), reason: self.attempts.reason }
        } else if self.attempts.is_old_server {
            Connect::Join { offer: "", offer_id: 0 } // it follows
        } else {
            self.offer_id = self.offer_id.wrapping_add(1);
            let offer = self.peer.create_offer(config.identity(), &[], self.frame);
            let offer = offer.map_err(|error| EncodeError::BufferTooSmall {
                needed: error.needed,
                available: error.available,
            })?;
            Connect::Join { offer, offer_id: self.offer_id }
        };
        let options = crate::signal::JoinOptions {
            client_protocol: self.session.client_protocol(),
            reads_deflate: self.session.reads_deflate(),
            is_old_server: self.attempts.is_old_server,
            ..config.options
        };
        let request = self.signal.connect(&config.url, connect, &options, &random, now_ms, out)?;
        self.stage = Stage::Joining;
        Ok(request.len())
    }

    /// Something is to be signalled, or is overdue.
    fn has_signal(&self, now_ms: u64) -> bool {
        let todo = (self.todo.sync || self.todo.offer) && self.signal.is_open();
        let is_due = || self.signal.poll_in(now_ms) == Some(0);
        todo || self.stage == Stage::Leaving || self.has_request() || is_due()
    }

    /// A request of the caller's can be sent: after a resume, as SDKs do.
    fn has_request(&self) -> bool {
        self.request_len > 0 && self.stage == Stage::Connected && self.signal.is_open()
    }

    /// What is to be signalled: its length, at the end of `out`; 0 if it is nothing.
    fn signal_frame(&mut self, now_ms: u64, out: &mut [u8]) -> usize {
        if !self.has_signal(now_ms) {
            return 0;
        }
        let mut mask = [0; 4];
        self.peer.crypto().random(&mut mask);
        if self.stage == Stage::Leaving {
            let len = self.signal.leave(mask, out).map_or(0, <[u8]>::len);
            self.end(DisconnectReason::ClientInitiated, None);
            return len;
        }
        if self.todo.sync && self.signal.is_open() {
            self.todo.sync = false;
            let (session, channels) = (&self.session, &self.channels);
            let sync = self.signal.send(mask, out, |w| {
                w.fields(signal_request::SYNC_STATE, |w| {
                    session.each_sender(&mut |sid, last| {
                        w.fields(sync_state::DATACHANNEL_RECEIVE_STATES, |w| {
                            w.uint32(data_channel_receive_state::LAST_SEQ, last);
                            w.str(data_channel_receive_state::PUBLISHER_SID, sid);
                        });
                    });
                    for (channel, id) in
                        [(Channel::Reliable, channels.reliable), (Channel::Lossy, channels.lossy)]
                    {
                        w.fields(sync_state::DATA_CHANNELS, |w| {
                            w.uint32(data_channel_info::ID, id.unwrap_or_default().into());
                            w.str(data_channel_info::LABEL, channel.label());
                        });
                    }
                });
            });
            return sync.map_or(0, <[u8]>::len);
        }
        if self.todo.offer && self.signal.is_open() {
            self.todo.offer = false;
            let Some(config) = &self.config else { return 0 };
            self.offer_id = self.offer_id.wrapping_add(1);
            let id = self.offer_id;
            let Ok(offer) = self.peer.create_offer(config.identity(), &[], self.frame) else {
                return 0;
            };
            let sent = self.signal.send(mask, out, |w| {
                w.fields(signal_request::OFFER, |w| signal::description("offer", offer, id, w));
            });
            return sent.map_or(0, <[u8]>::len);
        }
        if self.has_request() {
            let start = self.request.len().saturating_sub(self.request_len);
            let request = self.request.get(start..).unwrap_or_default();
            return match self.signal.send(mask, out, |w| w.raw(request)) {
                Ok(sent) => {
                    (self.request_len, self.told.writable) = (0, true);
                    sent.len()
                }
                Err(error) => {
                    self.end(DisconnectReason::UnknownReason, Some(error.into()));
                    0
                }
            };
        }
        match self.signal.poll(now_ms, mask, out) {
            Ok(frame) => frame.map_or(0, <[u8]>::len),
            Err(error) => {
                let again = Again::Resume(ReconnectReason::RrSignalDisconnected);
                self.lost(error.into(), again, now_ms);
                0
            }
        }
    }

    pub(super) fn negotiate(&mut self, now_ms: u64) {
        self.stage = Stage::Negotiating;
        self.todo.answered = false;
        self.at = (now_ms as u32).wrapping_add(NEGOTIATION_MS);
    }
}
