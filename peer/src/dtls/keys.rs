//! Protection of records: AES-128-GCM with the keys of epoch 1.

use super::prf::{Secret, prf};
use super::record::{Header, LAST_SEQUENCE, RECORD_HEADER, VERSION};
use super::replay::Replay;
use crate::Crypto;
use crate::bytes::copy;

/// The keys of both directions.
pub(super) struct Keys<C: Crypto> {
    write: Direction<C>,
    read: Direction<C>,
    /// The number of the next record that is sent.
    pub next: u64,
    replay: Replay,
}

/// A key, and the half of the nonces that is not sent.
struct Direction<C: Crypto> {
    key: C::AesGcm,
    salt: Secret<4>,
}

impl<C: Crypto> Keys<C> {
    /// RFC 5246, 6.3: key_block = PRF(master_secret, "key expansion", server_random + client_random), cut into
    /// client_write_key, server_write_key, client_write_IV, server_write_IV. GCM has no MAC keys.
    pub fn derive(
        crypto: &mut C,
        master: &Secret<48>,
        server_random: &[u8; 32],
        client_random: &[u8; 32],
    ) -> Self {
        let mut block = Secret([0; 40]);
        prf(crypto, &master.0, b"key expansion", [server_random, client_random], &mut block.0);
        let (keys, salts) = block.0.split_at(32);
        let mut direction = |key: usize, salt: usize| {
            let mut parts = (Secret([0; 16]), Secret([0; 4]));
            copy(&mut parts.0.0, keys.get(key..).unwrap_or_default());
            copy(&mut parts.1.0, salts.get(salt..).unwrap_or_default());
            Direction { key: crypto.aes_gcm(&parts.0.0), salt: parts.1 }
        };
        Self { write: direction(0, 0), read: direction(16, 4), next: 0, replay: Replay::new() }
    }

    /// Makes a record of the `len` bytes from `out[HEADER_BYTES]` on, in place; its length.
    pub fn seal(&mut self, crypto: &mut C, kind: u8, len: usize, out: &mut [u8]) -> Option<usize> {
        let body = len.checked_add(NONCE_BYTES)?.checked_add(TAG_BYTES)?;
        let whole = body.checked_add(RECORD_HEADER)?;
        let (head, text) = out.get_mut(..whole)?.split_first_chunk_mut::<HEADER_BYTES>()?;
        let (text, tag) = text.split_last_chunk_mut::<TAG_BYTES>()?;
        // RFC 5288, 3: "The nonce_explicit MAY be the 64-bit sequence number"; RFC 6347, 4.1.2.1: in DTLS that is
        // the epoch and the sequence number. None of them is ever used twice.
        let header = Header { kind, version: VERSION, number: EPOCH | self.next & LAST_SEQUENCE };
        self.next = self.next.wrapping_add(1);
        let explicit = header.number.to_be_bytes();
        let nonce = nonce(&self.write.salt, &explicit);
        *tag = crypto.seal(&self.write.key, &nonce, &additional_data(&header, len), text);
        header.write(body, head.first_chunk_mut()?);
        *head.last_chunk_mut()? = explicit;
        Some(whole)
    }

    /// Decrypts the body of a record in place: the length of the text, which begins after the explicit nonce.
    ///
    /// RFC 6347, 4.1.2.7: "In general, invalid records SHOULD be silently discarded".
    pub fn open(&mut self, crypto: &mut C, header: &Header, body: &mut [u8]) -> Option<usize> {
        if header.version != VERSION || self.replay.is_repeated(header.sequence()) {
            return None;
        }
        let (explicit, text) = body.split_first_chunk_mut::<NONCE_BYTES>()?;
        let (text, tag) = text.split_last_chunk_mut::<TAG_BYTES>()?;
        let nonce = nonce(&self.read.salt, explicit);
        let aad = additional_data(header, text.len());
        if !crypto.open(&self.read.key, &nonce, &aad, text, tag) {
            return None;
        }
        self.replay.mark(header.sequence());
        Some(text.len())
    }
}

/// RFC 5288, 3: salt (4 bytes), nonce_explicit (8 bytes).
fn nonce(salt: &Secret<4>, explicit: &[u8; NONCE_BYTES]) -> [u8; 12] {
    let mut nonce = [0; 12];
    let [s0, s1, s2, s3, rest @ ..] = &mut nonce;
    [*s0, *s1, *s2, *s3] = salt.0;
    *rest = *explicit;
    nonce
}

/// RFC 5246, 6.2.3.3: seq_num + TLSCompressed.type + TLSCompressed.version + TLSCompressed.length. RFC 6347,
/// 4.1.2.1: seq_num is the epoch and the sequence number.
fn additional_data(header: &Header, len: usize) -> [u8; 13] {
    let mut data = [0; 13];
    let [number @ .., kind, v0, v1, l0, l1] = &mut data;
    *number = header.number.to_be_bytes();
    *kind = header.kind;
    [*v0, *v1] = header.version.to_be_bytes();
    [*l0, *l1] = (len as u16).to_be_bytes();
    data
}

/// What a record of application data has before its text: header and explicit nonce, 21 bytes.
pub const HEADER_BYTES: usize = RECORD_HEADER + NONCE_BYTES;
/// What it has after its text, 16 bytes.
pub const TAG_BYTES: usize = 16;
const NONCE_BYTES: usize = 8;
/// Epoch 1, in a record's number.
const EPOCH: u64 = 1 << 48;
