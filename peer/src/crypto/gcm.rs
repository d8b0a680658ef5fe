//! AES-128-GCM on RustCrypto's AES and GHASH.
//!
//! Not on its `aes-gcm`, which panics on more than 64 GB: a path to a panic that would stay in the firmware.

use aes::Aes128;
use aes::cipher::{Block, BlockEncrypt, KeyInit};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A key of AES-128-GCM: AES' round keys and the hash subkey, both erased when it is dropped.
pub struct AesGcm {
    cipher: Aes128,
    hash: GHash,
}

impl AesGcm {
    /// NIST SP 800-38D, algorithm 4, step 1: the subkey is the encrypted zero block.
    pub(super) fn new(key: &[u8; 16]) -> Self {
        let cipher = Aes128::new(key.into());
        let mut subkey = Block::<Aes128>::default();
        cipher.encrypt_block(&mut subkey);
        let hash = GHash::new(&subkey);
        subkey.as_mut_slice().zeroize();
        Self { hash, cipher }
    }

    /// Algorithm 4.
    #[inline(never)]
    pub(super) fn seal(&self, nonce: &[u8; 12], aad: &[u8], data: &mut [u8]) -> [u8; 16] {
        self.apply_keystream(nonce, data);
        self.tag(nonce, aad, data)
    }

    /// Algorithm 5: the tag is checked before anything is decrypted.
    #[inline(never)]
    pub(super) fn open(
        &self,
        nonce: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> bool {
        let is_right = bool::from(self.tag(nonce, aad, data).ct_eq(tag));
        if is_right {
            self.apply_keystream(nonce, data);
        }
        is_right
    }

    /// Steps 4 to 6 of algorithm 4.
    fn tag(&self, nonce: &[u8; 12], aad: &[u8], data: &[u8]) -> [u8; 16] {
        let mut hash = self.hash.clone();
        hash.update_padded(aad);
        hash.update_padded(data);
        let bits = |bytes: &[u8]| (bytes.len() as u64).wrapping_mul(8);
        let lengths = u128::from(bits(aad)) << 64 | u128::from(bits(data));
        hash.update(&[lengths.to_be_bytes().into()]);
        let mut tag = counter_block(nonce, 1);
        self.cipher.encrypt_block(&mut tag);
        xor(&mut tag, &hash.finalize());
        tag.into()
    }

    /// The counter mode of 6.5, from the counter 2 on. This AES takes two blocks at a time, and as long for one.
    fn apply_keystream(&self, nonce: &[u8; 12], data: &mut [u8]) {
        let mut counter = 2u32;
        for part in data.chunks_mut(32) {
            let mut blocks =
                [counter_block(nonce, counter), counter_block(nonce, counter.wrapping_add(1))];
            self.cipher.encrypt_blocks(&mut blocks);
            counter = counter.wrapping_add(2);
            for (part, block) in part.chunks_mut(16).zip(&blocks) {
                xor(part, block);
            }
        }
    }
}

fn counter_block(nonce: &[u8; 12], counter: u32) -> Block<Aes128> {
    let mut block = Block::<Aes128>::default();
    for (byte, nonce) in block.iter_mut().zip(nonce.iter().chain(&counter.to_be_bytes())) {
        *byte = *nonce;
    }
    block
}

fn xor(bytes: &mut [u8], with: &[u8]) {
    for (byte, with) in bytes.iter_mut().zip(with) {
        *byte ^= with;
    }
}
