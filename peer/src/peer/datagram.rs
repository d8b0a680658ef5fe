//! A datagram that arrived.

use core::net::SocketAddr;
use core::ops::Range;

use super::{Event, Peer, Stage, event};
use crate::Crypto;
use crate::channel::Told;
use crate::dtls::{State, TAG_BYTES};
use crate::ice;
use crate::sctp::{Cursor, Place};
use crate::stun::is_stun;

/// A datagram that arrived, and how far a peer has gone through it: for [`Peer::receive`].
pub struct Datagram<'d> {
    from: SocketAddr,
    bytes: &'d mut [u8],
    /// Where the next record of DTLS begins.
    at: usize,
    /// The packet of SCTP that the last record had.
    packet: Range<usize>,
    cursor: Cursor,
    /// Of the last message.
    place: Option<Place>,
}

impl<'d> Datagram<'d> {
    /// A datagram that came from `from`. It is decrypted in place.
    pub const fn new(from: SocketAddr, bytes: &'d mut [u8]) -> Self {
        Self { from, bytes, at: 0, packet: 0..0, cursor: Cursor::new(), place: None }
    }

    fn packet(&self) -> &[u8] {
        self.bytes.get(self.packet.clone()).unwrap_or_default()
    }
}

/// An event without its bytes.
enum Step {
    Moved(SocketAddr),
    Channels(Told),
}

impl<'a, C: Crypto, const REMOTES: usize, const CHANNELS: usize> Peer<'a, C, REMOTES, CHANNELS> {
    /// Goes on with a datagram, and returns the next event of it; `None` when there is no more. What is not gone
    /// through is as if it had been lost on the way. Between two events messages can be sent.
    pub fn receive<'e>(
        &'e mut self,
        datagram: &'e mut Datagram<'_>,
        now_ms: u64,
    ) -> Option<Event<'e>> {
        match self.step(datagram, now_ms)? {
            Step::Moved(to) => Some(Event::Moved { to }),
            Step::Channels(told) => {
                let event = self.channels.show(told, datagram.packet());
                Some(event::of_channels(event, &mut self.stage))
            }
        }
    }

    /// The message of the last event, to be changed in place: what is in it may be encrypted once more. Empty if that
    /// was neither [`Event::Message`] nor [`Event::Part`].
    pub fn message<'e>(&'e mut self, datagram: &'e mut Datagram<'_>) -> &'e mut [u8] {
        let packet = datagram.bytes.get_mut(datagram.packet.clone()).unwrap_or_default();
        match datagram.place {
            Some(place) => self.channels.message(place, packet),
            None => &mut [],
        }
    }

    #[inline(never)]
    fn step(&mut self, datagram: &mut Datagram<'_>, now_ms: u64) -> Option<Step> {
        datagram.place = None;
        if self.stage == Stage::Closed {
            return None;
        }
        if datagram.at == 0 && !is_dtls(datagram.bytes) {
            return self.ice(datagram, now_ms);
        }
        // Until DTLS protects its records, anybody can forge one that ends the handshake. Who does not know an
        // address of the other's shall not.
        if self.client.state() == State::Connecting && !self.agent.knows(datagram.from) {
            return None;
        }
        loop {
            let packet = datagram.bytes.get(datagram.packet.clone()).unwrap_or_default();
            if !packet.is_empty()
                && let Some(told) = self.channels.told(packet, &mut datagram.cursor, now_ms)
            {
                datagram.place = match told {
                    Told::Message { place, .. } => place,
                    Told::Part { place, .. } => Some(place),
                    _ => None,
                };
                return Some(Step::Channels(told));
            }
            let Self { client, crypto, .. } = &mut *self;
            let text = client.input(crypto, datagram.bytes, &mut datagram.at, now_ms);
            let len = text.map(|text| text.len());
            self.start_sctp();
            // The text ends where the tag of its record begins.
            let end = datagram.at.wrapping_sub(TAG_BYTES);
            datagram.packet = end.wrapping_sub(len?)..end;
            datagram.cursor = Cursor::new();
        }
    }

    /// A datagram of ICE, or of an unknown protocol.
    fn ice(&mut self, datagram: &mut Datagram<'_>, now_ms: u64) -> Option<Step> {
        datagram.at = datagram.bytes.len();
        if !is_stun(datagram.bytes) {
            return None;
        }
        match self.agent.input(&mut self.crypto, datagram.from, datagram.bytes, now_ms)? {
            ice::Event::Connected { .. } => {
                self.start_dtls(now_ms);
                // After a restart: an end of SCTP that has failed meanwhile does not say so by itself.
                self.channels.probe(now_ms);
                None
            }
            ice::Event::Moved { to } => Some(Step::Moved(to)),
            _ => None,
        }
    }
}

/// RFC 7983, 7: "If the value of the first byte is between 20 and 63 (inclusive), then the packet is DTLS."
fn is_dtls(datagram: &[u8]) -> bool {
    matches!(datagram.first(), Some(20..=63))
}
