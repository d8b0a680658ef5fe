//! The record layer (RFC 6347, 4.1), without protection.

/// The header of a record.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub kind: u8,
    pub version: u16,
    /// Epoch (16 bits) and sequence number (48 bits).
    pub number: u64,
}

impl Header {
    /// The header of the first record of `bytes`, and the record's body. `None` if they hold no whole record.
    pub fn split(bytes: &mut [u8]) -> Option<(Self, &mut [u8])> {
        let (header, body) = bytes.split_first_chunk_mut::<RECORD_HEADER>()?;
        let [kind, v0, v1, number @ .., l0, l1] = *header;
        let body = body.get_mut(..u16::from_be_bytes([l0, l1]).into())?;
        let version = u16::from_be_bytes([v0, v1]);
        Some((Self { kind, version, number: u64::from_be_bytes(number) }, body))
    }

    /// Writes the header of a record whose body has `len` bytes.
    pub fn write(&self, len: usize, out: &mut [u8; RECORD_HEADER]) {
        let [kind, v0, v1, number @ .., l0, l1] = out;
        *kind = self.kind;
        [*v0, *v1] = self.version.to_be_bytes();
        *number = self.number.to_be_bytes();
        [*l0, *l1] = (len as u16).to_be_bytes();
    }

    pub fn epoch(&self) -> u16 {
        (self.number >> 48) as u16
    }

    /// The sequence number within the epoch.
    pub fn sequence(&self) -> u64 {
        self.number & LAST_SEQUENCE
    }
}

/// Writes the header of a record without protection before its body, which lies in `out` already.
pub(super) fn write_plain(kind: u8, sequence: u32, len: usize, out: &mut [u8]) -> Option<usize> {
    let whole = RECORD_HEADER.checked_add(len)?;
    let header = Header { kind, version: VERSION, number: sequence.into() };
    header.write(len, out.get_mut(..whole)?.first_chunk_mut()?);
    Some(whole)
}

/// DTLS 1.2.
pub(super) const VERSION: u16 = 0xfefd;
/// DTLS 1.0, as servers write it before a version is agreed on.
pub(super) const VERSION_1_0: u16 = 0xfeff;

pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(super) const ALERT: u8 = 21;
pub(super) const HANDSHAKE: u8 = 22;
pub(super) const APPLICATION_DATA: u8 = 23;

pub(super) const RECORD_HEADER: usize = 13;
pub(super) const LAST_SEQUENCE: u64 = (1 << 48) - 1;
