//! The responder's half of the four-way handshake, INITs that collide, restarts (RFC 9260, 5).

use super::answer::{Answer, AnswerKind};
use super::association::{Association, State, reply};
use super::bytes::{Reader, Writer};
use super::chunk::{COOKIE_ECHO, FORWARD_TSN, RE_CONFIG, parameter};
use super::cookie::Cookie;
use super::told;

/// What an INIT or INIT ACK says of its sender.
#[derive(Clone, Copy)]
pub(super) struct PeerInit {
    pub(super) tag: u32,
    pub(super) window: u32,
    pub(super) tsn: u32,
    /// How many streams it takes.
    pub(super) streams: u16,
    /// [`ABANDONS`] and [`RESETS`].
    pub(super) features: u8,
}

/// It understands FORWARD-TSN.
pub(super) const ABANDONS: u8 = 1;
/// It understands RE-CONFIG.
pub(super) const RESETS: u8 = 2;

impl PeerInit {
    /// The fixed part of an INIT or INIT ACK, and what its parameters say. Unknown parameters that are to be
    /// reported go to `answer`, by `report`.
    pub(super) fn read(
        body: &[u8],
        answer: &mut Answer,
        report: fn(&mut Answer, &[u8]),
    ) -> Option<Self> {
        let mut reader = Reader(body);
        let tag = reader.u32()?;
        let window = reader.u32()?;
        let outbound = reader.u16()?;
        let streams = reader.u16()?;
        let tsn = reader.u32()?;
        // RFC 9260, 3.3.2: a tag of 0, or 0 streams, cannot be. Such a chunk is not answered.
        if tag == 0 || outbound == 0 || streams == 0 {
            return None;
        }
        let mut features = 0;
        while let Some(found) = reader.parameter() {
            match found.kind {
                parameter::FORWARD_TSN => features |= ABANDONS,
                // RFC 5061, 4.2.7: chunk types that its sender understands.
                parameter::EXTENSIONS => {
                    for kind in found.value {
                        match *kind {
                            FORWARD_TSN => features |= ABANDONS,
                            RE_CONFIG => features |= RESETS,
                            _ => {}
                        }
                    }
                }
                // RFC 8261, 6: addresses mean nothing under DTLS.
                parameter::IPV4 | parameter::IPV6 | parameter::ADDRESS_TYPES => {}
                parameter::STATE_COOKIE
                | parameter::UNRECOGNIZED
                | parameter::COOKIE_PRESERVATIVE => {}
                kind => {
                    // RFC 9260, 3.2.1: the highest bit says whether the rest is gone through, the next whether
                    // the parameter is reported.
                    if kind & 0x4000 != 0 {
                        report(answer, found.whole);
                    }
                    if kind & 0x8000 == 0 {
                        break;
                    }
                }
            }
        }
        Some(Self { tag, window, tsn, streams, features })
    }
}

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// INIT. Nothing is remembered of it (RFC 9260, 5.1): what it says goes into the State Cookie.
    pub(super) fn init(&mut self, body: &[u8]) {
        if self.state == State::ShutdownAckSent {
            // RFC 9260, 9.2: it is discarded, and SHUTDOWN ACK sent again.
            self.replies |= reply::SHUTDOWN_ACK;
            return;
        }
        self.answer.keep(AnswerKind::InitAck, |writer| writer.put(&[0; Cookie::LEN]));
        let report = |answer: &mut Answer, whole: &[u8]| answer.add(parameter::UNRECOGNIZED, whole);
        let Some(peer) = PeerInit::read(body, &mut self.answer, report) else {
            self.answer.clear();
            return;
        };
        let cookie = if self.is_open() {
            // 5.2.2: the peer could have restarted. It gets a new tag, and its cookie the old ones as Tie-Tags. Under
            // DTLS tags keep no attacker out, so the new one need not be hard to guess.
            let tag = mix(self.tag ^ peer.tag.rotate_left(8));
            let tag = if tag == self.tag { !tag } else { tag }.max(1);
            Cookie { tag, tsn: mix(tag), ties: (self.tag, self.peer_tag), peer }
        } else {
            // 5.1, and 5.2.1 if this end sent an INIT too: the tag is the one of that INIT.
            let (tag, tsn) = (self.tag, self.sender.base);
            Cookie { tag, tsn, ties: (0, 0), peer }
        };
        self.answer.overwrite(&cookie.write());
    }

    /// COOKIE ECHO (RFC 9260, 5.2.4).
    pub(super) fn cookie_echo(&mut self, body: &[u8], now: u32) {
        let Some(cookie) = Cookie::read(body) else { return };
        let same_tag = cookie.tag == self.tag;
        if !self.is_open() {
            // 5.1.5, and actions B and D for an association that both ends initiate.
            if same_tag {
                self.adopt(&cookie.peer, cookie.tsn);
                self.opened(told::CONNECTED, now);
                self.replies |= reply::COOKIE_ACK;
            }
            return;
        }
        match (same_tag, cookie.peer.tag == self.peer_tag) {
            // Action D: the COOKIE ACK was lost.
            (true, true) => self.replies |= reply::COOKIE_ACK,
            // Action B: the peer initiated twice.
            (true, false) => {
                self.peer_tag = cookie.peer.tag;
                self.replies |= reply::COOKIE_ACK;
            }
            // Action A: the peer restarted.
            (false, false) if cookie.ties == (self.tag, self.peer_tag) => {
                if self.state == State::ShutdownAckSent {
                    self.replies |= reply::SHUTDOWN_ACK;
                    self.answer.shutting_down();
                    return;
                }
                self.tag = cookie.tag;
                self.adopt(&cookie.peer, cookie.tsn);
                self.opened(told::RESTARTED, now);
                self.replies = reply::COOKIE_ACK;
            }
            // Action C, and all others: the cookie is of an older attempt, and discarded.
            _ => {}
        }
    }

    /// Takes over what the peer's INIT or INIT ACK said; this end's first TSN is `tsn`.
    pub(super) fn adopt(&mut self, peer: &PeerInit, tsn: u32) {
        self.peer_tag = peer.tag;
        self.peer_streams = peer.streams;
        self.resets = peer.features & RESETS != 0;
        self.errors = 0;
        self.streams.clear();
        self.sender.start(tsn, peer.window, peer.features & ABANDONS != 0, self.config.packet);
        self.receiver.start(peer.tsn);
        self.reset.start(tsn, peer.tsn);
    }

    /// The association is established.
    pub(super) fn opened(&mut self, event: u8, now: u32) {
        self.state = State::Established;
        self.untold |= event;
        self.beating = false;
        self.replies &= !reply::INITIATE;
        self.sender.timer.stop();
        self.restart_heartbeat(now);
    }

    /// The fixed part of this end's INIT or INIT ACK, and its parameters.
    pub(super) fn write_init(&self, writer: &mut Writer, tag: u32, tsn: u32) {
        writer.u32(tag);
        writer.u32(self.receiver.window());
        // RFC 8831, 6.2: 65 535 streams are offered each way.
        writer.u16(u16::MAX);
        writer.u16(u16::MAX);
        writer.u32(tsn);
        writer.u16(parameter::FORWARD_TSN);
        writer.u16(4);
        writer.u16(parameter::EXTENSIONS);
        writer.u16(6);
        writer.put(&[RE_CONFIG, FORWARD_TSN, 0, 0]);
    }
}

/// The local tag in the State Cookie of a COOKIE ECHO, which is the first chunk of a packet.
pub(super) fn tag_of_cookie(chunks: &[u8]) -> Option<u32> {
    let [COOKIE_ECHO, _, l0, l1] = *chunks.first_chunk()? else { return None };
    let body = chunks.get(..u16::from_be_bytes([l0, l1]).into())?.get(4..)?;
    Some(Cookie::read(body)?.tag)
}

/// A number that looks random.
fn mix(mut value: u32) -> u32 {
    value = (value ^ value >> 16).wrapping_mul(0x7feb_352d);
    value = (value ^ value >> 15).wrapping_mul(0x846c_a68b);
    value ^ value >> 16
}
