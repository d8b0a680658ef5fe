//! AES-128-GCM (NIST SP 800-38D) on RustCrypto's AES and POLYVAL.
//!
//! Not on its `aes-gcm`, which panics on more than 64 GB: a path to a panic that would stay in the firmware. Not on
//! its `ghash`, which does not erase the hash subkey.

use aes::Aes128Enc as Aes128;
use aes::cipher::{Block, BlockEncrypt, KeyInit};
use polyval::universal_hash::UniversalHash;
use polyval::{Polyval, mulx};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A key of AES-128-GCM: AES' round keys and the hash subkey, both erased when it is dropped.
pub struct AesGcm {
    cipher: Aes128,
    /// As POLYVAL has it.
    subkey: [u8; 16],
}

impl AesGcm {
    /// Algorithm 4, step 1: the hash subkey is the encrypted zero block.
    ///
    /// RFC 8452, appendix A: GHASH(H, X_1, ..., X_n) = ByteReverse(POLYVAL(mulX_POLYVAL(ByteReverse(H)),
    /// ByteReverse(X_1), ..., ByteReverse(X_n))).
    #[inline(never)]
    pub(super) fn new(key: &[u8; 16]) -> Self {
        let cipher = Aes128::new(key.into());
        let mut blocks = [Block::<Aes128>::default(); 2];
        cipher.encrypt_blocks(&mut blocks);
        let [subkey, _] = &mut blocks;
        subkey.reverse();
        Self { subkey: mulx(subkey).into(), cipher }
    }

    /// Algorithm 4.
    #[inline(never)]
    pub(super) fn seal(&self, nonce: &[u8; 12], aad: &[u8], data: &mut [u8]) -> [u8; 16] {
        let blocks = self.counter_blocks(nonce, 1);
        self.apply_keystream(nonce, &blocks, data);
        self.tag(&blocks, aad, data)
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
        let blocks = self.counter_blocks(nonce, 1);
        let is_right = bool::from(self.tag(&blocks, aad, data).ct_eq(tag));
        if is_right {
            self.apply_keystream(nonce, &blocks, data);
        }
        is_right
    }

    /// Steps 4 to 6 of algorithm 4; the first of `blocks` is the encrypted block before the first of the data.
    #[inline(never)]
    fn tag(&self, [before, _]: &Blocks, aad: &[u8], data: &[u8]) -> [u8; 16] {
        let mut hash = Polyval::new(&self.subkey.into());
        let bits = |bytes: &[u8]| (bytes.len() as u64).wrapping_mul(8);
        let lengths = u128::from(bits(aad)) << 64 | u128::from(bits(data));
        for bytes in [aad, data, &lengths.to_be_bytes()] {
            for part in bytes.chunks(16) {
                // The last one has zeros up to the end of its block.
                hash.update(&[u128::from_be_bytes(padded(part)).to_le_bytes().into()]);
            }
        }
        let mut tag = hash.finalize();
        tag.reverse();
        xor(&mut tag, before);
        tag.into()
    }

    /// The counter mode of 6.5; the second of `blocks` is the first encrypted counter. A counter would come twice
    /// after 64 GB (5.2.1.1); a record has 16 KB.
    #[inline(never)]
    fn apply_keystream(&self, nonce: &[u8; 12], blocks: &Blocks, data: &mut [u8]) {
        let (mut blocks, mut counter) = (*blocks, 1u32);
        for part in data.chunks_mut(16) {
            counter = counter.wrapping_add(1);
            if counter % 2 == 1 {
                blocks = self.counter_blocks(nonce, counter);
            }
            let [odd, even] = &blocks;
            xor(part, if counter % 2 == 1 { odd } else { even });
        }
    }

    /// The encrypted blocks of two counters: this AES takes two blocks at a time, and as long for one.
    fn counter_blocks(&self, nonce: &[u8; 12], counter: u32) -> Blocks {
        let mut blocks = [counter, counter.wrapping_add(1)].map(|counter| {
            let mut block = [0; 16];
            if let Some(start) = block.first_chunk_mut() {
                *start = *nonce;
            }
            if let Some(end) = block.last_chunk_mut() {
                *end = counter.to_be_bytes();
            }
            block.into()
        });
        self.cipher.encrypt_blocks(&mut blocks);
        blocks
    }
}

type Blocks = [Block<Aes128>; 2];

impl Drop for AesGcm {
    fn drop(&mut self) {
        self.subkey.zeroize();
    }
}

fn padded(part: &[u8]) -> [u8; 16] {
    part.first_chunk().copied().unwrap_or_else(|| {
        let mut block = [0; 16];
        block.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        block
    })
}

fn xor(bytes: &mut [u8], with: &Block<Aes128>) {
    if let Some(block) = bytes.first_chunk_mut::<16>() {
        *block = (u128::from_ne_bytes(*block) ^ u128::from_ne_bytes((*with).into())).to_ne_bytes();
    } else {
        bytes.iter_mut().zip(with).for_each(|(byte, with)| *byte ^= with);
    }
}
