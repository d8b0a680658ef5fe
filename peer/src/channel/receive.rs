//! What SCTP brings: messages of the protocol, messages of channels, resets.

use super::channels::{Channels, Refused, Role};
use super::event::Event;
use super::label::Label;
use super::message::{self, Message, ppid};
use super::state::{Channel, State};
use crate::sctp::{Delivery, ENTRY, Error, Place, Step};

/// An event without its bytes.
pub(crate) enum Told {
    Connected,
    Opened { index: usize, by_peer: bool },
    Message { channel: u16, is_text: bool, place: Option<Place> },
    Part { channel: u16, offset: usize, place: Place, is_last: bool },
    Skipped { channel: u16, len: usize },
    Writable,
    Closed { channel: u16 },
    Ended(Error),
}

impl<'a, const N: usize> Channels<'a, N> {
    /// The next event that was kept back, as only one can be told at a time.
    #[inline(never)]
    pub(super) fn pending(&mut self) -> Option<Told> {
        if let Some(channel) = self.channels.iter_mut().find(|channel| channel.untold) {
            channel.untold = false;
            return Some(Told::Closed { channel: channel.id });
        }
        core::mem::take(&mut self.reconnected).then_some(Told::Connected)
    }

    pub(super) fn translate(&mut self, step: Step, packet: &[u8], now_ms: u64) -> Option<Told> {
        match step {
            Step::Connected => Some(Told::Connected),
            Step::Message { stream, ppid: ppid::DCEP, place } => {
                let told = self.establish(stream, place, packet);
                self.settle(now_ms);
                told
            }
            Step::Message { stream, ppid, place } => {
                // What comes for a channel that is not open, or being closed, is of no use to anyone.
                self.find(stream).filter(|channel| channel.is_open())?;
                let (is_text, place) = match ppid {
                    ppid::TEXT => (true, Some(place)),
                    ppid::BINARY => (false, Some(place)),
                    ppid::TEXT_EMPTY => (true, None),
                    ppid::BINARY_EMPTY => (false, None),
                    _ => return None,
                };
                Some(Told::Message { channel: stream, is_text, place })
            }
            Step::Part { stream, offset, place, is_last, .. } => {
                self.find(stream).filter(|channel| channel.is_open())?;
                Some(Told::Part { channel: stream, offset, place, is_last })
            }
            Step::Skipped { stream, len } => {
                self.find(stream).filter(|channel| channel.is_open())?;
                Some(Told::Skipped { channel: stream, len })
            }
            Step::Writable => Some(Told::Writable),
            Step::StreamReset { stream } => {
                if let Some(channel) = self.find_mut(stream) {
                    channel.closed_by_peer();
                    self.settle(now_ms);
                }
                self.pending()
            }
            Step::AllStreamsReset => {
                self.channels.iter_mut().for_each(Channel::closed_by_peer);
                self.settle(now_ms);
                self.pending()
            }
            Step::Restarted => {
                for channel in &mut self.channels {
                    // RFC 6525 has nothing to reset: the peer knows no streams.
                    channel.closed_by_peer();
                    if channel.state != State::Unused {
                        channel.state = State::Answering;
                    }
                }
                self.refused.count = 0;
                self.reconnected = true;
                self.pending()
            }
            Step::Closed(error) => {
                self.channels.iter_mut().for_each(|channel| *channel = Channel::UNUSED);
                Some(Told::Ended(error))
            }
        }
    }

