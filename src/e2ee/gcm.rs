//! AES-128-GCM in software, on RustCrypto's AES and GHASH.
//!
//! Not on its `aes-gcm`, which panics on more than 64 GB: a path to a panic that would stay in the firmware.

use aes::Aes128;
use aes::cipher::{Block, BlockEncrypt, KeyInit};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;

use super::cipher::{Cipher, CipherError, IV_BYTES, TAG_BYTES};
use super::key::Key;

/// AES-128-GCM in software: RustCrypto's `aes` and `ghash`. In constant time on cores that multiply 32 bits in
/// constant time.
#[derive(Debug, Clone, Copy, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Aes128Gcm;

impl Cipher for Aes128Gcm {
    fn seal(
        &mut self,
        key: &Key,
        iv: &[u8; IV_BYTES],
        data: &mut [u8],
    ) -> Result<[u8; TAG_BYTES], CipherError> {
        run(key, iv, data, None)
    }

    fn open(
        &mut self,
        key: &Key,
        iv: &[u8; IV_BYTES],
        data: &mut [u8],
        tag: &[u8; TAG_BYTES],
    ) -> Result<(), CipherError> {
        run(key, iv, data, Some(tag)).map(drop)
    }
}

/// NIST SP 800-38D, algorithm 4 without a tag, algorithm 5 with one: it is checked before anything is decrypted.
#[inline(never)]
fn run(
    key: &Key,
    iv: &[u8; IV_BYTES],
    data: &mut [u8],
    received: Option<&[u8; TAG_BYTES]>,
) -> Result<[u8; TAG_BYTES], CipherError> {
    // 5.2.1.1: the counter, of 32 bits and for blocks of 16 bytes, does not wrap.
    if u32::try_from(data.len()).is_err() {
        return Err(CipherError);
    }
    let cipher = Aes128::new(key.as_bytes().into());
    // Step 1, the hash subkey, and step 2, the block before the first counter: this AES takes two blocks at a
    // time, and as long for one.
    let mut blocks = [Block::<Aes128>::default(), counter_block(iv, 1)];
    cipher.encrypt_blocks(&mut blocks);
    let [subkey, mut tag] = blocks;
    let mut hash = GHash::new(&subkey);
    if received.is_none() {
        apply_keystream(&cipher, iv, data);
    }
    hash.update_padded(data);
    // No additional data, so its length is 0.
    hash.update(&[((data.len() as u128) << 3).to_be_bytes().into()]);
    let Some(received) = received else {
        xor(&mut tag, &hash.finalize());
        return Ok(tag.into());
    };
    xor(&mut tag, received);
    hash.verify(&tag).map_err(|_| CipherError)?;
    apply_keystream(&cipher, iv, data);
    Ok(*received)
}

/// The counter mode of 6.5, from the counter 2 on.
#[inline(never)]
fn apply_keystream(cipher: &Aes128, iv: &[u8; IV_BYTES], data: &mut [u8]) {
    let mut counter = 2u32;
    for part in data.chunks_mut(32) {
        let mut blocks = [counter_block(iv, counter), counter_block(iv, counter.wrapping_add(1))];
        cipher.encrypt_blocks(&mut blocks);
        counter = counter.wrapping_add(2);
        for (part, block) in part.chunks_mut(16).zip(&blocks) {
            xor(part, block);
        }
    }
}

fn counter_block(iv: &[u8; IV_BYTES], counter: u32) -> Block<Aes128> {
    let mut block = Block::<Aes128>::default();
    for (byte, iv) in block.iter_mut().zip(iv.iter().chain(&counter.to_be_bytes())) {
        *byte = *iv;
    }
    block
}

fn xor(bytes: &mut [u8], with: &[u8]) {
    for (byte, with) in bytes.iter_mut().zip(with) {
        *byte ^= with;
    }
}
