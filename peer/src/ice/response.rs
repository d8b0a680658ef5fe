//! Answers to checks.

use core::net::SocketAddr;

use super::address::Address;
use super::clock::Moment;
use super::remotes::{Remote, State};
use super::{Agent, Event, Phase, Role};
use crate::Crypto;
use crate::stun::Message;

impl<const REMOTES: usize> Agent<REMOTES> {
    pub(super) fn on_success<C: Crypto>(
        &mut self,
        crypto: &mut C,
        from: SocketAddr,
        message: &Message<'_>,
        now: Moment,
    ) -> Option<Event> {
        let from = Address::from(from);
        let is_consent = self.is_consent(from, message.id());
        let is_check = |it: &Remote| it.state == State::InProgress && it.id == *message.id();
        // RFC 8489, 6.3.3: "If the success response contains unknown comprehension-required attributes, the
        // response is discarded and the transaction is considered to have failed."
        if !is_consent && self.remotes.find(is_check).is_none()
            || !message.is_authentic(crypto, self.remote.pwd().as_bytes())
            || message.unknown().next().is_some()
        {
            return None;
        }
        if is_consent {
            self.consent.renew(now);
            self.settle();
            return None;
        }
        let remote = self.remotes.find(is_check)?;
        // RFC 8445, 7.2.5.2.1: "If the addresses are not symmetric, the agent MUST set the candidate pair
        // state to Failed."
        if remote.address != from {
            remote.state = State::Failed;
            return None;
        }
        remote.state = State::Succeeded;
        let remote = *remote;
        let is_nominated = self.role == Role::Controlling || remote.is_nominated;
        if is_nominated { self.select(crypto, &remote, now) } else { None }
    }

    pub(super) fn on_error<C: Crypto>(
        &mut self,
        crypto: &mut C,
        from: SocketAddr,
        message: &Message<'_>,
    ) {
        let from = Address::from(from);
        let is_consent = self.is_consent(from, message.id());
        let is_check = |it: &Remote| {
            it.state == State::InProgress && it.id == *message.id() && it.address == from
        };
        if !is_consent && self.remotes.find(is_check).is_none()
            || !message.is_authentic(crypto, self.remote.pwd().as_bytes())
        {
            return;
        }
        // RFC 8445, 7.2.5.1: "If the agent included an ICE-CONTROLLING attribute in the request, the agent
        // MUST switch to the controlled role. [...] The agent MUST change the tiebreaker value." Any other
        // error is as good as no answer: the check is repeated until it times out.
        if message.error_code() == Some(487) {
            let role = match self.role {
                Role::Controlling => Role::Controlled,
                Role::Controlled => Role::Controlling,
            };
            self.change_tiebreaker(crypto);
            self.switch(role);
        }
    }

    /// Sends data to a candidate from now on, unless another is better.
    pub(super) fn select<C: Crypto>(
        &mut self,
        crypto: &mut C,
        remote: &Remote,
        now: Moment,
    ) -> Option<Event> {
        let to = remote.address.get()?;
        let event = match self.phase {
            Phase::Connected if remote.address == self.selected => None,
            // RFC 8445, 8.1.1: "If more than one candidate pair is nominated by the controlling agent, [...]
            // the agents MUST produce the selected pairs and use the pairs with the highest priority."
            Phase::Connected
                if !self.consent.is_silent() && remote.priority < self.selected_priority =>
            {
                return None;
            }
            Phase::Connected => Some(Event::Moved { to }),
            _ => Some(Event::Connected { to }),
        };
        self.phase = Phase::Connected;
        self.selected = remote.address;
        self.selected_priority = remote.priority;
        self.consent.renew(now);
        self.consent.schedule(crypto, self.timing.consent_ms, now);
        self.settle();
        event
    }

    /// Returns `true` for the answer to a check of the selected candidate.
    fn is_consent(&self, from: Address, id: &[u8; 12]) -> bool {
        self.phase == Phase::Connected && self.selected == from && self.consent.is_open(id)
    }
}
