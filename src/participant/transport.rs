//! What comes over the peer connection.

use livekit_micro_peer::{Crypto, Datagram, peer};

use super::reconnect::Again;
use super::{DataPlane, Error, Event, Participant, Stage};
use crate::borrowed::ReconnectReason;
use crate::data::{self, Channel};

/// An event of the peer, without its bytes.
enum Heard {
    Nothing,
    Connected,
    Opened(u16),
    Message(u16),
    Part { channel: u16, part: Part },
    TooLong { channel: u16, len: usize },
    Writable,
    Closed(u16),
    Unreachable,
    Ended(peer::Error),
}

/// A part of a packet, without its bytes.
struct Part {
    is_first: bool,
    /// The length of the packet, if it ends with this part.
    end: Option<usize>,
}

impl From<peer::Event<'_>> for Heard {
    fn from(event: peer::Event<'_>) -> Self {
        match event {
            peer::Event::Connected => Self::Connected,
            peer::Event::Opened { channel, .. } => Self::Opened(channel),
            peer::Event::Message { channel, .. } => Self::Message(channel),
            peer::Event::Part { channel, offset, data, is_last } => {
                let end = is_last.then_some(offset.saturating_add(data.len()));
                Self::Part { channel, part: Part { is_first: offset == 0, end } }
            }
            peer::Event::Skipped { channel, len } => Self::TooLong { channel, len },
            peer::Event::Writable => Self::Writable,
            peer::Event::Closed { channel } => Self::Closed(channel),
            peer::Event::Disconnected | peer::Event::Failed => Self::Unreachable,
            peer::Event::Ended(error) => Self::Ended(error),
            peer::Event::Moved { .. } => Self::Nothing,
        }
    }
}

impl<'a, C: Crypto, D: DataPlane> Participant<'a, C, D> {
    /// Goes on with a datagram, and returns the next event of it; `None` when there is no more.
    pub fn receive<'e>(
        &'e mut self,
        datagram: &'e mut Datagram<'_>,
        now_ms: u64,
    ) -> Option<Event<'e>> {
        loop {
            let heard = Heard::from(self.peer.receive(datagram, now_ms)?);
            if let Heard::Message(number) = heard {
                match self.channel(number) {
                    Some(channel) => return Some(self.packet(channel, datagram, now_ms)),
                    None if Some(number) == self.channels.tracks => {
                        return Some(Event::DataTrackPacket(self.peer.message(datagram)));
                    }
                    None => continue,
                }
            }
            if let Heard::Part { channel, part } = heard {
                match self.channel(channel) {
                    Some(channel) => return Some(self.part(channel, part, datagram, now_ms)),
                    None => continue,
                }
            }
            if let Some(event) = self.heard(heard, now_ms) {
                return Some(event);
            }
        }
    }

    /// A part of a packet that does not fit the receive buffer: of a stream's chunk, or of a packet that is lost, which is
    /// told at its end.
    fn part<'e>(
        &'e mut self,
        channel: Channel,
        part: Part,
        datagram: &'e mut Datagram<'_>,
        now_ms: u64,
    ) -> Event<'e> {
        let Self { peer, session, todo, .. } = self;
        let before = session.skipped_packets();
        let taken = session.take_part(peer.message(datagram), part.is_first, now_ms);
        if part.is_first {
            todo.skips = session.skipped_packets() != before;
        }
        match (taken, part.end) {
            (Some(taken), _) => Event::Data(data::Event::Stream(taken)),
            (None, Some(len)) if todo.skips => Event::TooLong { channel, len },
            (None, _) => Event::Ignored,
        }
    }

    /// What the peer has to say by itself.
    pub(super) fn peer_events(&mut self, now_ms: u64) {
        while let Some(heard) = self.peer.event(now_ms).map(Heard::from) {
            // No message comes without a datagram.
            let _ = self.heard(heard, now_ms);
        }
    }

    /// Notes what the peer says. Returns what of it is the caller's.
    #[inline(never)]
    fn heard(&mut self, heard: Heard, now_ms: u64) -> Option<Event<'static>> {
        let failed = Again::Resume(ReconnectReason::RrPublisherFailed);
        match heard {
            Heard::Connected => self.todo.open = true,
            Heard::Opened(number) if self.channel(number).is_some() => {
                self.channels.opened = self.channels.opened.saturating_add(1);
            }
            Heard::TooLong { channel, len } => {
                let channel = self.channel(channel)?;
                return Some(Event::TooLong { channel, len });
            }
            Heard::Writable => self.told.writable = true,
            // The peer of a connection before says its last words.
            _ if !self.todo.runs => {}
            Heard::Closed(number) if self.channel(number).is_some() => {
                self.lost(Error::ChannelClosed, Again::Ended, now_ms);
            }
            // By the way before; the resume finds another.
            Heard::Unreachable if self.is_resuming() => {}
            Heard::Unreachable => self.lost(Error::Unreachable, failed, now_ms),
            Heard::Ended(error) => self.lost(Error::Peer(error), Again::Ended, now_ms),
            Heard::Nothing
            | Heard::Opened(_)
            | Heard::Message(_)
            | Heard::Part { .. }
            | Heard::Closed(_) => {}
        }
        None
    }

    /// The connection goes on when the server has answered.
    fn is_resuming(&self) -> bool {
        let is_answered = self.stage == Stage::Negotiating && self.todo.answered;
        self.attempts.is_resume && !is_answered
    }

    /// The channel of a number.
    fn channel(&self, number: u16) -> Option<Channel> {
        match Some(number) {
            it if it == self.channels.reliable => Some(Channel::Reliable),
            it if it == self.channels.lossy => Some(Channel::Lossy),
            _ => None,
        }
    }

    /// A packet that arrived.
    #[inline(never)]
    fn packet<'e>(
        &'e mut self,
        channel: Channel,
        datagram: &'e mut Datagram<'_>,
        now_ms: u64,
    ) -> Event<'e> {
        self.flush_replies(now_ms);
        // Those for which there is still no space make way.
        let waiting = self.replies.iter().filter(|(_, len)| *len > 0).count();
        self.dropped = self.dropped.saturating_add(waiting as u32);
        self.replies = [(0, 0); 2];
        let Self { peer, session, frame, replies, .. } = self;
        let packet = peer.message(datagram);
        let start = frame.as_ptr().addr();
        match session.take(channel, packet, now_ms, frame) {
            Ok((event, made)) => {
                for (place, reply) in replies.iter_mut().zip(made) {
                    let at = reply.as_ptr().addr().wrapping_sub(start);
                    *place = (at as u16, reply.len() as u16); // frames have 64 000 bytes at most
                }
                event.map_or(Event::Ignored, Event::Data)
            }
            Err(error) => Event::Malformed(error),
        }
    }

    /// Sends what the session wants sent at once, as far as there is space.
    pub(super) fn flush_replies(&mut self, now_ms: u64) {
        let Some(channel) = self.channels.reliable else { return };
        for place in &mut self.replies {
            let (at, len) = (usize::from(place.0), usize::from(place.1));
            let reply = self.frame.get(at..at.saturating_add(len)).unwrap_or_default();
            if reply.is_empty() {
                continue;
            }
            if self.peer.send(channel, &[reply], now_ms).is_err() {
                return;
            }
            *place = (0, 0);
        }
    }
}
