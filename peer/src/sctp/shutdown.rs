//! The end of an association: in good order (RFC 9260, 9.2), at once (9.1), or because the peer is gone (8.1).

use super::Error;
use super::association::{Association, State, reply};
use super::bytes::{Reader, Writer};
use super::chunk::{SHUTDOWN, SHUTDOWN_ACK};
use super::told;

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// Closes the association when everything that was taken is acknowledged (RFC 9260, 9.2).
    /// [`Event::Closed`](super::Event::Closed) follows.
    pub fn close(&mut self) {
        match self.state {
            State::Established => self.state = State::ShutdownPending,
            State::Listening | State::CookieWait | State::CookieEchoed => {
                self.end(Error::Shutdown);
            }
            _ => {}
        }
    }

    /// Ends the association at once: an ABORT tells the peer (RFC 9260, 9.1).
    pub fn abort(&mut self) {
        if !matches!(self.state, State::Idle | State::Closed) {
            self.break_off(Error::Abandoned);
        }
    }

    /// SHUTDOWN: the peer sends no more, and what is left of this end's messages goes out.
    pub(super) fn shutdown(&mut self, body: &[u8], now: u32) {
        let Some(cumulative) = Reader(body).u32() else { return };
        if self.sender.acknowledged(cumulative, None, &self.config, now) {
            self.errors = 0;
        }
        match self.state {
            State::Established | State::ShutdownPending => self.state = State::ShutdownReceived,
            // 9.2: both ends shut down: SHUTDOWN ACK at once.
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

    /// The association is over.
    // Not inlined, for the flash.
    #[inline(never)]
    pub(super) fn end(&mut self, error: Error) {
        self.state = State::Closed;
        self.error = Some(error);
        self.untold |= told::CLOSED;
        self.replies = 0;
        self.answer.clear();
        self.sender.timer.stop();
        self.heartbeat.stop();
        self.reset.timer.stop();
    }

    /// The association is over, and an ABORT tells the peer.
    pub(super) fn break_off(&mut self, error: Error) {
        let known = self.peer_tag != 0;
        self.end(error);
        if known {
            self.replies = reply::ABORT;
        }
    }

    /// Something was not answered in time. RFC 9260, 8.1: too often in a row, and the peer is unreachable.
    pub(super) fn count_error(&mut self) {
        self.errors = self.errors.saturating_add(1);
        if self.errors > self.config.max_retransmissions {
            self.break_off(Error::Unreachable);
        }
    }
}
