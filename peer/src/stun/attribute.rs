//! Types of attributes.

/// The user for whose password the integrity is.
pub const USERNAME: u16 = 0x0006;
/// An HMAC-SHA1 over what precedes it.
pub const MESSAGE_INTEGRITY: u16 = 0x0008;
/// Why a request failed.
pub const ERROR_CODE: u16 = 0x0009;
/// The attributes that a server did not understand.
pub const UNKNOWN_ATTRIBUTES: u16 = 0x000A;
/// The sender of the request as the server sees it.
pub const XOR_MAPPED_ADDRESS: u16 = 0x0020;
/// The priority of a peer-reflexive candidate (RFC 8445, 16.1).
pub const PRIORITY: u16 = 0x0024;
/// The pair is nominated (RFC 8445, 16.1).
pub const USE_CANDIDATE: u16 = 0x0025;
/// A CRC-32 over what precedes it.
pub const FINGERPRINT: u16 = 0x8028;
/// The sender is the controlled agent (RFC 8445, 16.1).
pub const ICE_CONTROLLED: u16 = 0x8029;
/// The sender is the controlling agent (RFC 8445, 16.1).
pub const ICE_CONTROLLING: u16 = 0x802A;

/// Returns `true` for types that a receiver must understand, and that this crate does not.
pub(super) fn is_unknown(kind: u16) -> bool {
    // RFC 8489, 14: "Attributes with type values between 0x0000 and 0x7FFF are comprehension-required
    // attributes, which means that the STUN agent cannot successfully process the message unless it
    // understands the attribute."
    kind < 0x8000
        && !matches!(
            kind,
            MAPPED_ADDRESS
                | USERNAME
                | MESSAGE_INTEGRITY
                | ERROR_CODE
                | UNKNOWN_ATTRIBUTES
                | MESSAGE_INTEGRITY_SHA256
                | XOR_MAPPED_ADDRESS
                | PRIORITY
                | USE_CANDIDATE
        )
}

const MAPPED_ADDRESS: u16 = 0x0001;
// It stands beside MESSAGE-INTEGRITY where a sender does not know what the receiver can check.
const MESSAGE_INTEGRITY_SHA256: u16 = 0x001C;
