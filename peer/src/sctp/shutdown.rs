//! The end of an association in good order (RFC 9260, 9.2).

use super::Error;
use super::association::{Association, State, reply};
use super::bytes::{Reader, Writer};
use super::chunk::{SHUTDOWN, SHUTDOWN_ACK};

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// SHUTDOWN: the peer sends no more, and what is left of this end's messages goes out.
    pub(super) fn shutdown(&mut self, body: &[u8], now: u32) {
        let Some(cumulative) = Reader(body).u32() else { return };
        let config = self.config;
        if self.sender.acknowledged(cumulative, None, &[], &config, now) {
            self.errors = 0;
        }
        match self.state {
            State::Established | State::ShutdownPending => self.state = State::ShutdownReceived,
            // Both ends shut down: "If an endpoint is in the SHUTDOWN-SENT state and receives a SHUTDOWN chunk from
            // its peer, the endpoint SHOULD respond immediately with a SHUTDOWN ACK chunk".
            State::ShutdownSent => {
                self.state = State::ShutdownAckSent;
                self.replies |= reply::SHUTDOWN_ACK;
            }
            State::ShutdownAckSent => self.replies |= reply::SHUTDOWN_ACK,
            _ => {}
        }
    }

    /// SHUTDOWN ACK: both ends have everything.
    pub(super) fn shutdown_ack(&mut self) {
        if matches!(self.state, State::ShutdownSent | State::ShutdownAckSent) {
            self.end(Error::Shutdown);
            self.replies = reply::SHUTDOWN_COMPLETE;
        }
    }

    /// Whether everything is acknowledged, and the next step of the shutdown is due.
    pub(super) fn shutdown_ready(&self) -> bool {
        matches!(self.state, State::ShutdownPending | State::ShutdownReceived)
            && self.sender.queue.is_empty()
    }

    pub(super) fn advance_shutdown(&mut self) {
        if self.shutdown_ready() {
            if self.state == State::ShutdownPending {
                self.state = State::ShutdownSent;
                self.replies |= reply::SHUTDOWN;
            } else {
                self.state = State::ShutdownAckSent;
                self.replies |= reply::SHUTDOWN_ACK;
            }
        }
    }

    pub(super) fn write_shutdown(&mut self, writer: &mut Writer, now: u32) {
        if self.replies & reply::SHUTDOWN != 0 {
            let start = writer.begin(SHUTDOWN, 0);
            writer.u32(self.receiver.cumulative());
            if writer.end(start) {
                self.replies &= !reply::SHUTDOWN;
                // T2-shutdown.
                self.sender.timer.start(now, self.sender.rto.ms());
            }
        }
        if self.replies & reply::SHUTDOWN_ACK != 0 {
            let start = writer.begin(SHUTDOWN_ACK, 0);
            if writer.end(start) {
                self.replies &= !reply::SHUTDOWN_ACK;
                self.sender.timer.start(now, self.sender.rto.ms());
            }
        }
    }
}
