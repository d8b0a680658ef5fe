//! Writing a description.

use core::fmt;

use super::Setup;
use super::text::Text;
use crate::ice::Credentials;

/// What this peer says of itself.
#[derive(Debug, Clone)]
pub struct Local<'a> {
    /// A random number, less than 2^63, that stays the same in all descriptions of a session.
    pub session_id: u64,
    /// Which description of the session it is: larger by one in each that differs from the one before.
    pub version: u32,
    /// The credentials of ICE.
    pub credentials: &'a Credentials,
    /// The SHA-256 of the certificate.
    pub fingerprint: &'a [u8; 32],
    /// Who opens DTLS. This crate has a client: [`Setup::Active`], or [`Setup::ActPass`] for an offer to a peer
    /// that is known to answer `passive`.
    pub setup: Setup,
    /// The name of the section. An answer has the offer's.
    pub mid: &'a str,
    /// SCTP's port, by convention 5000.
    pub sctp_port: u16,
    /// The largest message that this peer takes, in bytes; 0 says that there is no limit.
    pub max_message_size: u32,
    /// Lines of [`write_candidate`](super::write_candidate). There may be none: they can be signalled later,
    /// and a peer with a public address learns this peer's from its checks.
    pub candidates: &'a [&'a str],
}

impl<'a> Local<'a> {
    /// A first offer by a DTLS client, with the section 0, port 5000, and no candidates.
    pub const fn new(
        session_id: u64,
        credentials: &'a Credentials,
        fingerprint: &'a [u8; 32],
        max_message_size: u32,
    ) -> Self {
        Self {
            session_id,
            version: 1,
            credentials,
            fingerprint,
            setup: Setup::Active,
            mid: "0",
            sctp_port: 5000,
            max_message_size,
            candidates: &[],
        }
    }

    /// Writes the description, an offer or an answer. Without candidates 500 bytes are enough, if credentials
    /// are generated and `mid` is short.
    ///
    /// # Errors
    /// [`BufferTooSmall`] says how many bytes it takes.
    #[inline(never)]
    pub fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b str, BufferTooSmall> {
        let mut text = Text::new(buf);
        // RFC 8829, 5.2.1: "The value of the <username> field SHOULD be "-". [...] the value of the <nettype>
        // <addrtype> <unicast-address> tuple SHOULD be set to a non-meaningful address, such as IN IP4
        // 0.0.0.0".
        text.put("v=0\r\no=- ");
        text.number(self.session_id & (u64::MAX >> 1));
        text.put(" ");
        text.number(self.version.into());
        text.put(" IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE ");
        text.put(self.mid);
        // RFC 8829, 5.2.1: port 9 and address 0.0.0.0 stand for candidates that are signalled later. Peers with
        // ICE look at neither.
        text.put("\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n");
        for line in self.candidates {
            text.put("a=");
            text.put(line);
            text.put("\r\n");
        }
        text.put("a=ice-ufrag:");
        text.put(self.credentials.ufrag());
        text.put("\r\na=ice-pwd:");
        text.put(self.credentials.pwd());
        // Without "ice2" (RFC 8445, 10), which would say that this peer nominates only once.
        text.put("\r\na=ice-options:trickle\r\na=fingerprint:sha-256 ");
        for (index, byte) in self.fingerprint.iter().enumerate() {
            text.put(if index > 0 { ":" } else { "" });
            text.hex(*byte);
        }
        text.put("\r\na=setup:");
        text.put(self.setup.name());
        text.put("\r\na=mid:");
        text.put(self.mid);
        text.put("\r\na=sctp-port:");
        text.number(self.sctp_port.into());
        text.put("\r\na=max-message-size:");
        text.number(self.max_message_size.into());
        text.put("\r\n");
        text.finish()
    }
}

impl Setup {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::ActPass => "actpass",
        }
    }
}

/// A buffer is too small for a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BufferTooSmall {
    /// Bytes of the text.
    pub needed: usize,
    /// Bytes of the buffer.
    pub available: usize,
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the text needs {} bytes, the buffer has {}", self.needed, self.available)
    }
}

impl core::error::Error for BufferTooSmall {}
