//! Handshake messages: their header, and those that are sent.

use core::fmt;

use crate::bytes::{Malformed, Reader, copy, u24};
use crate::crypto::Sha256;

/// The type of a handshake message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MessageType(pub u8);

impl MessageType {
    pub(super) const HELLO_REQUEST: Self = Self(0);
    pub(super) const CLIENT_HELLO: Self = Self(1);
    pub(super) const SERVER_HELLO: Self = Self(2);
    pub(super) const HELLO_VERIFY_REQUEST: Self = Self(3);
    pub(super) const CERTIFICATE: Self = Self(11);
    pub(super) const SERVER_KEY_EXCHANGE: Self = Self(12);
    pub(super) const CERTIFICATE_REQUEST: Self = Self(13);
    pub(super) const SERVER_HELLO_DONE: Self = Self(14);
    pub(super) const CERTIFICATE_VERIFY: Self = Self(15);
    pub(super) const CLIENT_KEY_EXCHANGE: Self = Self(16);
    pub(super) const FINISHED: Self = Self(20);
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::HELLO_REQUEST => "HelloRequest",
            Self::CLIENT_HELLO => "ClientHello",
            Self::SERVER_HELLO => "ServerHello",
            Self::HELLO_VERIFY_REQUEST => "HelloVerifyRequest",
            Self(4) => "NewSessionTicket",
            Self::CERTIFICATE => "Certificate",
            Self::SERVER_KEY_EXCHANGE => "ServerKeyExchange",
            Self::CERTIFICATE_REQUEST => "CertificateRequest",
            Self::SERVER_HELLO_DONE => "ServerHelloDone",
            Self::CERTIFICATE_VERIFY => "CertificateVerify",
            Self::CLIENT_KEY_EXCHANGE => "ClientKeyExchange",
            Self::FINISHED => "Finished",
            Self(22) => "CertificateStatus",
            Self(other) => return write!(f, "handshake message {other}"),
        })
    }
}

/// A piece of a handshake message, as received.
pub(super) struct Fragment<'f> {
    pub kind: MessageType,
    /// Of the whole message.
    pub length: usize,
    pub sequence: u16,
    pub offset: usize,
    pub body: &'f [u8],
    /// Header and body.
    pub bytes: &'f [u8],
}

impl<'f> Fragment<'f> {
    /// RFC 6347, 4.2.2: msg_type, length, message_seq, fragment_offset, fragment_length.
    pub fn read(reader: &mut Reader<'f>) -> Result<Self, Malformed> {
        let bytes = reader.0;
        let kind = MessageType(reader.u8()?);
        let length = reader.u24()?;
        let sequence = reader.u16()?;
        let offset = reader.u24()?;
        let body = reader.vector24()?;
        // RFC 6347, 4.2.3: a fragment lies within its message.
        match offset.checked_add(body.len()) {
            Some(end) if end <= length => {
                let len = MESSAGE_HEADER.saturating_add(body.len());
                let bytes = bytes.get(..len).ok_or(Malformed)?;
                Ok(Self { kind, length, sequence, offset, body, bytes })
            }
            _ => Err(Malformed),
        }
    }

    pub fn is_whole(&self) -> bool {
        self.body.len() == self.length
    }
}

/// A handshake message to send: it is written anew each time, from parts that are kept elsewhere.
pub(super) struct Message<'m> {
    pub kind: MessageType,
    pub sequence: u16,
    pub parts: [&'m [u8]; 4],
}

impl Message<'_> {
    pub fn len(&self) -> usize {
        self.parts.iter().fold(0, |len: usize, part| len.wrapping_add(part.len()))
    }

    /// Writes the header and the bytes from `offset` on, as many as `out` has space for; how many they are.
    pub fn fragment(&self, offset: usize, out: &mut [u8]) -> Option<usize> {
        let (head, out) = out.split_first_chunk_mut::<MESSAGE_HEADER>()?;
        let len = self.len().checked_sub(offset)?.min(out.len());
        *head = header(self.kind, self.len(), self.sequence, offset, len);
        let mut skip = offset;
        let mut out = out;
        for part in self.parts {
            let part_rest = part.get(skip..).unwrap_or(&[]);
            skip = skip.saturating_sub(part.len());
            copy(out, part_rest);
            out = out.get_mut(part_rest.len()..).unwrap_or_default();
        }
        Some(len)
    }

    /// RFC 6347, 4.2.6: hashed "as if each handshake message had been sent as a single fragment".
    pub fn hash(&self, transcript: &mut impl Sha256) {
        transcript.update(&header(self.kind, self.len(), self.sequence, 0, self.len()));
        self.parts.iter().for_each(|part| transcript.update(part));
    }
}

#[inline(never)] // several callers
pub(super) fn header(
    MessageType(kind): MessageType,
    length: usize,
    sequence: u16,
    offset: usize,
    len: usize,
) -> [u8; MESSAGE_HEADER] {
    let [l0, l1, l2] = u24(length);
    let [s0, s1] = sequence.to_be_bytes();
    let [o0, o1, o2] = u24(offset);
    let [f0, f1, f2] = u24(len);
    [kind, l0, l1, l2, s0, s1, o0, o1, o2, f0, f1, f2]
}

pub(super) const MESSAGE_HEADER: usize = 12;
