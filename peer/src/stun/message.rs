//! Reading messages.

use core::net::SocketAddr;

use subtle::ConstantTimeEq;

use super::{HEADER_BYTES, address, attribute, crc};
use crate::Crypto;

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Class {
    /// A request, which is answered.
    Request,
    /// An indication, which is not.
    Indication,
    /// The answer to a request that was accepted.
    Success,
    /// The answer to a request that was not.
    Error,
}

/// A Binding message that is well-formed: it ends where its length says, and so does its last attribute, and
/// if it has a FINGERPRINT, that is right. It borrows the datagram.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    header: &'a [u8; HEADER_BYTES],
    body: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a datagram; `None` if it is not a well-formed Binding message.
    pub fn read(datagram: &'a [u8]) -> Option<Self> {
        if !super::is_stun(datagram) {
            return None;
        }
        let (header, body) = datagram.split_first_chunk::<HEADER_BYTES>()?;
        let [kind_high, kind_low, len_high, len_low, ..] = *header;
        let kind = u16::from_be_bytes([kind_high, kind_low]);
        let len = u16::from_be_bytes([len_high, len_low]);
        if kind & !CLASS != BINDING || usize::from(len) != body.len() {
            return None;
        }
        let mut rest = body;
        while !rest.is_empty() {
            let before = body.len().wrapping_sub(rest.len());
            let (kind, value, after) = split(rest)?;
            if kind == attribute::FINGERPRINT {
                let expected = crc::fingerprint([header, body.get(..before)?, &[]]);
                // RFC 8489, 14.7: "When present, the FINGERPRINT attribute MUST be the last attribute in
                // the message".
                if value != expected || !after.is_empty() {
                    return None;
                }
            }
            rest = after;
        }
        Some(Self { header, body })
    }

    /// What kind of message it is.
    pub fn class(&self) -> Class {
        let [high, low, ..] = *self.header;
        match (high & 1 == 1, low & 0x10 == 0x10) {
            (false, false) => Class::Request,
            (false, true) => Class::Indication,
            (true, false) => Class::Success,
            (true, true) => Class::Error,
        }
    }

    /// The transaction: an answer has that of its request.
    pub fn id(&self) -> &'a [u8; 12] {
        let [_, _, _, _, _, _, _, _, id @ ..] = self.header;
        id
    }

    /// The attributes before MESSAGE-INTEGRITY, in order.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.body }
    }

    /// The value of the first attribute of a type.
    pub fn get(&self, kind: u16) -> Option<&'a [u8]> {
        // RFC 8489, 14: "Any attribute type MAY appear more than once in a STUN message. Unless specified
        // otherwise, the order of appearance is significant: only the first occurrence needs to be
        // processed by a receiver".
        self.attributes().find(|it| it.0 == kind).map(|it| it.1)
    }

    /// Returns `true` if the message has a MESSAGE-INTEGRITY that was made with `key`, a password. Compared in
    /// constant time.
    #[must_use]
    pub fn is_authentic<C: Crypto>(&self, crypto: &mut C, key: &[u8]) -> bool {
        let mut rest = self.body;
        while let Some((kind, value, after)) = split(rest) {
            if kind == attribute::MESSAGE_INTEGRITY {
                let before = self.body.len().wrapping_sub(rest.len());
                return self
                    .integrity(crypto, key, before)
                    .is_some_and(|it| it.ct_eq(value).into());
            }
            rest = after;
        }
        false
    }

    /// The address of XOR-MAPPED-ADDRESS: the sender of the request as its receiver sees it.
    pub fn mapped_address(&self) -> Option<SocketAddr> {
        address::read(self.get(attribute::XOR_MAPPED_ADDRESS)?, self.id())
    }

    /// The code of ERROR-CODE: 300 to 699.
    pub fn error_code(&self) -> Option<u16> {
        // RFC 8489, 14.8: "The Class represents the hundreds digit of the error code. The value MUST be
        // between 3 and 6. The Number represents the binary encoding of the error code modulo 100".
        let [_, _, class, number] = self.get(attribute::ERROR_CODE)?.first_chunk()?;
        let hundreds = u16::from(class & 7);
        (3..=6)
            .contains(&hundreds)
            .then(|| hundreds.wrapping_mul(100).wrapping_add((*number).into()))
    }

    /// The number of PRIORITY.
    pub fn priority(&self) -> Option<u32> {
        self.get(attribute::PRIORITY)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// The types of the attributes that a receiver must understand, and that this crate does not.
    pub fn unknown(&self) -> impl Iterator<Item = u16> + use<'a> {
        self.attributes().map(|it| it.0).filter(|kind| attribute::is_unknown(*kind))
    }

    /// The MESSAGE-INTEGRITY after so many bytes of the body.
    fn integrity<C: Crypto>(&self, crypto: &mut C, key: &[u8], before: usize) -> Option<[u8; 20]> {
        // RFC 8489, 14.5: "the Length field of the STUN message header is adjusted to point to the end of
        // the MESSAGE-INTEGRITY attribute."
        let len = u16::try_from(before.checked_add(24)?).ok()?.to_be_bytes();
        let [kind_high, kind_low, _, _, cookie_and_id @ ..] = self.header;
        let body = self.body.get(..before)?;
        Some(crypto.hmac_sha1(key, &[&[*kind_high, *kind_low], &len, cookie_and_id, body]))
    }
}

/// The attributes of a message before MESSAGE-INTEGRITY: types and values.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, value, after) = split(self.rest)?;
        // RFC 8489, 14.5: "with the exception of the MESSAGE-INTEGRITY-SHA256 and FINGERPRINT attributes,
        // which appear after MESSAGE-INTEGRITY, agents MUST ignore all other attributes that follow
        // MESSAGE-INTEGRITY."
        if kind == attribute::MESSAGE_INTEGRITY {
            self.rest = &[];
            return None;
        }
        self.rest = after;
        Some((kind, value))
    }
}

/// The type and the value of the first attribute, and what follows it.
fn split(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let ([kind_high, kind_low, len_high, len_low], rest) = bytes.split_first_chunk()?;
    let len = usize::from(u16::from_be_bytes([*len_high, *len_low]));
    let (value, rest) = rest.split_at_checked(len)?;
    // RFC 8489, 14: "Since STUN aligns attributes on 32-bit boundaries, attributes whose content is not a
    // multiple of 4 bytes are padded with 1, 2, or 3 bytes of padding".
    let (_, rest) = rest.split_at_checked(len.wrapping_neg() & 3)?;
    Some((u16::from_be_bytes([*kind_high, *kind_low]), value, rest))
}

/// RFC 8489, 5: bits 4 and 8 of the type of a message are its class, the others its method.
const CLASS: u16 = 0x0110;
const BINDING: u16 = 0x0001;
