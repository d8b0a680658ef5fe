//! ICE (RFC 8445): which address the peer is reached at, and that it goes on agreeing to be sent to (RFC 7675).
//!
//! An [`Agent`] has one socket and does all by itself:
//!
//! 1. [`Agent::start`] with the credentials of both sides, then [`Agent::add_remote`] for each candidate, as
//!    they arrive. A peer that checks first needs none: its address is learned.
//! 2. [`Agent::input`] takes each datagram that [`stun::is_stun`](crate::stun::is_stun) says is STUN's.
//! 3. [`Agent::expired`], then [`Agent::poll`] until it returns `None`: what to send where.
//! 4. [`Agent::poll_in`] says how long to sleep if nothing arrives.
//! 5. Data goes to [`Agent::selected`]. It may arrive from anywhere; what is not protected yet is believed only of an
//!    address that the agent [knows](Agent::knows).
//!
//! It is a full agent for peers that are full or lite, with one component and one host candidate: its base is
//! the caller's socket. It never needs to know its own address; an offer without a candidate is enough for a
//! peer that can be reached. As the controlling agent it nominates in each check (RFC 5245's aggressive
//! nomination), so the first answer connects, and a better candidate that answers later replaces it.

mod address;
mod answers;
mod candidate;
mod check;
mod clock;
mod consent;
mod credentials;
mod event;
mod remotes;
mod request;
mod response;
mod settings;
pub mod tcp;

use core::net::SocketAddr;

pub use candidate::{Candidate, CandidateError, Kind, Transport};
pub use credentials::{Credentials, CredentialsError};
pub use event::Event;
pub use settings::{Role, Timing};

use crate::Crypto;
use crate::stun::{Class, Message};
use address::Address;
use answers::Answers;
use clock::Moment;
use consent::Consent;
use remotes::Remotes;

/// An agent with one socket that holds up to `REMOTES` addresses of its peer: those that were added, and those
/// that were learned. 4 are enough for a server.
///
/// All zero at the start, so a `static` takes no flash.
pub struct Agent<const REMOTES: usize> {
    phase: Phase,
    role: Role,
    /// RFC 8445, 16.1: "The number is used for solving role conflicts".
    tiebreaker: u64,
    local: Credentials,
    remote: Credentials,
    remotes: Remotes<REMOTES>,
    answers: Answers,
    consent: Consent,
    /// Where data goes, and the priority of that candidate.
    selected: Address,
    selected_priority: u32,
    /// When the next check of a candidate may be sent.
    pace: Moment,
    /// When an agent that is not connected has failed.
    deadline: Moment,
    timing: Timing,
}

impl<const REMOTES: usize> Default for Agent<REMOTES> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const REMOTES: usize> Agent<REMOTES> {
    /// An agent that waits for its start.
    pub const fn new() -> Self {
        const { assert!(REMOTES >= 1, "an agent needs at least one remote candidate") };
        Self {
            phase: Phase::Idle,
            role: Role::Controlling,
            tiebreaker: 0,
            local: Credentials::NONE,
            remote: Credentials::NONE,
            remotes: Remotes::NONE,
            answers: Answers::NONE,
            consent: Consent::NONE,
            selected: Address::NONE,
            selected_priority: 0,
            pace: Moment::ZERO,
            deadline: Moment::ZERO,
            timing: Timing { consent_ms: 0, fail_ms: 0 },
        }
    }

    /// Begins a session. What was before is forgotten.
    pub fn start<C: Crypto>(
        &mut self,
        crypto: &mut C,
        role: Role,
        local: &Credentials,
        remote: &Credentials,
        timing: Timing,
        now_ms: u64,
    ) {
        self.role = role;
        // Moments wrap: those that are further off would seem to be past.
        let fail_ms = timing.fail_ms.min(u32::MAX / 4);
        self.timing = Timing { consent_ms: timing.consent_ms.clamp(500, 15_000), fail_ms };
        self.selected = Address::NONE;
        self.restart(crypto, local, remote, now_ms);
    }

    /// Begins again, after a start, with the credentials of another offer and answer. Until the peer is reached with them, data
    /// goes where it went before, as long as the peer agreed to it.
    #[inline(never)]
    pub fn restart<C: Crypto>(
        &mut self,
        crypto: &mut C,
        local: &Credentials,
        remote: &Credentials,
        now_ms: u64,
    ) {
        let now = Moment::new(now_ms);
        self.local.clone_from(local);
        self.remote.clone_from(remote);
        self.change_tiebreaker(crypto);
        self.remotes.clear();
        self.answers.clear();
        self.phase = Phase::Checking;
        self.pace = now;
        self.deadline = now.after(self.timing.fail_ms);
    }

    /// Adds a candidate of the peer's; one that is there already gets its priority. If the agent is full, the
    /// worst candidate that was not reached makes way for a better one.
    ///
    /// An agent knows addresses, not transports: add the candidates that the socket can send to.
    ///
    /// # Errors
    /// [`CandidateError`]; nothing has changed then.
    pub fn add_remote(&mut self, candidate: &Candidate) -> Result<(), CandidateError> {
        if matches!(self.phase, Phase::Idle | Phase::Over) {
            return Err(CandidateError::NotRunning);
        }
        let address = candidate.address;
        if address.port() == 0 || address.ip().is_unspecified() || address.ip().is_multicast() {
            return Err(CandidateError::Address(address));
        }
        let priority = candidate.priority;
        let remote = self.remotes.add(address.into(), priority, priority);
        remote.ok_or(CandidateError::Full { capacity: REMOTES })?.priority = priority;
        self.settle();
        Ok(())
    }

