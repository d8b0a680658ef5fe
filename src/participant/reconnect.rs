//! What happens when a connection breaks.

use livekit_micro_peer::Crypto;

use super::{Channels, DataPlane, Error, Participant, Stage};
use crate::borrowed::{DisconnectReason, ReconnectReason};

/// Attempts to connect, since the last that succeeded.
#[derive(Clone, Copy)]
pub(super) struct Attempts {
    pub(super) count: u16,
    /// The next one resumes the connection before.
    pub(super) is_resume: bool,
    /// Why that broke.
    pub(super) reason: ReconnectReason,
    /// [`Event::Reconnecting`](super::Event::Reconnecting) was told.
    pub(super) is_told: bool,
    /// [`Event::Connected`](super::Event::Connected) was.
    pub(super) was_connected: bool,
    /// The server knows nothing of `/rtc/v1`: it is older.
    pub(super) is_old_server: bool,
}

impl Attempts {
    pub(super) const NONE: Self = Self {
        count: 0,
        is_resume: false,
        reason: ReconnectReason::RrUnknown,
        is_told: false,
        was_connected: false,
        is_old_server: false,
    };
}

/// How a connection is made again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// The one before goes on, if it can.
    Resume(ReconnectReason),
    /// This participant joins anew.
    Join,
    /// It joins anew, as the server ended the peer connection. Why, it says over signalling, which may come later: a
    /// participant that was removed must not come back.
    Ended,
    /// It joins anew, at once: the server says so.
    JoinNow,
    /// The one before goes on, at once.
    ResumeNow,
}

/// The longest pause before the first attempt but one, in milliseconds, and the longest of all.
const FIRST_PAUSE_MS: u32 = 300;
const MAX_PAUSE_MS: u32 = 7_000;
/// How much later than the end of the peer connection the server's reason may come.
const LAST_WORDS_MS: u32 = 500;

impl<'a, C: Crypto, D: DataPlane> Participant<'a, C, D> {
    /// The connection broke, or was not made.
    #[inline(never)]
    pub(super) fn lost(&mut self, error: Error, again: Again, now_ms: u64) {
        if self.stage == Stage::Pausing && again == Again::Ended && self.attempts.is_resume {
            // Nothing is left to resume.
            self.attempts.is_resume = false;
            self.forget_connection();
        }
        if matches!(self.stage, Stage::Idle | Stage::Pausing) {
            self.signal.closed(); // it may have been open for the server's last words
            return;
        }
        if self.stage == Stage::Leaving {
            self.end(DisconnectReason::ClientInitiated, None);
            return;
        }
        let hears_more = again == Again::Ended && self.signal.is_open();
        if !hears_more {
            self.signal.closed();
            self.todo.close = self.stage > Stage::Opening;
        }
        (self.todo.offer, self.todo.sync) = (false, false);
        self.early = [None; 2];
        // A connection that stood is resumed, again if the server was not reached: what fails after it has answered is
        // put right by joining.
        let stood = match self.stage {
            Stage::Opening | Stage::Connecting | Stage::Requesting | Stage::Joining => {
                self.attempts.is_resume
            }
            stage => stage == Stage::Connected,
        };
        if self.attempts.is_resume && matches!(again, Again::Join | Again::JoinNow) {
            // The server was reached: the attempts of the resume have come to something. Once, as joining follows.
            self.attempts.count = 0;
        }
        self.attempts.is_resume = stood && matches!(again, Again::Resume(_) | Again::ResumeNow);
        if let Again::Resume(reason) = again {
            self.attempts.reason = reason;
        }
        if !self.attempts.is_resume {
            self.forget_connection();
        }
        let attempts = self.config.as_ref().map_or(0, |config| config.attempts);
        if self.attempts.count >= attempts && attempts < u16::MAX {
            self.end(DisconnectReason::UnknownReason, Some(error));
            return;
        }
        self.attempts.count = self.attempts.count.saturating_add(1);
        self.error = Some(error);
        if self.attempts.was_connected && !core::mem::replace(&mut self.attempts.is_told, true) {
            self.told.reconnecting = true;
        }
        let pause = match again {
            Again::JoinNow | Again::ResumeNow => 0,
            Again::Ended if hears_more => LAST_WORDS_MS + self.pause(),
            _ => self.pause(),
        };
        self.stage = Stage::Pausing;
        self.at = (now_ms as u32).wrapping_add(pause);
    }

    /// A random pause: rust-sdks' `livekit`, 0 to 300 ms, doubled from attempt to attempt up to 7 s.
    fn pause(&mut self) -> u32 {
        let doublings = u32::from(self.attempts.count).saturating_sub(1).min(8);
        let longest = (FIRST_PAUSE_MS << doublings).min(MAX_PAUSE_MS);
        let mut random = [0; 4];
        self.peer.crypto().random(&mut random);
        ((u64::from(longest) * u64::from(u32::from_le_bytes(random))) >> 32) as u32
    }

    /// The peer connection is over: the next is another one, with another sid, and packets count from 1.
    pub(super) fn forget_connection(&mut self) {
        self.told.lost = self.told.lost.saturating_add(self.unacknowledged());
        self.peer.close();
        self.channels = Channels::default();
        (self.todo.open, self.todo.resend) = (false, false);
        (self.todo.answered, self.todo.runs) = (false, false);
        self.todo.reset = true;
        self.replies = [(0, 0); 2];
        self.early = [None; 2];
    }

    /// The participant is not in the room any more, and nothing is tried.
    pub(super) fn end(&mut self, reason: DisconnectReason, error: Option<Error>) {
        self.todo.close |= self.stage > Stage::Opening || self.signal.is_open();
        self.signal.closed();
        self.forget_connection();
        self.stage = Stage::Idle;
        (self.reason, self.error) = (reason, error);
        self.told.disconnected = true;
    }

    /// Both channels are open, and the server has answered: the participant is connected, if it was not.
    pub(super) fn check_connected(&mut self) {
        let stands = self.stage == Stage::Negotiating
            && self.todo.answered
            && self.has_channels()
            && self.peer.is_reached();
        if !stands {
            return;
        }
        self.stage = Stage::Connected;
        let attempts = self.attempts;
        self.attempts = Attempts {
            was_connected: true,
            is_old_server: attempts.is_old_server,
            ..Attempts::NONE
        };
        if attempts.was_connected {
            (self.told.reconnected, self.told.is_resumed) = (true, attempts.is_resume);
        } else {
            self.told.connected = true;
        }
    }
}
