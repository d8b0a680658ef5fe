//! Cryptography that is as cheap as it can be and still rejects what is not authentic. It keeps nothing secret.
//!
//! P-256 takes milliseconds with a sanitizer. That the real one is right is other suites' matter.

use livekit_micro_peer::Crypto;
use livekit_micro_peer::crypto::Sha256;

/// The state of a sequence of random numbers.
pub struct Fake(pub u64);

/// A private key: its public one is a power of 3 modulo 2^61 - 1.
#[derive(Clone)]
pub struct Key(u64);

#[derive(Clone)]
pub struct Hash(Vec<u8>);

impl Key {
    /// 04, the power, and a hash of it: what says that it is a point of the curve.
    pub fn public(&self) -> [u8; 65] {
        let mut point = [0; 65];
        let x = power(3, self.0);
        point[0] = 4;
        point[1..9].copy_from_slice(&x.to_be_bytes());
        point[57..].copy_from_slice(&words(POINT, &[&x.to_be_bytes()])[0].to_be_bytes());
        point
    }
}

impl Sha256 for Hash {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn update(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    fn finish(self) -> [u8; 32] {
        hash(DIGEST, &[&self.0])
    }
}

impl Crypto for Fake {
    type Sha256 = Hash;
    type AesGcm = [u8; 16];
    type PrivateKey = Key;

    fn random(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            chunk.copy_from_slice(&finish(self.0).to_be_bytes()[..chunk.len()]);
        }
    }

    fn hmac_sha1(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        let mac = self.hmac_sha256(key, parts);
        *mac.first_chunk().expect("it is shorter")
    }

    fn hmac_sha256(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        // The key's length first, so that no byte of a part can be taken for one of it.
        hash(MAC, &[&[&(key.len() as u64).to_be_bytes(), key], parts].concat())
    }

    fn aes_gcm(&mut self, key: &[u8; 16]) -> [u8; 16] {
        *key
    }

    fn seal(&mut self, key: &[u8; 16], nonce: &[u8; 12], aad: &[u8], data: &mut [u8]) -> [u8; 16] {
        let tag = tag(key, nonce, aad, data);
        encrypt(key, nonce, data);
        tag
    }

    fn open(
        &mut self,
        key: &[u8; 16],
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        expected: &[u8; 16],
    ) -> bool {
        encrypt(key, nonce, data);
        // One comparison, which tells a fuzzer nothing of the tag.
        let difference =
            u128::from_be_bytes(*expected) ^ u128::from_be_bytes(tag(key, nonce, aad, data));
        difference == 0
    }

    fn generate(&mut self) -> (Key, [u8; 65]) {
        let mut bytes = [0; 8];
        self.random(&mut bytes);
        let key = Key(u64::from_be_bytes(bytes));
        let public = key.public();
        (key, public)
    }

    fn agree(&mut self, key: &Key, public: &[u8; 65]) -> Option<[u8; 32]> {
        let x = u64::from_be_bytes(public[1..9].try_into().ok()?);
        let check = words(POINT, &[&x.to_be_bytes()])[0].to_be_bytes();
        let is_point = public[0] == 4 && public[9..57] == [0; 48] && public[57..] == check;
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&power(x, key.0).to_be_bytes());
        is_point.then_some(secret)
    }

    fn sign(&mut self, key: &Key, digest: &[u8; 32]) -> Option<[u8; 64]> {
        Some(signature(&key.public(), digest))
    }

    fn verify(&mut self, public: &[u8; 65], digest: &[u8; 32], given: &[u8; 64]) -> bool {
        let expected = signature(public, digest);
        expected.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
    }
}

/// Anybody could make it; no target does.
fn signature(public: &[u8; 65], digest: &[u8; 32]) -> [u8; 64] {
    let [r, s] = [0u8, 1].map(|half| {
        let mut number = hash(SIGNATURE, &[public, digest, &[half]]);
        // Neither negative nor 0, and of 32 bytes in DER.
        number[0] = number[0] & 0x3f | 0x40;
        number
    });
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(&s);
    signature
}

fn tag(key: &[u8], nonce: &[u8], aad: &[u8], data: &[u8]) -> [u8; 16] {
    *hash(TAG, &[key, nonce, aad, data]).first_chunk().expect("it is shorter")
}

fn encrypt(key: &[u8], nonce: &[u8], data: &mut [u8]) {
    let mut stream = Fake(words(STREAM, &[key, nonce])[0]);
    let mut bytes = vec![0; data.len()];
    stream.random(&mut bytes);
    data.iter_mut().zip(bytes).for_each(|(to, byte)| *to ^= byte);
}

/// Modulo 2^61 - 1.
fn power(mut base: u64, mut exponent: u64) -> u64 {
    let times = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        let sum = (product as u64 & PRIME) + (product >> 61) as u64;
        if sum >= PRIME { sum - PRIME } else { sum }
    };
    base &= PRIME;
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}

fn hash(domain: u64, parts: &[&[u8]]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, word) in bytes.chunks_mut(8).zip(words(domain, parts)) {
        to.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

/// A hash of `parts`, one after the other.
fn words(domain: u64, parts: &[&[u8]]) -> [u64; 4] {
    let bytes = parts.concat();
    let (mut a, mut b) = (finish(domain), bytes.len() as u64);
    let (whole, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    for word in whole.iter().chain([&last]) {
        let word = u64::from_le_bytes(*word);
        a = (a ^ word).wrapping_mul(0x9FB2_1C65_1E98_DF25).rotate_left(29);
        b = (b.wrapping_add(word) ^ a.rotate_left(17)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    }
    let [c, d] = [finish(a ^ b.rotate_left(32)), finish(b.wrapping_add(a))];
    [c, d, finish(c ^ d.rotate_left(13)), finish(d.wrapping_sub(c))]
}

fn finish(mut word: u64) -> u64 {
    word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ word >> 31
}

const PRIME: u64 = (1 << 61) - 1;
const POINT: u64 = 1;
const DIGEST: u64 = 2;
const MAC: u64 = 3;
const SIGNATURE: u64 = 4;
const TAG: u64 = 5;
const STREAM: u64 = 6;
