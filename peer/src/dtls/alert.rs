//! Alerts (RFC 5246, 7.2).

use core::fmt;

/// What one end says of an error, or that it closes the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Alert {
    /// 1: warning; 2: fatal.
    pub level: u8,
    /// The reason, by IANA's registry of TLS alerts.
    pub description: u8,
}

impl Alert {
    pub(super) fn is_fatal(self) -> bool {
        self.level == 2
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.description {
            CLOSE_NOTIFY => "close_notify",
            UNEXPECTED_MESSAGE => "unexpected_message",
            20 => "bad_record_mac",
            HANDSHAKE_FAILURE => "handshake_failure",
            BAD_CERTIFICATE => "bad_certificate",
            UNSUPPORTED_CERTIFICATE => "unsupported_certificate",
            46 => "certificate_unknown",
            ILLEGAL_PARAMETER => "illegal_parameter",
            48 => "unknown_ca",
            49 => "access_denied",
            DECODE_ERROR => "decode_error",
            DECRYPT_ERROR => "decrypt_error",
            PROTOCOL_VERSION => "protocol_version",
            71 => "insufficient_security",
            INTERNAL_ERROR => "internal_error",
            NO_RENEGOTIATION => "no_renegotiation",
            UNSUPPORTED_EXTENSION => "unsupported_extension",
            _ => "alert",
        };
        let level = if self.is_fatal() { "fatal" } else { "warning" };
        write!(f, "{name} ({}, {level})", self.description)
    }
}

pub(super) const CLOSE_NOTIFY: u8 = 0;
pub(super) const UNEXPECTED_MESSAGE: u8 = 10;
pub(super) const HANDSHAKE_FAILURE: u8 = 40;
pub(super) const BAD_CERTIFICATE: u8 = 42;
pub(super) const UNSUPPORTED_CERTIFICATE: u8 = 43;
pub(super) const ILLEGAL_PARAMETER: u8 = 47;
pub(super) const DECODE_ERROR: u8 = 50;
pub(super) const DECRYPT_ERROR: u8 = 51;
pub(super) const PROTOCOL_VERSION: u8 = 70;
pub(super) const INTERNAL_ERROR: u8 = 80;
pub(super) const NO_RENEGOTIATION: u8 = 100;
pub(super) const UNSUPPORTED_EXTENSION: u8 = 110;
