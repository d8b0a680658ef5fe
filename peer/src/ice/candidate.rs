//! Candidates.

use core::fmt;
use core::net::SocketAddr;

/// An address at which a peer may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Candidate {
    /// Where.
    pub address: SocketAddr,
    /// Over what.
    pub transport: Transport,
    /// How it was found.
    pub kind: Kind,
    /// Candidates with a higher number are tried first.
    pub priority: u32,
}

/// What a candidate is reached over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Transport {
    /// UDP.
    Udp,
    /// TCP; the peer waits for a connection (RFC 6544: `passive`).
    Tcp,
}

/// How a candidate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Kind {
    /// An address of the agent's own.
    Host,
    /// What another agent saw.
    PeerReflexive,
    /// What a STUN server saw.
    ServerReflexive,
    /// An address of a TURN server.
    Relayed,
}

/// A candidate that an agent does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CandidateError {
    /// The agent has as many as it can hold, and all of them have higher priorities or were reached.
    Full {
        /// `REMOTES` of the agent.
        capacity: usize,
    },
    /// The port is 0, or the address is that of no interface or of many.
    Address(SocketAddr),
}

impl Candidate {
    /// A host candidate that is reached over UDP, as RFC 8445 recommends for an agent with one address.
    pub const fn host(address: SocketAddr) -> Self {
        let kind = Kind::Host;
        Self { address, transport: Transport::Udp, kind, priority: kind.priority(u16::MAX) }
    }
}

impl Kind {
    /// The priority of a candidate of this kind. The local preference tells those of one kind apart: the
    /// higher the better, 65 535 for an only one.
    pub const fn priority(self, local_preference: u16) -> u32 {
        // RFC 8445, 5.1.2.1: "priority = (2^24)*(type preference) + (2^8)*(local preference) +
        // (2^0)*(256 - component ID)". 5.1.2.2: "The RECOMMENDED values for type preferences are 126 for
        // host candidates, 110 for peer-reflexive candidates, 100 for server-reflexive candidates, and 0
        // for relayed candidates." The component is 1.
        let preference = match self {
            Self::Host => 126,
            Self::PeerReflexive => 110,
            Self::ServerReflexive => 100,
            Self::Relayed => 0,
        };
        let [high, low] = local_preference.to_be_bytes();
        u32::from_be_bytes([preference, high, low, 255])
    }
}

impl fmt::Display for CandidateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { capacity } => {
                write!(f, "the agent has {capacity} remote candidates, and none that is worth less")
            }
            Self::Address(address) => write!(f, "{address} is not the address of a peer"),
        }
    }
}

impl core::error::Error for CandidateError {}
