//! Nonces that count once, for a short time.
//!
//! A nonce says itself until when it counts, under a MAC of this server's, so that only those that were used for a token
//! take memory: who asks for nonces without end fills none.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use hmac::Mac;

use crate::proof::{self, Key, hex, unhex};

/// Bytes of a nonce: when it ends, in milliseconds since the start of the server; what makes it differ from others; the
/// MAC of both.
const END: usize = 8;
const SIGNED: usize = END + 8;
/// RFC 2104, 5: "We recommend that the output length t be not less than half the length of the hash output […] and not
/// less than 80 bits".
const MAC: usize = 16;

pub struct Nonces {
    start: Instant,
    lifetime: Duration,
    key: Key,
    key_of_none: Key,
    /// Those that were used, and when they end.
    used: HashMap<[u8; SIGNED], Duration>,
}

impl Nonces {
    /// Nonces of a new key: those of a server that ran before count no more.
    pub fn new(lifetime: Duration) -> Result<Self, getrandom::Error> {
        let (mut key, mut key_of_none) = (Key::default(), Key::default());
        getrandom::fill(&mut key)?;
        getrandom::fill(&mut key_of_none)?;
        Ok(Self { start: Instant::now(), lifetime, key, key_of_none, used: HashMap::new() })
    }

    /// A key that no device has.
    pub fn key_of_none(&self) -> &Key {
        &self.key_of_none
    }

    pub fn make(&self, now: Instant) -> Result<String, getrandom::Error> {
        let mut nonce = [0; SIGNED];
        let end = now.duration_since(self.start) + self.lifetime;
        let (place, random) = nonce.split_at_mut(END);
        place.copy_from_slice(&(end.as_millis() as u64).to_be_bytes());
        getrandom::fill(random)?;
        let mac = proof::new(&self.key).chain_update(nonce).finalize().into_bytes();
        Ok(hex(&nonce) + &hex(&mac[..MAC]))
    }

    /// Whether a nonce is of this server, in time, and not used yet. After a right proof it is used.
    pub fn use_up(&mut self, nonce: &str, is_proved: bool, now: Instant) -> bool {
        let now = now.duration_since(self.start);
        self.used.retain(|_, end| *end > now);
        let Some(bytes) = unhex::<{ SIGNED + MAC }>(nonce) else { return false };
        let (signed, mac) = bytes.split_at(SIGNED);
        if proof::new(&self.key).chain_update(signed).verify_truncated_left(mac).is_err() {
            return false;
        }
        let signed: [u8; SIGNED] = signed.try_into().expect("it was split there");
        let end = signed.first_chunk().copied().map(u64::from_be_bytes).expect("it is longer");
        let end = Duration::from_millis(end);
        let is_fresh = end > now && !self.used.contains_key(&signed);
        if is_fresh && is_proved {
            self.used.insert(signed, end);
        }
        is_fresh
    }
}
