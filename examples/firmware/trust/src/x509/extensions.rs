//! The extensions that restrict the use of a certificate (RFC 5280, 4.2).

use super::CertError;
use super::der::{self, BIT_STRING, BOOLEAN, Elements, INTEGER, OCTET_STRING, OID, SEQUENCE};

const KEY_USAGE: &[u8] = b"\x55\x1d\x0f";
const ALTERNATIVE_NAMES: &[u8] = b"\x55\x1d\x11";
const BASIC_CONSTRAINTS: &[u8] = b"\x55\x1d\x13";
const NAME_CONSTRAINTS: &[u8] = b"\x55\x1d\x1e";
const EXTENDED_KEY_USAGE: &[u8] = b"\x55\x1d\x25";
const KNOWN: [&[u8]; 4] = [ALTERNATIVE_NAMES, BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE];

const DIGITAL_SIGNATURE: u8 = 0x80;
const KEY_CERT_SIGN: u8 = 0x04;
const SERVER_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x01";

const TRUE: &[u8] = &[0xff];
const FALSE: &[u8] = &[0];

/// The permitted uses of a certificate.
#[derive(Clone, Copy)]
pub struct Extensions<'a> {
    /// The content of `subjectAltName`.
    pub names: &'a [u8],
    /// The path length if it is an authority's: how many authorities may be between it and a server.
    pub authority: Option<u8>,
    /// Its key may sign handshakes.
    pub may_sign: bool,
    /// Its key may sign certificates.
    pub may_certify: bool,
    /// It may be a server's, or issue server certificates.
    pub may_serve: bool,
}

/// An absent extension restricts nothing.
impl Default for Extensions<'_> {
    fn default() -> Self {
        Self { names: &[], authority: None, may_sign: true, may_certify: true, may_serve: true }
    }
}

impl<'a> Extensions<'a> {
    pub fn read(content: &'a [u8]) -> Result<Self, CertError> {
        let mut values = [None; KNOWN.len()];
        let mut list = Elements(der::only(content, SEQUENCE)?);
        while !list.is_empty() {
            let mut extension = Elements(list.next(SEQUENCE)?.content);
            let id = extension.next(OID)?.content;
            let is_critical = boolean(&mut extension)?;
            let value = extension.next(OCTET_STRING)?.content;
            extension.end()?;
            let known = KNOWN.iter().zip(&mut values).find(|(known, _)| **known == id);
            let is_rejected = match known {
                // A duplicate would be ambiguous.
                Some((_, slot)) => slot.replace(value).is_some(),
                None => is_critical || id == NAME_CONSTRAINTS,
            };
            if is_rejected {
                return Err(CertError::Unreadable);
            }
        }
        let [names, authority, usage, purposes] = values;
        let usage = usage.map_or(Ok(u8::MAX), key_usage)?;
        Ok(Self {
            names: names.map_or(Ok(&[][..]), |it| der::only(it, SEQUENCE))?,
            authority: authority.map_or(Ok(None), path_length)?,
            may_sign: usage & DIGITAL_SIGNATURE != 0,
            may_certify: usage & KEY_CERT_SIGN != 0,
            may_serve: purposes.map_or(Ok(true), serves)?,
        })
    }
}

fn path_length(value: &[u8]) -> Result<Option<u8>, CertError> {
    let mut value = Elements(der::only(value, SEQUENCE)?);
    let is_authority = boolean(&mut value)?;
    let length = match value.optional(INTEGER)? {
        None => u8::MAX,
        Some(&[length @ ..0x80]) => length,
        Some(_) => return Err(CertError::Unreadable),
    };
    value.end()?;
    Ok(is_authority.then_some(length))
}

/// Returns the first eight bits.
fn key_usage(value: &[u8]) -> Result<u8, CertError> {
    match der::only(value, BIT_STRING)? {
        [..8, bits, ..] => Ok(*bits),
        _ => Err(CertError::Unreadable),
    }
}

fn serves(value: &[u8]) -> Result<bool, CertError> {
    let mut list = Elements(der::only(value, SEQUENCE)?);
    let mut serves = false;
    while !list.is_empty() {
        serves |= list.next(OID)?.content == SERVER_AUTH;
    }
    Ok(serves)
}

/// `BOOLEAN DEFAULT FALSE`
fn boolean(elements: &mut Elements<'_>) -> Result<bool, CertError> {
    match elements.optional(BOOLEAN)? {
        None | Some(FALSE) => Ok(false),
        Some(TRUE) => Ok(true),
        Some(_) => Err(CertError::Unreadable),
    }
}
