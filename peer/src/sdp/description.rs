//! Reading a description.

use core::fmt;

use super::Setup;
use super::lines::{self, Lines, Words};
use crate::ice::{Credentials, CredentialsError};

/// What the other peer says of itself: an offer or an answer. It borrows the text.
///
/// Attributes may stand in any order, in the application section or before the first section. Other sections
/// are skipped: what only they have, in a bundle, is not found.
#[derive(Debug, Clone)]
pub struct Description<'a> {
    /// The credentials of ICE.
    pub credentials: Credentials,
    /// The SHA-256 of the certificate.
    pub fingerprint: [u8; 32],
    /// Who opens DTLS.
    pub setup: Setup,
    /// The name of the application section, which an answer repeats; empty if it has none.
    pub mid: &'a str,
    /// SCTP's port.
    pub sctp_port: u16,
    /// The largest message that the other takes, in bytes; `u32::MAX` if there is no limit, or a larger one.
    pub max_message_size: u32,
    /// The other only answers checks.
    pub is_lite: bool,
    section: &'a str,
}

/// A description that this peer cannot connect by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReadError<'a> {
    /// There is no section for data channels: the other peer, or a server, does not do them.
    NoDataChannels,
    /// The other rejects data channels: the port of their section is 0.
    Rejected,
    /// An attribute is missing.
    Missing(&'static str),
    /// An attribute has a value that means nothing.
    Invalid {
        /// The attribute.
        attribute: &'static str,
        /// Its value.
        value: &'a str,
    },
    /// The certificate has a fingerprint of this kind, and none of SHA-256.
    UnknownHash(&'a str),
    /// The credentials of ICE are longer than what an agent holds, or malformed.
    Credentials(CredentialsError),
}

impl<'a> Description<'a> {
    /// Reads a description.
    ///
    /// # Errors
    /// [`ReadError`] says what is missing or wrong.
    #[inline(never)]
    pub fn read(text: &'a str) -> Result<Self, ReadError<'a>> {
        let (session, sections) = cut_section(text);
        let section = application(sections)?;
        let find = |name| find(section, name).or_else(|| find(session, name));
        let required = |name| find(name).ok_or(ReadError::Missing(name));
        let number = |attribute, default| {
            let value = find(attribute).unwrap_or(default);
            lines::number(value).ok_or(ReadError::Invalid { attribute, value })
        };
        let (ufrag, pwd) = (required("ice-ufrag")?, required("ice-pwd")?);
        Ok(Self {
            credentials: Credentials::new(ufrag, pwd).map_err(ReadError::Credentials)?,
            fingerprint: fingerprint(section).or_else(|missing| match fingerprint(session) {
                Err(ReadError::Missing(_)) => Err(missing),
                it => it,
            })?,
            setup: match required("setup")? {
                "active" => Setup::Active,
                "passive" => Setup::Passive,
                "actpass" => Setup::ActPass,
                // RFC 8842 does not allow "holdconn" of RFC 4145.
                value => return Err(ReadError::Invalid { attribute: "setup", value }),
            },
            mid: find("mid").unwrap_or(""),
            sctp_port: match u16::try_from(number("sctp-port", "5000")?) {
                // RFC 8841, 5.2: port 0 would say that the association is to be closed.
                Err(_) | Ok(0) => {
                    let value = required("sctp-port")?;
                    return Err(ReadError::Invalid { attribute: "sctp-port", value });
                }
                Ok(port) => port,
            },
            // RFC 8841, 6.1: "If the SDP "max-message-size" attribute is not present, the default value is 64K."
            max_message_size: match number("max-message-size", "65536")? {
                // RFC 8841, 6.1: "A value of zero indicates that the SCTP endpoint will handle messages of any
                // size, subject to memory capacity, etc."
                0 => u32::MAX,
                size => size,
            },
            is_lite: has(session, "a=ice-lite"),
            section,
        })
    }

    /// The candidate lines of the application section, for [`candidate`](super::candidate).
    pub fn candidates(&self) -> Candidates<'a> {
        Candidates(Lines(self.section))
    }
}

/// The candidate lines of a description.
#[derive(Debug, Clone)]
pub struct Candidates<'a>(Lines<'a>);

