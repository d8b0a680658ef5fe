//! Packets of the peer, chunk by chunk.

use super::Error;
use super::assembly::NO_STREAM;
use super::association::{Association, State, reply};
use super::bytes::{Reader, padded};
use super::chunk::{self, *};
use super::crc;
use super::event::{Event, Place, Step};
use super::handshake;
use super::initiator::InitiatorTask;

/// How far a packet was gone through. One for each packet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    /// Where the next chunk begins; 0: nothing was looked at yet.
    at: usize,
    /// How many streams of the RE-CONFIG chunk at `at` were told.
    pub(super) part: u16,
    /// A DATA chunk was in the packet.
    data: bool,
}

impl Cursor {
    /// After the last chunk.
    pub(crate) const fn end() -> Self {
        Self { at: 1, part: 0, data: false }
    }

    /// Before the first chunk.
    pub const fn new() -> Self {
        Self { at: 0, part: 0, data: false }
    }
}

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// Goes on with a packet, and returns the next event of it. Call it with the same packet and cursor until it
    /// returns `None`: what is not gone through is as if it had been lost on the way.
    ///
    /// Packets for other ports, with a wrong checksum or with a wrong verification tag are ignored.
    pub fn input<'e>(
        &'e mut self,
        packet: &'e [u8],
        cursor: &mut Cursor,
        now_ms: u64,
    ) -> Option<Event<'e>> {
        let step = self.step(packet, cursor, now_ms as u32)?;
        Some(self.show(step, packet))
    }

    /// The next event, without its bytes.
    #[inline(never)]
    pub(crate) fn step(&mut self, packet: &[u8], cursor: &mut Cursor, now: u32) -> Option<Step> {
        if cursor.at == 0 {
            cursor.at = if self.accepts(packet) { HEADER } else { packet.len().max(1) };
        }
        loop {
            if let Some(step) = self.pending_step() {
                return Some(step);
            }
            if matches!(self.state, State::Idle | State::Closed) {
                self.after_the_end(packet, cursor);
                return None;
            }
            if let Some(step) = self.receiver.drain() {
                return Some(step);
            }
            let chunk = self.chunk(packet, cursor)?;
            let next = cursor.at.saturating_add(padded(chunk.length));
            let step = self.handle(&chunk, packet, cursor, now);
            if let Some(Step::StreamReset { .. } | Step::AllStreamsReset) = step {
                // The same chunk may have more of them.
                return step;
            }
            cursor.part = 0;
            cursor.at = cursor.at.max(next);
            if step.is_some() {
                return step;
            }
        }
    }

    /// The chunk at the cursor. RFC 9260, 3.2: a length below 4, or beyond the packet, ends it.
    fn chunk<'p>(&self, packet: &'p [u8], cursor: &Cursor) -> Option<Chunk<'p>> {
        let mut reader = Reader(packet.get(cursor.at..)?);
        let whole = reader.0;
        let kind = reader.u8()?;
        let flags = reader.u8()?;
        let length = usize::from(reader.u16()?);
        let body = whole.get(..length)?.get(4..)?;
        Some(Chunk { kind, flags, length, body })
    }

    /// Whether a packet belongs to this association: ports, checksum, verification tag (RFC 9260, 8.5).
    fn accepts(&self, packet: &[u8]) -> bool {
        let Some((ports_and_tag, rest)) = packet.split_first_chunk::<8>() else { return false };
        let Some((checksum, chunks)) = rest.split_first_chunk::<4>() else { return false };
        let [s0, s1, d0, d1, t0, t1, t2, t3] = *ports_and_tag;
        let tag = u32::from_be_bytes([t0, t1, t2, t3]);
        let ports = u16::from_be_bytes([s0, s1]) == self.config.remote_port
            && u16::from_be_bytes([d0, d1]) == self.config.local_port;
        let Some([kind, flags, l0, l1]) = chunks.first_chunk() else { return false };
        let tag_is_right = match *kind {
            // 8.5.1, A: an INIT has the tag 0; 4.3 and 6.10: it is alone in its packet.
            INIT => {
                let length = usize::from(u16::from_be_bytes([*l0, *l1]));
                tag == 0 && chunks.len() <= padded(length)
            }
            // B, C: with the T bit the tag is the one that the peer expects, not the one that this end does.
            ABORT | SHUTDOWN_COMPLETE if flags & REFLECTED != 0 => {
                self.peer_tag != 0 && tag == self.peer_tag
            }
            // D: 5.1.5 and 5.2.4 check the tags of the State Cookie. The packet's is the cookie's local tag.
            COOKIE_ECHO => handshake::tag_of_cookie(chunks) == Some(tag),
            _ => tag == self.tag,
        };
        ports && tag_is_right && crc::of_packet(ports_and_tag, chunks) == *checksum
    }

    /// RFC 9260, 8.4: a packet for an association that is over. 5) answers one that contains a SHUTDOWN ACK with SHUTDOWN
    /// COMPLETE; 8) answers others with ABORT, so that the peer need not find out by timeouts.
    fn after_the_end(&mut self, packet: &[u8], cursor: &mut Cursor) {
        let is_closed = self.state == State::Closed && self.peer_tag != 0;
        let mut answer = 0;
        while is_closed && let Some(chunk) = self.chunk(packet, cursor) {
            cursor.at = cursor.at.saturating_add(padded(chunk.length));
            answer = match chunk.kind {
                ABORT | SHUTDOWN_COMPLETE | ERROR | COOKIE_ACK | INIT | COOKIE_ECHO => 0,
                SHUTDOWN_ACK => reply::SHUTDOWN_COMPLETE,
                _ if self.error != Some(Error::Shutdown) => {
                    answer = reply::ABORT;
                    continue;
                }
                _ => continue,
            };
            break;
        }
        self.replies |= answer;
        cursor.at = packet.len().max(1);
    }

    fn handle(
        &mut self,
        chunk: &Chunk,
        packet: &[u8],
        cursor: &mut Cursor,
        now: u32,
    ) -> Option<Step> {
        let body = chunk.body;
        let open = self.is_open();
        match chunk.kind {
            DATA if open => return self.data(chunk, cursor, now),
            SACK if open => self.sack(body, now),
            FORWARD_TSN if open => {
                if let Some(tsn) = Reader(body).u32() {
                    self.receiver.forward(tsn);
                }
            }
            RE_CONFIG if open => return self.re_config(body, cursor, now),
            HEARTBEAT => self.heartbeat(body),
            HEARTBEAT_ACK if open => self.heartbeat_ack(body, now),
            INIT => self.init(body),
            COOKIE_ECHO => {
                self.cookie_echo(body, now);
                // 5.2.4: what follows a cookie that was not taken is not of this association.
                let tag = packet.get(4..).and_then(|tag| Reader(tag).u32());
                if tag != Some(self.tag) {
                    cursor.at = packet.len();
                }
            }
            INIT_ACK | COOKIE_ACK => {
                if let Some(initiator) = self.initiator {
                    initiator(self, InitiatorTask::Read(chunk.kind, body), now);
                }
            }
            ABORT => {
                // RFC 9260, 3.3.7 and 9.1. The first cause is told.
                let cause = Reader(body).u16().unwrap_or(0);
                self.end(Error::Aborted { cause });
            }
            SHUTDOWN if open => self.shutdown(body, now),
            SHUTDOWN_ACK if open => self.shutdown_ack(),
            SHUTDOWN_COMPLETE => {
                // 8.5.1, C, and 9.2: only after SHUTDOWN ACK.
                if self.state == State::ShutdownAckSent {
                    self.end(Error::Shutdown);
                }
                cursor.at = packet.len();
            }
            // Of ERROR nothing follows, and known chunks have no meaning in other states.
            ERROR | DATA | SACK | FORWARD_TSN | RE_CONFIG | HEARTBEAT_ACK | SHUTDOWN
            | SHUTDOWN_ACK => {}
            kind => {
                // RFC 9260, 3.2: the highest bit says whether the rest of the packet is gone through, the next
                // whether the chunk is reported.
                if kind & 0x40 != 0 && open {
                    self.answer.unrecognized_chunk(kind, chunk.flags, body);
                }
                if kind & 0x80 == 0 {
                    cursor.at = packet.len();
                }
            }
        }
        None
    }

    fn data(&mut self, chunk: &Chunk, cursor: &mut Cursor, now: u32) -> Option<Step> {
        // RFC 9260, 6: data is received in the states ESTABLISHED, SHUTDOWN-PENDING and SHUTDOWN-SENT.
        if matches!(self.state, State::ShutdownReceived | State::ShutdownAckSent) {
            return None;
        }
        let (head, data) = chunk::data(chunk.flags, chunk.body)?;
        if data.is_empty() {
            // RFC 9260, 6.2: a DATA chunk without user data ends the association, with a cause.
            self.break_off(Error::NoUserData { tsn: head.tsn });
            return None;
        }
        if self.state == State::ShutdownSent {
            // 9.2: each packet with data is answered with SACK and SHUTDOWN at once.
            self.receiver.acknowledge();
            self.replies |= reply::SHUTDOWN;
        }
        let new_packet = !core::mem::replace(&mut cursor.data, true);
        let at = cursor.at.saturating_add(DATA_HEAD);
        let place = Place::Packet { at, len: data.len() };
        let step = self.receiver.data(&head, data, place, new_packet, now);
        if head.stream == NO_STREAM {
            // RFC 9260, 6.5: an invalid stream is acknowledged and reported, its data is not delivered. All other streams
            // were offered to the peer; RFC 8831, 6.2, forbids this one.
            self.answer.invalid_stream(head.stream);
        }
        step
    }

    fn sack(&mut self, body: &[u8], now: u32) {
        // RFC 9260, 9.2: all that was sent is acknowledged in these states. A late SACK must not stop the timer, which is
        // T2-shutdown's now.
        if matches!(self.state, State::ShutdownSent | State::ShutdownAckSent) {
            return;
        }
        let mut reader = Reader(body);
        let Some(cumulative) = reader.u32() else { return };
        let Some(window) = reader.u32() else { return };
        let Some(blocks) = reader.u16() else { return };
        if reader.u16().is_none() {
            return;
        }
        let Some(blocks) = reader.0.get(..usize::from(blocks).wrapping_mul(4)) else { return };
        let news = self.sender.acknowledged(cumulative, Some((window, blocks)), &self.config, now);
        // RFC 9260, 8.1: the counter is cleared when data is acknowledged. 6.1, A: a peer that goes on to
        // acknowledge with a closed window is there.
        if news || self.sender.window_closed() {
            self.errors = 0;
        }
    }
}

/// One chunk of a packet.
pub(super) struct Chunk<'p> {
    pub(super) kind: u8,
    pub(super) flags: u8,
    length: usize,
    /// What follows its length.
    pub(super) body: &'p [u8],
}

/// The common header of a packet.
pub(super) const HEADER: usize = 12;

/// The head of a DATA chunk.
const DATA_HEAD: usize = 16;
