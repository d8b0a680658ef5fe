//! Packets to the peer, and what is due when.

use super::Error;
use super::answer::AnswerKind;
use super::association::{Association, State, reply};
use super::bytes::Writer;
use super::chunk::*;
use super::cookie::Cookie;
use super::crc;

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// Makes the next packet in `out`, and returns its length. Call it after every [`input`](Self::input) and
    /// [`send`](Self::send), and when the time of [`poll_in`](Self::poll_in) is over, until it returns `None`.
    ///
    /// `out` must hold [`packet`](super::Config::packet) bytes: into a shorter one nothing is written.
    #[inline(never)]
    pub fn poll(&mut self, now_ms: u64, out: &mut [u8]) -> Option<usize> {
        let now = now_ms as u32;
        self.timeouts(now);
        let (header, chunks) =
            out.get_mut(..self.config.packet.into())?.split_first_chunk_mut::<12>()?;
        let mut writer = Writer::new(chunks);
        let tag = self.write(&mut writer, now);
        let chunks = writer.written();
        if chunks.is_empty() {
            return None;
        }
        let [s0, s1] = self.config.local_port.to_be_bytes();
        let [d0, d1] = self.config.remote_port.to_be_bytes();
        let [t0, t1, t2, t3] = tag.to_be_bytes();
        let ports_and_tag = [s0, s1, d0, d1, t0, t1, t2, t3];
        let [c0, c1, c2, c3] = crc::of_packet(&ports_and_tag, chunks);
        *header = [s0, s1, d0, d1, t0, t1, t2, t3, c0, c1, c2, c3];
        Some(chunks.len().saturating_add(header.len()))
    }

    /// In how many ms [`poll`](Self::poll) has something to do; `None`: not before the next packet or message.
    pub fn poll_in(&self, now_ms: u64) -> Option<u32> {
        let now = now_ms as u32;
        if self.replies != 0
            || self.answer.kind != AnswerKind::Nothing
            || self.is_open() && (self.reset_ready() || self.shutdown_ready())
            || self.may_send() && self.sender.ready()
        {
            return Some(0);
        }
        let acknowledgement = if self.is_open() { self.receiver.due_in(now) } else { None };
        [
            acknowledgement,
            self.sender.timer.left(now),
            self.reset.timer.left(now),
            self.heartbeat.left(now),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// RFC 9260, 6: states in which DATA is sent.
    fn may_send(&self) -> bool {
        matches!(self.state, State::Established | State::ShutdownPending | State::ShutdownReceived)
    }

    fn timeouts(&mut self, now: u32) {
        if self.sender.timer.expired(now) {
            self.retransmission_timeout(now);
        }
        self.reset_timeout(now);
        self.heartbeat_timeout(now);
        if self.may_send() {
            self.sender.expire(now);
        }
        self.advance_shutdown();
    }

    /// T1, T2 or T3 expired.
    fn retransmission_timeout(&mut self, now: u32) {
        match self.state {
            State::CookieWait | State::CookieEchoed => self.replies |= reply::INITIATE,
            State::ShutdownSent => self.replies |= reply::SHUTDOWN,
            State::ShutdownAckSent => self.replies |= reply::SHUTDOWN_ACK,
            _ => {
                let config = self.config;
                self.sender.timeout(&config, now);
                self.count_error();
                return;
            }
        }
        self.sender.timer.stop();
        self.sender.rto.back_off(self.config.rto_max_ms);
        self.count_error();
    }

    /// Writes what is due, and returns the verification tag for it.
    fn write(&mut self, writer: &mut Writer, now: u32) -> u32 {
        // RFC 9260, 6.10: INIT, INIT ACK and SHUTDOWN COMPLETE are alone in their packets.
        if self.answer.kind == AnswerKind::InitAck {
            return self.write_init_ack(writer);
        }
        if self.replies & (reply::ABORT | reply::SHUTDOWN_COMPLETE) != 0 {
            self.write_end(writer);
            return self.peer_tag;
        }
        if self.replies & reply::INITIATE != 0
            && let Some(initiator) = self.initiator
        {
            self.replies &= !reply::INITIATE;
            (initiator.output)(self, writer, now);
            // 8.5.1, A: an INIT has the tag 0.
            return if self.state == State::CookieWait { 0 } else { self.peer_tag };
        }
        if self.replies & reply::COOKIE_ACK != 0 {
            // 5.1, D: COOKIE ACK is the first chunk of its packet.
            let start = writer.begin(COOKIE_ACK, 0);
            writer.end(start);
            self.replies &= !reply::COOKIE_ACK;
        }
        self.answer.write(writer);
        if self.is_open() {
            self.write_open(writer, now);
        }
        self.peer_tag
    }

    /// Writes what is due of an established association. 6.10: control chunks stand before DATA.
    fn write_open(&mut self, writer: &mut Writer, now: u32) {
        if self.replies & reply::HEARTBEAT != 0 {
            self.write_heartbeat(writer, now);
        }
        self.write_re_config(writer, now);
        let before_sack = writer.len();
        // RFC 9260, 6.2: an acknowledgement that is delayed goes out with DATA.
        let acknowledges = self.receiver.pending() && self.receiver.write_sack(writer);
        let sends = self.write_messages(writer, now);
        if acknowledges {
            if sends || self.receiver.due(now) {
                self.receiver.acknowledged();
            } else {
                // The chunk that is next could have no space beside it.
                writer.back_to(before_sack);
                self.write_messages(writer, now);
            }
        }
        self.write_shutdown(writer, now);
    }

    /// Writes what becomes of messages: DATA, FORWARD-TSN. Returns whether there was anything.
    fn write_messages(&mut self, writer: &mut Writer, now: u32) -> bool {
        if !self.may_send() {
            return false;
        }
        let forward = self.sender.write_forward(writer, &self.streams, now);
        let data = self.sender.write_data(writer, &mut self.streams, &self.config, now);
        if data {
            self.restart_heartbeat(now);
        }
        forward || data
    }

    fn write_init_ack(&mut self, writer: &mut Writer) -> u32 {
        let (cookie, unrecognized) =
            self.answer.bytes().split_at_checked(Cookie::LEN).unwrap_or((&[], &[]));
        let Some(content) = Cookie::read(cookie) else {
            self.answer.clear();
            return 0;
        };
        let start = writer.begin(INIT_ACK, 0);
        self.write_init(writer, content.tag, content.tsn);
        writer.u16(parameter::STATE_COOKIE);
        writer.u16((cookie.len() as u16).wrapping_add(4));
        writer.put(cookie);
        writer.put(unrecognized);
        writer.end(start);
        self.answer.clear();
        content.peer.tag
    }

    /// Writes ABORT or SHUTDOWN COMPLETE.
    fn write_end(&mut self, writer: &mut Writer) {
        if self.replies & reply::ABORT != 0 {
            let start = writer.begin(ABORT, 0);
            match self.error {
                Some(Error::Abandoned) => {
                    writer.u16(cause::USER_ABORT);
                    writer.u16(4);
                }
                Some(Error::NoUserData { tsn }) => {
                    writer.u16(cause::NO_USER_DATA);
                    writer.u16(8);
                    writer.u32(tsn);
                }
                _ => {}
            }
            writer.end(start);
        } else {
            let start = writer.begin(SHUTDOWN_COMPLETE, 0);
            writer.end(start);
        }
        self.replies = 0;
    }
}
