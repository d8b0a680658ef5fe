//! A whole peer whose cryptography is not counted: a chip's, as far as the optimiser knows.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::mem::MaybeUninit;

use livekit_micro_peer::crypto::Sha256;
use livekit_micro_peer::{Crypto, Peer};
use programs::peer::{DATAGRAM, memory, turn};

struct Chip;

#[derive(Clone)]
struct Hash(u32);

impl Sha256 for Hash {
    fn new() -> Self {
        Self(0)
    }

    fn update(&mut self, bytes: &[u8]) {
        black_box((&self.0, bytes));
    }

    fn finish(self) -> [u8; 32] {
        black_box([0; 32])
    }
}

impl Crypto for Chip {
    type Sha256 = Hash;
    type AesGcm = u32;
    type PrivateKey = u32;

    fn random(&mut self, bytes: &mut [u8]) {
        black_box(bytes);
    }

    fn hmac_sha1(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        black_box((key, parts));
        black_box([0; 20])
    }

    fn hmac_sha256(&mut self, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        black_box((key, parts));
        black_box([0; 32])
    }

    fn aes_gcm(&mut self, key: &[u8; 16]) -> u32 {
        black_box(key);
        0
    }

    fn seal(&mut self, key: &u32, nonce: &[u8; 12], aad: &[u8], data: &mut [u8]) -> [u8; 16] {
        black_box((key, nonce, aad, data));
        black_box([0; 16])
    }

    fn open(
        &mut self,
        key: &u32,
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> bool {
        black_box((key, nonce, aad, data, tag));
        black_box(true)
    }

    fn generate(&mut self) -> (u32, [u8; 65]) {
        black_box((1, [4; 65]))
    }

    fn agree(&mut self, key: &u32, public: &[u8; 65]) -> Option<[u8; 32]> {
        black_box((key, public));
        black_box(Some([0; 32]))
    }

    fn sign(&mut self, key: &u32, digest: &[u8; 32]) -> Option<[u8; 64]> {
        black_box((key, digest));
        black_box(Some([0; 64]))
    }

    fn verify(&mut self, public: &[u8; 65], digest: &[u8; 32], signature: &[u8; 64]) -> bool {
        black_box((public, digest, signature));
        black_box(true)
    }
}

programs::forever!(|certificate, out| {
    // Not an `Option`, whose `None` is not zero: the peer would take flash.
    static mut PEER: MaybeUninit<Peer<'static, Chip>> = MaybeUninit::uninit();
    static KEY: u32 = 1;
    let (peer, datagram) = (&raw mut PEER, &raw mut DATAGRAM);
    // SAFETY: a program has one thread, and takes them once in its loop.
    let (peer, datagram) = unsafe { (&mut *peer, &mut *datagram) };
    // SAFETY: once, too.
    let peer = peer.write(Peer::new(Chip, unsafe { memory() }));
    turn(peer, certificate, &KEY, datagram, out);
});
