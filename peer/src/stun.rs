//! STUN (RFC 8489), as far as ICE needs it: Binding messages with short-term credentials.
//!
//! 1. [`is_stun`] tells STUN from DTLS, which arrives at the same port.
//! 2. [`Message::read`] reads a datagram without copying it, and checks its FINGERPRINT.
//! 3. [`Message::is_authentic`] checks MESSAGE-INTEGRITY. Believe nothing in a message before.
//! 4. [`Writer`] makes a message in a buffer, and ends it with MESSAGE-INTEGRITY and FINGERPRINT.

mod address;
pub mod attribute;
mod crc;
mod message;
mod writer;

pub use message::{Attributes, Class, Message};
pub use writer::Writer;

/// Returns `true` if a datagram is STUN's, and not DTLS' or SRTP's.
pub fn is_stun(datagram: &[u8]) -> bool {
    // RFC 7983, 7: "If the value of this byte is 0..3, the packet is STUN". RFC 8489, 5: "The Magic Cookie
    // field MUST contain the fixed value 0x2112A442 in network byte order."
    datagram.first_chunk().is_some_and(|[first, _, _, _, cookie @ ..]: &[u8; 8]| {
        *first <= 3 && *cookie == MAGIC_COOKIE
    })
}

/// Bytes of a header.
const HEADER_BYTES: usize = 20;

const MAGIC_COOKIE: [u8; 4] = 0x2112_A442_u32.to_be_bytes();
