//! What the server signals to a participant.

use livekit_micro_peer::Crypto;
use livekit_micro_peer::sdp::Description;

use super::reconnect::Again;
use super::{Channels, DataPlane, Error, Event, Participant, Stage};
use crate::borrowed::leave_request::Action;
use crate::borrowed::participant_info::State;
use crate::borrowed::{DisconnectReason, ReconnectReason};
use crate::data::Text;
use crate::signal::{self, SignalError, Step};

impl<'a, C: Crypto, D: DataPlane> Participant<'a, C, D> {
    /// Goes on with `bytes` that came over the connection to the server, takes those off that it went through, and
    /// returns the next event; `None` when all are gone through.
    pub fn receive_signal(&mut self, bytes: &mut &[u8], now_ms: u64) -> Option<Event<'_>> {
        loop {
            // The session is told of one that left before another one leaves.
            if self.gone.is_some() {
                match self.session_event(now_ms) {
                    Some(event) => return Some(Event::Data(event)),
                    None => continue,
                }
            }
            match self.signal.step(bytes, now_ms as u32) {
                Ok(None) => {
                    *bytes = &[]; // also those of a connection that is over
                    return None;
                }
                Ok(Some(step)) => {
                    if self.note(step, now_ms) {
                        return self.show(step);
                    }
                }
                Err(error) => {
                    *bytes = &[];
                    self.signal_failed(error, now_ms);
                }
            }
        }
    }

    /// The connection to the server is over.
    fn signal_failed(&mut self, error: SignalError, now_ms: u64) {
        match error {
            // A server that does not know `/rtc/v1`; of one that does, it is a room that does not exist.
            SignalError::Refused { status: 404 }
                if !self.attempts.is_old_server && !self.attempts.was_connected =>
            {
                self.attempts.is_old_server = true;
                self.lost(error.into(), Again::JoinNow, now_ms);
            }
            _ if error.is_final() => self.end(DisconnectReason::JoinFailure, Some(error.into())),
            // A server that answers anything else to a resume has forgotten it.
            SignalError::Refused { .. } => self.lost(error.into(), Again::Join, now_ms),
            _ => {
                let reason = ReconnectReason::RrSignalDisconnected;
                self.lost(error.into(), Again::Resume(reason), now_ms);
            }
        }
    }

    /// Notes what a message says to this participant. Returns whether it is the caller's, too.
    #[inline(never)]
    fn note(&mut self, step: Step, now_ms: u64) -> bool {
        let event = match self.signal.show(step) {
            Ok(Some(event)) => event,
            Ok(None) => return false,
            Err(error) => {
                self.signal_failed(error, now_ms);
                return false;
            }
        };
        // Of a connection that is over only its end counts.
        if self.stage == Stage::Pausing && !matches!(event, signal::Event::Leave { .. }) {
            return false;
        }
        match event {
            // A server lets a participant in once.
            signal::Event::Joined | signal::Event::Resumed { .. }
                if self.stage != Stage::Joining => {}
            signal::Event::Joined => {
                let is_old = self.attempts.is_old_server;
                self.negotiate(now_ms);
                self.todo.offer = is_old;
            }
            signal::Event::Resumed { last_message_seq } => {
                self.negotiate(now_ms);
                (self.received, self.resent) = (last_message_seq, 0);
                (self.todo.sync, self.todo.offer) = (true, true);
            }
            signal::Event::Participant { is_local: true, info } => {
                self.sid.set(info.sid.as_bytes());
                return true;
            }
            signal::Event::Participant { info, .. } => {
                if info.state == State::Disconnected {
                    let identity = Text::new(info.identity.as_bytes()).unwrap_or(Text::EMPTY);
                    let sid = Text::new(info.sid.as_bytes()).unwrap_or(Text::EMPTY);
                    self.gone = Some((identity, sid));
                }
                return true;
            }
            signal::Event::Answer(answer) => {
                if answer.id != 0 && answer.id != self.offer_id {
                    return false; // to an offer before
                }
                let Some(config) = &self.config else { return false };
                let Ok(answer) = Description::read(answer.sdp) else {
                    self.lost(Error::Answer, Again::Join, now_ms);
                    return false;
                };
                if self.peer.accept_answer(&answer, now_ms).is_err() {
                    self.lost(Error::Answer, Again::Join, now_ms);
                    return false;
                }
                (self.todo.answered, self.todo.runs) = (true, true);
                let channel = self.channels.reliable.and_then(|it| self.peer.label(it));
                if self.attempts.is_resume && channel.is_none() {
                    // The association of SCTP is another one. One that goes on sends again by itself.
                    self.channels = Channels::default();
                    self.todo.resend = true;
                }
                for line in answer.candidates() {
                    if let Some(candidate) = config.reachable(line) {
                        // The best are kept.
                        let _ = self.peer.add_ice_candidate(&candidate);
                    }
                }
                for candidate in self.early.iter_mut().filter_map(Option::take) {
                    let _ = self.peer.add_ice_candidate(&candidate);
                }
            }
            signal::Event::Candidate(line) => {
                let Some(config) = &self.config else { return false };
                if let Some(candidate) = config.reachable(line) {
                    if self.todo.answered {
                        let _ = self.peer.add_ice_candidate(&candidate);
                    } else if let Some(free) = self.early.iter_mut().find(|it| it.is_none()) {
                        *free = Some(candidate);
                    }
                }
            }
            signal::Event::Leave { reason, action } => match action {
                Action::Resume => self.lost(Error::Server(reason), Again::ResumeNow, now_ms),
                Action::Reconnect => self.lost(Error::Server(reason), Again::JoinNow, now_ms),
                // The server comes back, or another one does, and no user starts a device again.
                _ if reason == DisconnectReason::ServerShutdown => {
                    self.lost(Error::Server(reason), Again::Join, now_ms);
                }
                _ => self.end(reason, None),
            },
            signal::Event::Moved
            | signal::Event::RequestResponse(_)
            | signal::Event::DataTrackPublished(_)
            | signal::Event::DataTrackUnpublished(_)
            | signal::Event::DataTrackSubscriberHandles(_)
            | signal::Event::Skipped { .. } => return true,
        }
        false
    }

    /// The event of a step that was noted.
    fn show(&self, step: Step) -> Option<Event<'_>> {
        Some(match self.signal.show(step).ok()?? {
            signal::Event::Participant { is_local, info } => Event::Participant { is_local, info },
            signal::Event::Moved => Event::Moved,
            signal::Event::RequestResponse(response) => Event::RequestResponse(response),
            signal::Event::DataTrackPublished(track) => Event::DataTrackPublished(track),
            signal::Event::DataTrackUnpublished(track) => Event::DataTrackUnpublished(track),
            signal::Event::DataTrackSubscriberHandles(handles) => {
                Event::DataTrackSubscriberHandles(handles)
            }
            signal::Event::Skipped { field, len } => Event::Skipped { field, len },
            _ => return None,
        })
    }
}
