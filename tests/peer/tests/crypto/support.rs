//! Cryptography with random numbers of a seed.

use livekit_micro_peer::RustCrypto;

pub type Crypto = RustCrypto<Box<dyn FnMut(&mut [u8])>>;

/// Random numbers that are the same in each run.
pub fn crypto(seed: u64) -> Crypto {
    let mut random = fastrand::Rng::with_seed(seed);
    RustCrypto::new(Box::new(move |bytes| random.fill(bytes)))
}

/// How many of a test set did what.
#[derive(Debug, Default, PartialEq)]
pub struct Count {
    pub valid: usize,
    pub invalid: usize,
    /// Those that the types of `Crypto` do not take: another length.
    pub other: usize,
}
