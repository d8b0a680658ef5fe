//! The record layer (RFC 6347, 4.1), without protection.

use super::bytes::copy;

/// The header of a record: type, version, epoch and sequence number, length.
#[derive(Clone, Copy)]
pub(super) struct Header(pub [u8; RECORD_HEADER]);

impl Header {
    /// A header of DTLS 1.2. RFC 6347, 4.1: "The sequence number is set to zero at the beginning of each epoch".
    pub fn new(kind: u8, epoch: u16, sequence: u64, len: usize) -> Self {
        let mut header = [0; RECORD_HEADER];
        let [first, v0, v1, rest @ ..] = &mut header;
        *first = kind;
        [*v0, *v1] = VERSION;
        let (number, length) = rest.split_at_mut(8);
        copy(number, &((u64::from(epoch) << 48) | (sequence & LAST_SEQUENCE)).to_be_bytes());
        copy(length, &(len as u16).to_be_bytes());
        Self(header)
    }

    /// The header of the first record of `bytes`, and the record's body. `None` if they hold no whole record.
    pub fn split(bytes: &mut [u8]) -> Option<(Self, &mut [u8])> {
        let (header, body) = bytes.split_first_chunk_mut()?;
        let header = Self(*header);
        let [.., l0, l1] = header.0;
        let body = body.get_mut(..u16::from_be_bytes([l0, l1]).into())?;
        Some((header, body))
    }

    pub fn kind(&self) -> u8 {
        let [kind, ..] = self.0;
        kind
    }

    pub fn version(&self) -> [u8; 2] {
        let [_, v0, v1, ..] = self.0;
        [v0, v1]
    }

    pub fn epoch(&self) -> u16 {
        let [_, _, _, e0, e1, ..] = self.0;
        u16::from_be_bytes([e0, e1])
    }

    /// The sequence number within the epoch, 48 bits.
    pub fn sequence(&self) -> u64 {
        let mut sequence = [0; 8];
        copy(&mut sequence, self.number());
        u64::from_be_bytes(sequence) & LAST_SEQUENCE
    }

    /// Epoch and sequence number, 8 bytes.
    pub fn number(&self) -> &[u8] {
        self.0.get(3..11).unwrap_or_default()
    }
}

/// Writes the header of a record without protection before its body, which lies in `out` already.
pub(super) fn write_plain(kind: u8, sequence: u32, len: usize, out: &mut [u8]) -> Option<usize> {
    let whole = RECORD_HEADER.checked_add(len)?;
    copy(out.get_mut(..whole)?, &Header::new(kind, 0, sequence.into(), len).0);
    Some(whole)
}

/// DTLS 1.2.
pub(super) const VERSION: [u8; 2] = [0xfe, 0xfd];
/// DTLS 1.0, as servers write it before a version is agreed on.
pub(super) const VERSION_1_0: [u8; 2] = [0xfe, 0xff];

pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(super) const ALERT: u8 = 21;
pub(super) const HANDSHAKE: u8 = 22;
pub(super) const APPLICATION_DATA: u8 = 23;

pub(super) const RECORD_HEADER: usize = 13;
pub(super) const LAST_SEQUENCE: u64 = (1 << 48) - 1;
