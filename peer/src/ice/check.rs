//! Checks of the peer: requests.

use core::net::SocketAddr;

use super::clock::Moment;
use super::remotes::State;
use super::{Agent, Kind, Phase, Role};
use crate::Crypto;
use crate::stun::{Class, Writer, attribute};

impl<const REMOTES: usize> Agent<REMOTES> {
    /// Checks the candidate that is next, if any is.
    pub(super) fn check_remote<C: Crypto>(
        &mut self,
        crypto: &mut C,
        now: Moment,
        out: &mut [u8],
    ) -> Option<(SocketAddr, usize)> {
        let remote = self.remotes.next(now, self.phase == Phase::Connected)?;
        if remote.state == State::Waiting {
            crypto.random(&mut remote.id);
            remote.sent = 0;
        }
        remote.sent(now);
        let (to, id) = (remote.address.get()?, remote.id);
        self.pace = now.after(TA_MS);
        self.write_check(crypto, to, &id, out)
    }

    /// Asks the selected candidate whether it still agrees to be sent to. If it has not answered the last
    /// time, it and all others are checked as in the beginning, with retransmissions: a request or an answer
    /// may have been lost, or the peer may be reached elsewhere.
    pub(super) fn check_consent<C: Crypto>(
        &mut self,
        crypto: &mut C,
        now: Moment,
        out: &mut [u8],
    ) -> Option<(SocketAddr, usize)> {
        if self.consent.next(crypto, self.timing.consent_ms, now) {
            self.remotes.check_again();
        }
        let (to, id) = (self.selected.get()?, *self.consent.id());
        self.write_check(crypto, to, &id, out)
    }

    fn write_check<C: Crypto>(
        &mut self,
        crypto: &mut C,
        to: SocketAddr,
        id: &[u8; 12],
        out: &mut [u8],
    ) -> Option<(SocketAddr, usize)> {
        let mut writer = Writer::new(out, Class::Request, id);
        // RFC 8445, 7.2.2: "A connectivity check from L to R utilizes the username RFRAG:LFRAG and a password
        // of RPASS."
        let (theirs, ours) = (self.remote.ufrag_bytes(), self.local.ufrag_bytes());
        writer.attribute(attribute::USERNAME, &[theirs, b":", ours]);
        // RFC 8445, 7.1.1: "The PRIORITY attribute MUST be included in a Binding request and be set to the
        // value computed by the algorithm in Section 5.1.2 for the local candidate, but with the candidate
        // type preference of peer-reflexive candidates."
        let priority = Kind::PeerReflexive.priority(u16::MAX);
        writer.attribute(attribute::PRIORITY, &[&priority.to_be_bytes()]);
        let tiebreaker = self.tiebreaker.to_be_bytes();
        match self.role {
            Role::Controlling => {
                writer.attribute(attribute::ICE_CONTROLLING, &[&tiebreaker]);
                // RFC 5245, 8.1.1.2: "With aggressive nomination, the controlling agent includes the
                // USE-CANDIDATE attribute in every check it sends." RFC 8445 has dropped it, and tells how
                // peers take it (8.1.1). It saves a round trip, and in the checks of consent it makes a
                // peer follow when a NAT gives this agent another address.
                writer.attribute(attribute::USE_CANDIDATE, &[]);
            }
            Role::Controlled => writer.attribute(attribute::ICE_CONTROLLED, &[&tiebreaker]),
        }
        let len = writer.finish(crypto, self.remote.pwd_bytes())?;
        Some((to, len))
    }
}

/// RFC 8445, 14.2: "ICE agents SHOULD use a default Ta value, 50 ms".
const TA_MS: u32 = 50;
