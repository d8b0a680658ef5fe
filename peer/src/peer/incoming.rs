//! A datagram that arrived.

use core::net::SocketAddr;
use core::ops::Range;

use super::{Event, Peer, Stage, event};
use crate::Crypto;
use crate::channel::Told;
use crate::dtls::{State, TAG_BYTES};
use crate::ice;
use crate::sctp::Cursor;
use crate::stun::is_stun;

/// What a datagram brings, an event at a time.
#[must_use = "what is not gone through is as if it had been lost on the way"]
pub struct Incoming<'p, 'a, C: Crypto, const REMOTES: usize, const CHANNELS: usize> {
    peer: &'p mut Peer<'a, C, REMOTES, CHANNELS>,
    datagram: &'p mut [u8],
    from: SocketAddr,
    now_ms: u64,
    /// Where the next record of DTLS begins.
    at: usize,
    /// The packet of SCTP that the last record had.
    packet: Range<usize>,
    cursor: Cursor,
}

/// An event without its bytes.
enum Step {
    Moved(SocketAddr),
    Channels(Told),
}

impl<'p, 'a, C: Crypto, const REMOTES: usize, const CHANNELS: usize>
    Incoming<'p, 'a, C, REMOTES, CHANNELS>
{
    pub(super) fn new(
        peer: &'p mut Peer<'a, C, REMOTES, CHANNELS>,
        from: SocketAddr,
        datagram: &'p mut [u8],
        now_ms: u64,
    ) -> Self {
        Self { peer, datagram, from, now_ms, at: 0, packet: 0..0, cursor: Cursor::new() }
    }

    /// Returns the next event; `None` when there is no more in the datagram.
    #[expect(clippy::should_implement_trait, reason = "an event borrows the datagram")]
    pub fn next(&mut self) -> Option<Event<'_>> {
        match self.step()? {
            Step::Moved(to) => Some(Event::Moved { to }),
            Step::Channels(told) => {
                let packet = self.datagram.get(self.packet.clone()).unwrap_or_default();
                let event = self.peer.channels.show(told, packet);
                Some(event::of_channels(event, &mut self.peer.stage))
            }
        }
    }

    #[inline(never)]
    fn step(&mut self) -> Option<Step> {
        if self.peer.stage == Stage::Closed {
            return None;
        }
        if self.at == 0 && !is_dtls(self.datagram) {
            return self.ice();
        }
        // Until DTLS protects its records, anybody can forge one that ends the handshake. Who does not know an
        // address of the other's shall not.
        if self.peer.client.state() == State::Connecting && !self.peer.agent.knows(self.from) {
            return None;
        }
        loop {
            let packet = self.datagram.get(self.packet.clone()).unwrap_or_default();
            if !packet.is_empty()
                && let Some(told) = self.peer.channels.told(packet, &mut self.cursor, self.now_ms)
            {
                return Some(Step::Channels(told));
            }
            let Peer { client, crypto, .. } = &mut *self.peer;
            let text = client.input(crypto, self.datagram, &mut self.at, self.now_ms);
            let len = text.map(|text| text.len());
            self.peer.start_sctp();
            // The text ends where the tag of its record begins.
            let end = self.at.wrapping_sub(TAG_BYTES);
            self.packet = end.wrapping_sub(len?)..end;
            self.cursor = Cursor::new();
        }
    }

    /// A datagram of ICE's, or of nobody's.
    fn ice(&mut self) -> Option<Step> {
        self.at = self.datagram.len();
        if !is_stun(self.datagram) {
            return None;
        }
        let Peer { agent, crypto, .. } = &mut *self.peer;
        match agent.input(crypto, self.from, self.datagram, self.now_ms)? {
            ice::Event::Connected { .. } => {
                self.peer.start_dtls(self.now_ms);
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
