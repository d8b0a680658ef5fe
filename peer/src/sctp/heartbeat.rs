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
    }

    /// The idle time begins anew.
    #[inline(never)]
    pub(super) fn restart_heartbeat(&mut self, now: u32) {
        match u32::from(self.config.heartbeat_ms) {
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
        self.restart_heartbeat(now);
        self.sender.congestion.idle(self.config.packet.into());
        self.replies |= reply::HEARTBEAT;
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
