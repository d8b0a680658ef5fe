//! SHA-1 and SHA-256 (FIPS 180-4): both walk over blocks of 64 bytes, so they share how blocks are filled.

mod sha1;

use sha2::compress256;
use zeroize::Zeroize;

/// A running hash. It is erased when it is dropped, as it may be of a secret.
#[derive(Clone)]
pub(super) struct Hash {
    /// SHA-1 has five words.
    state: [u32; 8],
    block: [u8; 64],
    bytes: u64,
    compress: fn(&mut [u32; 8], &[u8; 64]),
}

impl Hash {
    pub const SHA1: Self = Self::new(
        [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0, 0, 0, 0],
        sha1::compress,
    );
    pub const SHA256: Self = Self::new(
        [
            0x6a09_e667,
            0xbb67_ae85,
            0x3c6e_f372,
            0xa54f_f53a,
            0x510e_527f,
            0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19,
        ],
        |state, block| compress256(state, &[(*block).into()]),
    );

    const fn new(state: [u32; 8], compress: fn(&mut [u32; 8], &[u8; 64])) -> Self {
        Self { state, block: [0; 64], bytes: 0, compress }
    }

    #[inline(never)]
    pub fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let start = (self.bytes % 64) as usize;
            let space = self.block.get_mut(start..).unwrap_or_default();
            let len = space.len().min(bytes.len());
            space.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            bytes = bytes.get(len..).unwrap_or_default();
            self.bytes = self.bytes.wrapping_add(len as u64);
            if self.bytes % 64 == 0 {
                (self.compress)(&mut self.state, &self.block);
            }
        }
    }

    /// The hash; that of SHA-1 are the first 20 bytes.
    #[inline(never)]
    pub fn finish(mut self) -> [u8; 32] {
        // FIPS 180-4, 5.1.1: a one, then zeros up to the last 8 bytes of a block, then the length in bits.
        let bits = self.bytes.wrapping_mul(8).to_be_bytes();
        let zeros = 55u64.wrapping_sub(self.bytes) % 64;
        self.update(&[0x80]);
        self.update([0; 64].get(..zeros as usize).unwrap_or_default());
        self.update(&bits);
        let mut hash = [0; 32];
        for (four, word) in hash.as_chunks_mut::<4>().0.iter_mut().zip(self.state) {
            *four = word.to_be_bytes();
        }
        hash
    }
}

impl Drop for Hash {
    fn drop(&mut self) {
        self.state.zeroize();
        self.block.zeroize();
    }
}
