//! Answers to checks.

use core::net::SocketAddr;

use super::address::Address;
use super::clock::Moment;
use super::remotes::{Remote, State};
use super::{Agent, Event, Phase, Role};
use crate::Crypto;
use crate::stun::{Class, Message};

impl<const REMOTES: usize> Agent<REMOTES> {
    pub(super) fn on_response<C: Crypto>(
        &mut self,
        crypto: &mut C,
        from: SocketAddr,
        message: &Message<'_>,
        now: Moment,
    ) -> Option<Event> {
        let from = Address::from(from);
        let is_consent = self.phase == Phase::Connected
            && self.selected == from
            && self.consent.is_open(message.id());
        // RFC 8445, 7.2.5.2.1: "the source IP address and port of the response MUST be equal to the destination
        // IP address and port to which the Binding request was sent". One from elsewhere is not an answer: the check
        // goes on until it times out, as after any failure.
        let is_check = |it: &mut Remote| it.address == from;
        if !is_consent && !self.remotes.in_progress(message.id()).is_some_and(is_check)
            || !message.is_authentic(crypto, self.remote.pwd_bytes())
        {
            return None;
        }
        // RFC 8489, 6.3.3: "If the success response contains unknown comprehension-required attributes, the
        // response is discarded and the transaction is considered to have failed." As after any error but one,
        // the check is repeated until it times out.
        if message.class() == Class::Error || message.unknown().next().is_some() {
            // RFC 8445, 7.2.5.1: "If the agent included an ICE-CONTROLLING attribute in the request, the agent
            // MUST switch to the controlled role. [...] The agent MUST change the tiebreaker value."
            if message.error_code() == Some(487) {
                self.change_tiebreaker(crypto);
                self.switch_role();
            }
            return None;
        }
        if is_consent {
            self.consent.renew(now);
            self.settle();
            return None;
        }
        let remote = self.remotes.in_progress(message.id())?;
        (remote.state, remote.due) = (State::Succeeded, now);
        let priority = remote.priority;
        if self.role == Role::Controlled && !remote.is_nominated {
            return None;
        }
        self.select(crypto, from, priority, now, now)
    }

    /// Sends data to a candidate from now on, unless another is better. It answered its check at `answered`.
    pub(super) fn select<C: Crypto>(
        &mut self,
        crypto: &mut C,
        address: Address,
        priority: u32,
        answered: Moment,
        now: Moment,
    ) -> Option<Event> {
        let to = address.get()?;
        let event = match self.phase {
            Phase::Connected if address == self.selected => None,
            // RFC 8445, 8.1.1: "If more than one candidate pair is nominated by the controlling agent, [...]
            // the agents MUST produce the selected pairs and use the pairs with the highest priority."
            Phase::Connected if !self.consent.is_silent() && priority < self.selected_priority => {
                return None;
            }
            Phase::Connected => Some(Event::Moved { to }),
            _ => Some(Event::Connected { to }),
        };
        self.phase = Phase::Connected;
        self.selected = address;
        self.selected_priority = priority;
        // RFC 7675, 5.1: the time of consent runs from the response. A nomination, which is a request, is none.
        self.consent.renew(answered);
        self.consent.schedule(crypto, self.timing.consent_ms, now);
        self.settle();
        event
    }
}
