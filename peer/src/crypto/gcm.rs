//! AES-128-GCM (NIST SP 800-38D) on RustCrypto's AES and POLYVAL.
//!
//! Not on its `aes-gcm`, which panics on more than 64 GB: a path to a panic that would stay in the firmware. Not on
//! its `ghash`, whose feature `zeroize` leaves the hash subkey as it is.

use aes::Aes128;
use aes::cipher::{Block, BlockEncrypt, KeyInit};
use polyval::universal_hash::UniversalHash;
use polyval::{Polyval, mulx};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A key of AES-128-GCM: AES' round keys and the hash subkey, both erased when it is dropped.
pub struct AesGcm {
    cipher: Aes128,
    hash: Polyval,
}

impl AesGcm {
    /// Algorithm 4, step 1: the hash subkey is the encrypted zero block.
    ///
    /// RFC 8452, appendix A: GHASH(H, X_1, ..., X_n) = ByteReverse(POLYVAL(mulX_POLYVAL(ByteReverse(H)),
    /// ByteReverse(X_1), ..., ByteReverse(X_n))).
    pub(super) fn new(key: &[u8; 16]) -> Self {
        let cipher = Aes128::new(key.into());
        let mut subkey = Block::<Aes128>::default();
        cipher.encrypt_block(&mut subkey);
        subkey.reverse();
        let hash = Polyval::new(&mulx(&subkey));
        subkey.zeroize();
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
        update(&mut hash, aad);
        update(&mut hash, data);
        let bits = |bytes: &[u8]| (bytes.len() as u64).wrapping_mul(8);
        let lengths = u128::from(bits(aad)) << 64 | u128::from(bits(data));
        update(&mut hash, &lengths.to_be_bytes());
        let mut tag = counter_block(nonce, 1);
        self.cipher.encrypt_block(&mut tag);
        let mut hash = hash.finalize();
        hash.reverse();
        xor(&mut tag, &hash);
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

/// Goes on with bytes, and zeros up to the end of a block.
#[inline(never)]
fn update(hash: &mut Polyval, bytes: &[u8]) {
    for part in bytes.chunks(16) {
        let mut block = Block::<Aes128>::default();
        block.iter_mut().rev().zip(part).for_each(|(to, from)| *to = *from);
        hash.update(&[block]);
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