impl<'a> Iterator for Candidates<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.0.find(|line| line.starts_with("a=candidate:"))
    }
}

/// The first section, which may be that before all `m=` lines, and what follows it.
fn cut_section(text: &str) -> (&str, &str) {
    let next = text.as_bytes().windows(3).position(|bytes| bytes == b"\nm=");
    let end = next.map_or(text.len(), |at| at.saturating_add(1));
    (text.get(..end).unwrap_or(""), text.get(end..).unwrap_or(""))
}

/// The section for data channels.
fn application(mut sections: &str) -> Result<&str, ReadError<'_>> {
    let mut is_rejected = false;
    while !sections.is_empty() {
        let (section, rest) = cut_section(sections);
        sections = rest;
        let mut words = Words(Lines(section).next().unwrap_or(""));
        let (media, port, protocol) = (words.next(), words.next(), words.next());
        // RFC 8841, 4.3: "UDP/DTLS/SCTP" and "TCP/DTLS/SCTP", with the format "webrtc-datachannel" (RFC 8864).
        if media != Some("m=application")
            || !matches!(protocol, Some("UDP/DTLS/SCTP" | "TCP/DTLS/SCTP"))
            || words.next() != Some("webrtc-datachannel")
        {
            continue;
        }
        // RFC 9143, 6: a port of 0 says in an offer with "bundle-only" that the section has no address of its
        // own. In all other cases it rejects the section (RFC 3264, 6).
        if port != Some("0") || has(section, "a=bundle-only") {
            return Ok(section);
        }
        is_rejected = true;
    }
    Err(if is_rejected { ReadError::Rejected } else { ReadError::NoDataChannels })
}

/// The value of the first attribute of a name.
#[inline(never)]
fn find<'a>(section: &'a str, name: &str) -> Option<&'a str> {
    Lines(section).find_map(|line| line.strip_prefix("a=")?.strip_prefix(name)?.strip_prefix(':'))
}

#[inline(never)]
fn has(section: &str, line: &str) -> bool {
    Lines(section).any(|it| it == line)
}

/// The fingerprint of SHA-256, if a section has any.
fn fingerprint(section: &str) -> Result<[u8; 32], ReadError<'_>> {
    let mut found = Err(ReadError::Missing("fingerprint"));
    for value in Lines(section).filter_map(|line| line.strip_prefix("a=fingerprint:")) {
        // RFC 8122, 5: names of hashes are compared without regard to case. "An endpoint MAY [...] use multiple
        // hash functions", one a line.
        let (hash, digits) = lines::cut(value, b' ');
        if hash.eq_ignore_ascii_case("sha-256") {
            let bytes = read_bytes(digits);
            return bytes.ok_or(ReadError::Invalid { attribute: "fingerprint", value });
        }
        found = Err(ReadError::UnknownHash(hash));
    }
    found
}

/// 32 bytes, two hexadecimal digits each, with colons between them.
fn read_bytes(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let mut pairs = text.as_bytes().split(|byte| *byte == b':');
    for byte in &mut bytes {
        let digits = pairs.next().filter(|digits| digits.len() == 2)?;
        *byte = u8::try_from(lines::hex(digits)?).ok()?;
    }
    pairs.next().is_none().then_some(bytes)
}

impl fmt::Display for ReadError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDataChannels => f.write_str("the description has no section for data channels"),
            Self::Rejected => f.write_str("the other peer rejects data channels"),
            Self::Missing(attribute) => write!(f, "the description has no attribute {attribute}"),
            Self::Invalid { attribute, value } => {
                write!(f, "the attribute {attribute} of the description is {value:?}")
            }
            Self::UnknownHash(hash) => {
                write!(f, "the fingerprint is one of {hash:?}; only sha-256 is allowed")
            }
            Self::Credentials(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ReadError<'_> {}
