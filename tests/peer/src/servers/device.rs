//! The client that is tested, as a device has it: a buffer, a key, a certificate, a network.

use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::dtls::{Client, Identity, State};
use p256::ecdsa::SigningKey;

use super::certificate::self_signed;

/// What a device keeps beside the client.
pub struct Parts {
    message: Vec<u8>,
    key: PrivateKey,
    certificate: Vec<u8>,
}

/// A DTLS client and what goes with it.
pub struct Device<'a> {
    client: Client<'a, Cryptography>,
    crypto: Cryptography,
    key: &'a PrivateKey,
    certificate: &'a [u8],
    /// Application data, in the order of arrival.
    pub received: Vec<Vec<u8>>,
}

type Random = Box<dyn FnMut(&mut [u8])>;
type Cryptography = RustCrypto<Random>;

impl Parts {
    /// With a buffer of `size` bytes for handshake messages.
    pub fn new(size: usize) -> Self {
        let key = [0x11; 32];
        Self {
            message: vec![0; size],
            key: PrivateKey::from_bytes(&key).unwrap(),
            certificate: self_signed(&SigningKey::from_slice(&key).unwrap(), "device"),
        }
    }

    /// The device's own certificate.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }
}

impl<'a> Device<'a> {
    /// A device that begins a handshake with the server whose certificate has this fingerprint.
    pub fn start(parts: &'a mut Parts, fingerprint: [u8; 32], mtu: usize, seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let random: Random = Box::new(move |bytes| rng.fill(bytes));
        let crypto = RustCrypto::new(random);
        let Parts { message, key, certificate } = parts;
        let mut client = Client::new(message);
        client.set_mtu(mtu);
        let mut device = Self { client, crypto, key, certificate, received: Vec::new() };
        device.restart(fingerprint, 0);
        device
    }

    /// Begins another handshake with the same client.
    pub fn restart(&mut self, fingerprint: [u8; 32], now_ms: u64) {
        let identity = Identity { certificate: self.certificate, key: self.key };
        self.client.start(&mut self.crypto, identity, fingerprint, START_MS + now_ms);
        self.received.clear();
    }

    /// Takes a datagram.
    pub fn input(&mut self, datagram: &[u8], now_ms: u64) {
        let (mut datagram, mut at) = (datagram.to_vec(), 0);
        while let Some(data) =
            self.client.input(&mut self.crypto, &mut datagram, &mut at, START_MS + now_ms)
        {
            self.received.push(data.to_vec());
        }
    }

    /// Makes a datagram.
    pub fn poll(&mut self, now_ms: u64) -> Option<Vec<u8>> {
        let mut out = [0; 1500];
        let length = self.client.poll(&mut self.crypto, START_MS + now_ms, &mut out)?;
        Some(out[..length].to_vec())
    }

    /// When it has something to do, if it has.
    pub fn next_at(&self, now_ms: u64) -> Option<u64> {
        self.client.poll_in(START_MS + now_ms).map(|wait| now_ms + u64::from(wait))
    }

    /// A record of `data`; `None` if it is not connected.
    pub fn seal(&mut self, data: &[u8]) -> Option<Vec<u8>> {
        let mut out = vec![0; data.len() + 64];
        out[21..][..data.len()].copy_from_slice(data);
        let length = self.client.seal(&mut self.crypto, &mut out, data.len())?;
        Some(out[..length].to_vec())
    }

    pub fn close(&mut self) {
        self.client.close();
    }

    pub fn is_connected(&self) -> bool {
        matches!(self.client.state(), State::Connected)
    }

    /// The text of the error that it closed with.
    pub fn error(&self) -> Option<String> {
        match self.client.state() {
            State::Closed(error) => Some(error.to_string()),
            _ => None,
        }
    }
}

/// When a test begins: 32 bits of the clock wrap soon, within most handshakes.
const START_MS: u64 = (1 << 32) - 2;