    /// A message of the Data Channel Establishment Protocol.
    fn establish(&mut self, stream: u16, place: Place, packet: &[u8]) -> Option<Told> {
        let message = Message::read(self.association.bytes(place, packet));
        match message {
            Some(Message::Ack) => {
                let opening =
                    |channel: &Channel| channel.id == stream && channel.state == State::Opening;
                let index = self.channels.iter().position(opening)?;
                self.channels.get_mut(index)?.state = State::Open;
                Some(Told::Opened { index, by_peer: false })
            }
            Some(Message::Open { delivery, label }) => {
                let label = Label::new(label);
                let peers = (stream & 1 == 0) == (self.role == Role::Server);
                let index = self.channels.iter().position(|channel| channel.state == State::Unused);
                if let Some(channel) = self.find_mut(stream) {
                    // RFC 8832, 6: the stream is in use: the channel is closed. One that is being closed goes on so.
                    if channel.is_open() {
                        channel.state = State::CloseWanted;
                    }
                    return None;
                }
                // The parity is wrong, or there is no space for the channel or its label.
                let (true, Some(index), Some(label)) = (peers, index, label) else {
                    self.refuse(stream);
                    return None;
                };
                *self.channels.get_mut(index)? = Channel {
                    state: State::Acknowledging,
                    id: stream,
                    delivery,
                    label,
                    untold: false,
                };
                Some(Told::Opened { index, by_peer: true })
            }
            None => {
                // RFC 8832, 6: what is not understood closes the channel.
                match self.find_mut(stream) {
                    Some(channel) if channel.is_open() => channel.state = State::CloseWanted,
                    Some(_) => {}
                    None => self.refuse(stream),
                }
                None
            }
        }
    }

    fn refuse(&mut self, stream: u16) {
        if let Some(free) = self.refused.streams.get_mut(usize::from(self.refused.count)) {
            *free = stream;
            self.refused.count = self.refused.count.wrapping_add(1);
        }
    }

    /// Does what could not be done before: acknowledges channels, resets streams.
    pub(super) fn settle(&mut self, now_ms: u64) {
        for channel in &mut self.channels {
            // What is refused here must not take the place of what the caller waits to send.
            if channel.state == State::Acknowledging
                && self.association.free() > ENTRY
                && self
                    .association
                    .send(channel.id, ppid::DCEP, Delivery::RELIABLE, &[&[message::ACK]], now_ms)
                    .is_ok()
            {
                channel.state = State::Open;
            }
        }
        self.settle_resets();
    }

    pub(super) fn settle_resets(&mut self) {
        for channel in &mut self.channels {
            match channel.state {
                State::CloseWanted if !self.association.peer_resets() => {
                    // RFC 8831, 6.7, needs RE-CONFIG. The peer cannot hear of it.
                    channel.closed_by_peer();
                    channel.state = State::Answering;
                }
                State::CloseWanted if self.association.reset_stream(channel.id) => {
                    channel.state = State::Closing;
                }
                State::AnswerWanted if self.association.reset_stream(channel.id) => {
                    channel.state = State::Answering;
                }
                State::Answering if !channel.untold && !self.association.resetting(channel.id) => {
                    channel.state = State::Unused;
                }
                _ => {}
            }
        }
        let mut kept = Refused { count: 0, streams: [0; 4] };
        for stream in self.refused.streams.iter().take(self.refused.count.into()) {
            if !self.association.reset_stream(*stream)
                && let Some(free) = kept.streams.get_mut(usize::from(kept.count))
            {
                *free = *stream;
                kept.count = kept.count.wrapping_add(1);
            }
        }
        self.refused = kept;
    }

    /// Gives an event its bytes.
    pub(crate) fn show<'e>(&'e self, told: Told, packet: &'e [u8]) -> Event<'e> {
        match told {
            Told::Connected => Event::Connected,
            Told::Opened { index, by_peer } => {
                let channel = self.channels.get(index).unwrap_or(&Channel::UNUSED);
                let Channel { id, delivery, ref label, .. } = *channel;
                Event::Opened { channel: id, label: label.as_str(), delivery, by_peer }
            }
            Told::Message { channel, is_text, place } => {
                let data = place.map_or(&[][..], |place| self.association.bytes(place, packet));
                Event::Message { channel, is_text, data }
            }
            Told::Part { channel, offset, place, is_last } => {
                let data = self.association.bytes(place, packet);
                Event::Part { channel, offset, data, is_last }
            }
            Told::Skipped { channel, len } => Event::Skipped { channel, len },
            Told::Writable => Event::Writable,
            Told::Closed { channel } => Event::Closed { channel },
            Told::Ended(error) => Event::Ended(error),
        }
    }
}
