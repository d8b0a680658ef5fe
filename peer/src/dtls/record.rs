//! The record layer (RFC 6347, 4.1), without protection.

use super::bytes::copy;

/// The header of a record.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub kind: u8,
    pub version: [u8; 2],
    /// Epoch and sequence number, as on the wire.
    pub number: [u8; 8],
}

impl Header {
    /// The first record of `bytes`, and the length of its body. `None` if they hold no whole record.
    pub fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let (&[kind, v0, v1, n0, n1, n2, n3, n4, n5, n6, n7, l0, l1], body) =
            bytes.split_first_chunk::<RECORD_HEADER>()?;
        let number = [n0, n1, n2, n3, n4, n5, n6, n7];
        let len = usize::from(u16::from_be_bytes([l0, l1]));
        (len <= body.len()).then_some((Self { kind, version: [v0, v1], number }, len))
    }

    pub fn epoch(&self) -> u16 {
        let [a, b, ..] = self.number;
        u16::from_be_bytes([a, b])
    }

    /// The sequence number within the epoch, 48 bits.
    pub fn sequence(&self) -> u64 {
        u64::from_be_bytes(self.number) & LAST_SEQUENCE
    }

    /// The bytes of the header of a record whose body has `len` bytes.
    pub fn bytes(&self, len: usize) -> [u8; RECORD_HEADER] {
        let [v0, v1] = self.version;
        let [n0, n1, n2, n3, n4, n5, n6, n7] = self.number;
        let [.., l0, l1] = len.to_be_bytes();
        [self.kind, v0, v1, n0, n1, n2, n3, n4, n5, n6, n7, l0, l1]
    }
}

/// Epoch and sequence number.
pub(super) fn number(epoch: u16, sequence: u64) -> [u8; 8] {
    ((u64::from(epoch) << 48) | (sequence & LAST_SEQUENCE)).to_be_bytes()
}

/// Writes the header of a record without protection before its body, which lies in `out` already.
pub(super) fn write_plain(kind: u8, sequence: u32, len: usize, out: &mut [u8]) -> Option<usize> {
    let whole = RECORD_HEADER.checked_add(len)?;
    let header = Header { kind, version: VERSION, number: number(0, sequence.into()) };
    copy(out.get_mut(..whole)?, &header.bytes(len));
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