    /// Takes a datagram of STUN's. What is not authentic, not for this session or not well-formed changes
    /// nothing, and is not answered.
    #[inline(never)]
    pub fn input<C: Crypto>(
        &mut self,
        crypto: &mut C,
        from: SocketAddr,
        datagram: &[u8],
        now_ms: u64,
    ) -> Option<Event> {
        let now = Moment::new(now_ms);
        if !self.is_running(now) {
            return None;
        }
        let message = Message::read(datagram)?;
        match message.class() {
            Class::Request => self.on_request(crypto, from, &message, now),
            Class::Success | Class::Error => self.on_response(crypto, from, &message, now),
            // RFC 8445, 11: a keepalive. It needs no answer.
            Class::Indication => None,
        }
    }

    /// Says, once, that the time is over in which the peer had to answer.
    pub fn expired(&mut self, now_ms: u64) -> Option<Event> {
        let now = Moment::new(now_ms);
        if !self.selected.is_none() && self.consent.until_end(now) == 0 {
            self.selected = Address::NONE;
        }
        match self.phase {
            Phase::Connected if self.selected.is_none() => {
                self.phase = Phase::Over;
                Some(Event::Disconnected)
            }
            Phase::Checking if self.deadline.is_due(now) => {
                self.phase = Phase::Over;
                self.selected = Address::NONE;
                Some(Event::Failed)
            }
            _ => None,
        }
    }

    /// Writes at most one datagram into `out`, which has [`MAX_BYTES`], and says where it goes and how long it
    /// is. Answers go first.
    #[inline(never)]
    pub fn poll<C: Crypto>(
        &mut self,
        crypto: &mut C,
        now_ms: u64,
        out: &mut [u8],
    ) -> Option<(SocketAddr, usize)> {
        let now = Moment::new(now_ms);
        if !self.is_running(now) {
            return None;
        }
        if let Some(answer) = self.answers.take() {
            return answer.write(crypto, &self.local, out);
        }
        if self.phase == Phase::Connected && self.consent.until_check(now) == 0 {
            return self.check_consent(crypto, now, out);
        }
        if self.pace.is_due(now) { self.check_remote(crypto, now, out) } else { None }
    }

    /// In how many milliseconds [`Agent::expired`] or [`Agent::poll`] have something to do; `None` before a
    /// start and after [`Event::Failed`] or [`Event::Disconnected`].
    pub fn poll_in(&self, now_ms: u64) -> Option<u32> {
        if matches!(self.phase, Phase::Idle | Phase::Over) {
            return None;
        }
        let now = Moment::new(now_ms);
        if !self.answers.is_empty() {
            return Some(0);
        }
        let mut next = match self.phase {
            Phase::Connected => self.consent.until_check(now),
            _ => self.deadline.until(now),
        };
        if !self.selected.is_none() {
            next = next.min(self.consent.until_end(now));
        }
        let check = self.remotes.until(now).map(|ms| ms.max(self.pace.until(now)));
        Some(check.map_or(next, |ms| ms.min(next)))
    }

    /// Where data goes; `None` until the peer is reached, and after [`Event::Failed`] or
    /// [`Event::Disconnected`].
    pub fn selected(&self) -> Option<SocketAddr> {
        self.selected.get()
    }

    /// Whether the peer was reached with the last credentials, and still answers.
    pub fn is_connected(&self) -> bool {
        self.phase == Phase::Connected
    }

    /// Whether this is an address of the peer's: one that was added or learned, or the selected one.
    pub fn knows(&self, address: SocketAddr) -> bool {
        let address = Address::from(address);
        self.selected == address || self.remotes.has(address)
    }

    /// Who nominates now. A conflict of roles may have changed it.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Leaves alone what cannot be better than the selected candidate, as long as that answers.
    fn settle(&mut self) {
        if self.phase == Phase::Connected && !self.consent.is_silent() {
            self.remotes.settle(self.selected, self.selected_priority);
        }
    }

    /// Returns `true` if anything may be sent and believed.
    fn is_running(&self, now: Moment) -> bool {
        match self.phase {
            Phase::Idle | Phase::Over => false,
            Phase::Checking => !self.deadline.is_due(now),
            // RFC 7675, 5.1: "Consent expires after 30 seconds. That is, if a valid STUN binding response has
            // not been received from the remote peer's transport address in 30 seconds, the endpoint MUST cease
            // transmission on that 5-tuple. STUN consent responses received after consent expiry do not
            // re-establish consent".
            Phase::Connected => self.consent.until_end(now) > 0,
        }
    }

    fn change_tiebreaker<C: Crypto>(&mut self, crypto: &mut C) {
        let mut bytes = [0; 8];
        crypto.random(&mut bytes);
        self.tiebreaker = u64::from_be_bytes(bytes);
    }
}

/// The longest datagram of an agent's, in bytes.
pub const MAX_BYTES: usize = 148;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Not started.
    Idle,
    /// Looks for an address at which the peer answers.
    Checking,
    /// Data can be sent.
    Connected,
    /// The peer was not reached, or has stopped answering.
    Over,
}
