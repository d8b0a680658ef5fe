//! The State Cookie.

use super::bytes::{Reader, Writer};
use super::handshake::PeerInit;

/// What a responder remembers of an INIT, kept by the peer (RFC 9260, 5.1.3).
///
/// It has no MAC and no lifetime: nobody but the peer can return it inside DTLS, and a peer that forges one
/// harms itself. It has a secret that tells a cookie of another association.
pub(super) struct Cookie {
    pub(super) secret: u32,
    /// This end's tag and first TSN.
    pub(super) tag: u32,
    pub(super) tsn: u32,
    /// The Tie-Tags: this end's and the peer's tag when the INIT came, if there was an association.
    pub(super) ties: (u32, u32),
    pub(super) peer: PeerInit,
}

impl Cookie {
    pub(super) const LEN: usize = 36;

    pub(super) fn write(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        let mut writer = Writer::new(&mut bytes);
        writer.u32(self.secret);
        writer.u32(self.tag);
        writer.u32(self.tsn);
        writer.u32(self.ties.0);
        writer.u32(self.ties.1);
        writer.u32(self.peer.tag);
        writer.u32(self.peer.window);
        writer.u32(self.peer.tsn);
        writer.u16(self.peer.streams);
        writer.u8(self.peer.features);
        bytes
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != Self::LEN {
            return None;
        }
        let mut reader = Reader(bytes);
        Some(Self {
            secret: reader.u32()?,
            tag: reader.u32()?,
            tsn: reader.u32()?,
            ties: (reader.u32()?, reader.u32()?),
            peer: PeerInit {
                tag: reader.u32()?,
                window: reader.u32()?,
                tsn: reader.u32()?,
                streams: reader.u16()?,
                features: reader.u8()?,
            },
        })
    }
}
