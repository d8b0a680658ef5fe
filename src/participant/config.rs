//! What a participant is made with.

use core::net::IpAddr;

use livekit_micro_peer::Crypto;
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::ice::{Candidate, Transport};
use livekit_micro_peer::sdp::{self, Skipped};

use crate::signal::{JoinOptions, ServerUrl};

/// The memory of a participant.
pub struct Memory<'a> {
    /// Of the peer connection.
    pub peer: livekit_micro_peer::Memory<'a>,
    /// Holds a field of a message that the server signals: 1 KB.
    pub signal: &'a mut [u8],
    /// Holds the newest token: 1 KB.
    pub token: &'a mut [u8],
    /// Holds a frame that is made, and the offer: as long as the longest packet that is sent, and 1 KB at least.
    pub frame: &'a mut [u8],
    /// Holds a request to the server until it is sent: attributes, data tracks. Empty for a device that makes none.
    pub request: &'a mut [u8],
}

/// Which room is joined, and how.
pub struct JoinConfig<'a, C: Crypto> {
    /// Where the server is.
    pub url: ServerUrl<'a>,
    /// The certificate of the device, and its key.
    pub identity: Identity<'a, C>,
    /// What the device says of itself. `client_protocol` and `reads_deflate` are set from its session.
    pub options: JoinOptions<'a>,
    /// How often a connection is made again before it is given up: SDKs' 10 by default. [`u16::MAX`] for ever.
    pub attempts: u16,
    /// The longest packet that is taken, in bytes; 0 for what fits
    /// [`receive`](livekit_micro_peer::Memory::receive). The server sends no longer ones. Of those that do not fit, chunks
    /// of streams are read in parts (SDKs make chunks of 15 000 bytes: 16 KB are enough), and others come to nothing.
    pub longest_packet: usize,
    /// Datagrams go to this address, whatever address the server's candidates have: for a server behind a forwarded port.
    pub server_ip: Option<IpAddr>,
    /// Opens a data channel for data tracks, in both directions.
    pub data_tracks: bool,
    /// The candidates that the socket can send to.
    pub transport: Transport,
    /// Reads a candidate: [`sdp::candidate_v4`] by default, [`sdp::candidate`] with IPv6.
    pub candidate: fn(&str) -> Result<Candidate, Skipped<'_>>,
}

impl<'a, C: Crypto> JoinConfig<'a, C> {
    /// Joins by UDP and IPv4.
    pub fn new(url: ServerUrl<'a>, identity: Identity<'a, C>) -> Self {
        Self {
            url,
            identity,
            options: JoinOptions::default(),
            attempts: 10,
            longest_packet: 0,
            server_ip: None,
            data_tracks: false,
            transport: Transport::Udp,
            candidate: sdp::candidate_v4,
        }
    }

    /// Where a line of the server's leads to; `None` if the socket cannot send there.
    pub(super) fn reachable(&self, line: &str) -> Option<Candidate> {
        let mut candidate = (self.candidate)(line).ok()?;
        if let Some(ip) = self.server_ip {
            candidate.address.set_ip(ip);
        }
        (candidate.transport == self.transport).then_some(candidate)
    }

    pub(super) fn identity(&self) -> Identity<'a, C> {
        Identity { certificate: self.identity.certificate, key: self.identity.key }
    }
}
