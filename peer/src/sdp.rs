//! SDP (RFC 8866) of a peer that has data channels and nothing else (RFC 8829, 8841).
//!
//! - [`Local::write`] makes an offer, or an answer.
//! - [`Description::read`] reads the other's, whatever else it offers.
//! - [`candidate`] reads a candidate line, of a description or one that arrived by itself;
//!   [`write_candidate`] makes one.

mod address;
mod candidate;
mod description;
mod lines;
mod local;
mod text;

pub use candidate::{Skipped, candidate, candidate_v4, write_candidate};
pub use description::{Candidates, Description, ReadError};
pub use local::{BufferTooSmall, Local};

/// Who opens the DTLS connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Setup {
    /// The side that says so: it is the DTLS client.
    Active,
    /// The other side.
    Passive,
    /// The side that answers chooses.
    ActPass,
}
