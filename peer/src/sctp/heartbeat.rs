//! Heartbeats (RFC 9260, 8.3).

use super::association::{Association, State, reply};
use super::bytes::{Reader, Writer};
use super::chunk::{HEARTBEAT, parameter};

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// HEARTBEAT: it is answered in every state in which the peer's tag is known.
    pub(super) fn heartbeat(&mut self, said: &[u8]) {
        if self.is_open() || self.state == State::CookieEchoed {
            self.answer.heartbeat(said);
        }
    }

    /// HEARTBEAT ACK: it says when the HEARTBEAT was sent, which measures the round trip (6.3.1).
    pub(super) fn heartbeat_ack(&mut self, said: &[u8], now: u32) {
        let Some(info) = Reader(said).parameter() else { return };
        let mut info = Reader(info.value);
        let (Some(sent_at), Some(tag)) = (info.u32(), info.u32()) else { return };
        if !self.beating || tag != self.tag {
            return;
        }
        self.beating = false;
        self.errors = 0;
        let ms = now.wrapping_sub(sent_at);
        self.sender.rto.measured(ms, self.config.rto_min_ms, self.config.rto_max_ms);
        if core::mem::take(&mut self.probing) {
            self.restart_heartbeat(now);
            // What was sent while there was no way waits for a timeout that has been doubled meanwhile.
            let rto = self.sender.rto.ms();
            if self.sender.timer.left(now).is_some_and(|left| left > rto) {
                self.sender.timer.start(now, rto);
            }
        }
    }

    /// Asks the peer whether it is still there, by a HEARTBEAT each half second, until it answers one: after a change of what
    /// carries the association. Without an answer the association does not end by that.
    pub fn probe(&mut self, now_ms: u64) {
        if self.state == State::Established {
            self.probing = true;
            self.replies |= reply::HEARTBEAT;
            self.heartbeat.start(now_ms as u32, PROBE_MS);
        }
    }

    /// Whether the peer was [asked](Self::probe) and has not answered yet.
    pub fn is_probing(&self) -> bool {
        self.probing && self.state == State::Established
    }

    /// The idle time begins anew.
    #[inline(never)]
    pub(super) fn restart_heartbeat(&mut self, now: u32) {
        match u32::from(self.config.heartbeat_ms) {
            _ if self.probing => {}
            0 => self.heartbeat.stop(),
            // 8.3: a heartbeat each HB.interval plus RTO.
            interval => self.heartbeat.start(now, interval.wrapping_add(self.sender.rto.ms())),
        }
    }

    /// The idle time is over.
    pub(super) fn heartbeat_timeout(&mut self, now: u32) {
        if !self.heartbeat.expired(now) {
            return;
        }
        if self.state != State::Established {
            self.heartbeat.stop();
            return;
        }
        self.replies |= reply::HEARTBEAT;
        if self.probing {
            // Who asked decides how long the peer may be silent.
            self.heartbeat.start(now, PROBE_MS);
            return;
        }
        self.restart_heartbeat(now);
        self.sender.congestion.idle(self.config.packet.into());
        if self.beating {
            self.count_error();
        }
    }

    pub(super) fn write_heartbeat(&mut self, writer: &mut Writer, now: u32) {
        let start = writer.begin(HEARTBEAT, 0);
        writer.u16(parameter::HEARTBEAT_INFO);
        writer.u16(12);
        writer.u32(now);
        writer.u32(self.tag);
        if writer.end(start) {
            self.beating = true;
            self.replies &= !reply::HEARTBEAT;
        }
    }
}

/// After so long a HEARTBEAT that asks is sent again: it, or its answer, may be lost.
const PROBE_MS: u32 = 500;
