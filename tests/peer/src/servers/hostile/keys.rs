//! What both ends derive from the ECDH secret (RFC 5246, 5 and 6.3; RFC 7627, 4), and protected records
//! (RFC 5288, 3).

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes128Gcm, KeyInit};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::wire::Record;

pub struct Keys {
    master: Vec<u8>,
    client: Direction,
    server: Direction,
}

struct Direction {
    key: Aes128Gcm,
    iv: Vec<u8>,
}

impl Keys {
    /// `session` is the hash of the messages up to ClientKeyExchange.
    pub fn new(secret: &[u8], session: &[u8], client_random: &[u8], server_random: &[u8]) -> Self {
        let master = prf(secret, "extended master secret", &[session], 48);
        let block = prf(&master, "key expansion", &[server_random, client_random], 40);
        let direction = |key: usize, iv: usize| Direction {
            key: Aes128Gcm::new_from_slice(&block[key..key + 16]).unwrap(),
            iv: block[iv..iv + 4].to_vec(),
        };
        Self { client: direction(0, 32), server: direction(16, 36), master }
    }

    /// verify_data of a Finished message.
    pub fn verify_data(&self, label: &str, transcript: &[u8]) -> Vec<u8> {
        prf(&self.master, label, &[transcript], 12)
    }

    /// Encrypts a record of the server's.
    pub fn seal(&self, record: &Record) -> Record {
        let explicit = prefix(record);
        let nonce = [&self.server.iv[..], &explicit].concat();
        let aad = aad(record, record.payload.len());
        let payload = Payload { msg: &record.payload, aad: &aad };
        let sealed = self.server.key.encrypt(nonce.as_slice().into(), payload).unwrap();
        Record { payload: [&explicit[..], &sealed].concat(), ..record.clone() }
    }

    /// Decrypts a record of the client's.
    pub fn open(&self, record: &Record) -> Option<Vec<u8>> {
        let (explicit, sealed) = record.payload.split_at_checked(8)?;
        let nonce = [&self.client.iv[..], explicit].concat();
        let aad = aad(record, sealed.len().checked_sub(16)?);
        let payload = Payload { msg: sealed, aad: &aad };
        self.client.key.decrypt(nonce.as_slice().into(), payload).ok()
    }
}

/// Epoch and sequence number.
fn prefix(record: &Record) -> [u8; 8] {
    (u64::from(record.epoch) << 48 | record.sequence.unwrap()).to_be_bytes()
}

/// RFC 5246, 6.2.3.3: "additional_data = seq_num + TLSCompressed.type + TLSCompressed.version +
/// TLSCompressed.length"; RFC 6347, 4.1.2.1: epoch and sequence number are the seq_num.
fn aad(record: &Record, length: usize) -> Vec<u8> {
    let mut aad = prefix(record).to_vec();
    aad.extend([record.content, record.version[0], record.version[1]]);
    aad.extend((length as u16).to_be_bytes());
    aad
}

/// RFC 5246, 5.
fn prf(secret: &[u8], label: &str, seed: &[&[u8]], length: usize) -> Vec<u8> {
    let hmac = |parts: &[&[u8]]| {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(secret).unwrap();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().to_vec()
    };
    let seed = [label.as_bytes(), &seed.concat()].concat();
    let mut a = hmac(&[&seed]);
    let mut bytes = Vec::new();
    while bytes.len() < length {
        bytes.extend(hmac(&[&a, &seed]));
        a = hmac(&[&a]);
    }
    bytes.truncate(length);
    bytes
}
