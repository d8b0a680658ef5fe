//! Answers that are to be sent.

use core::net::SocketAddr;

use super::Credentials;
use super::address::Address;
use crate::Crypto;
use crate::stun::{Class, Writer, attribute};

/// Two answers: a peer has one check on its way for each of its addresses, and a caller may pass on a few
/// datagrams before it polls. The newest replaces the oldest, whose request the peer repeats soonest.
pub(super) struct Answers([Answer; 2]);

#[derive(Clone, Copy)]
pub(super) struct Answer {
    to: Address,
    id: [u8; 12],
    verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Success,
    /// RFC 8445, 16.2: 487.
    RoleConflict,
    /// RFC 8489, 14.8: 420, and the first of the attributes that were not understood.
    Unknown(u16),
}

impl Answers {
    pub(super) const NONE: Self = Self([Answer::NONE; 2]);

    pub(super) fn clear(&mut self) {
        *self = Self::NONE;
    }

    pub(super) fn is_empty(&self) -> bool {
        let [first, _] = &self.0;
        first.to.is_none()
    }

    /// Adds an answer. A request that arrives twice is answered once.
    pub(super) fn push(&mut self, to: SocketAddr, id: &[u8; 12], verdict: Verdict) {
        let answer = Answer { to: to.into(), id: *id, verdict };
        let [first, second] = &mut self.0;
        if first.to.is_none() || first.is_to_same(&answer) {
            *first = answer;
            return;
        }
        if !second.to.is_none() && !second.is_to_same(&answer) {
            *first = *second;
        }
        *second = answer;
    }

    /// Takes the oldest.
    pub(super) fn take(&mut self) -> Option<Answer> {
        let [first, second] = &mut self.0;
        if first.to.is_none() {
            return None;
        }
        let answer = *first;
        *first = *second;
        second.to = Address::NONE;
        Some(answer)
    }
}

impl Answer {
    const NONE: Self = Self { to: Address::NONE, id: [0; 12], verdict: Verdict::Success };

    fn is_to_same(&self, other: &Self) -> bool {
        self.to == other.to && self.id == other.id
    }

    pub(super) fn write<C: Crypto>(
        &self,
        crypto: &mut C,
        local: &Credentials,
        out: &mut [u8],
    ) -> Option<(SocketAddr, usize)> {
        let to = self.to.get()?;
        let class = if self.verdict == Verdict::Success { Class::Success } else { Class::Error };
        let mut writer = Writer::new(out, class, &self.id);
        match self.verdict {
            // RFC 8489, 7.3.1.1: "the server adds an XOR-MAPPED-ADDRESS attribute to the response" with the
            // source of the request.
            Verdict::Success => writer.mapped_address(to),
            Verdict::RoleConflict => writer.error_code(487),
            Verdict::Unknown(kind) => {
                writer.error_code(420);
                writer.attribute(attribute::UNKNOWN_ATTRIBUTES, &[&kind.to_be_bytes()]);
            }
        }
        // RFC 8445, 7.2.2: "The responses utilize the same usernames and passwords as the requests".
        let len = writer.finish(crypto, local.pwd_bytes())?;
        Some((to, len))
    }
}
