//! The hash functions of signatures.

#[cfg(feature = "rsa")]
use sha2::Sha512;
use sha2::{Sha256, Sha384};

/// A hash function.
#[derive(Clone, Copy)]
pub enum Hash {
    Sha256,
    Sha384,
    #[cfg(feature = "rsa")]
    Sha512,
}

/// A hash of at most 64 bytes.
pub struct Digest {
    bytes: [u8; 64],
    len: usize,
}

impl Digest {
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl Hash {
    /// Bytes of a hash.
    #[cfg(feature = "rsa")]
    pub const fn len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Hashes `parts`, one after the other.
    #[inline(never)] // many callers
    pub fn digest(self, parts: &[&[u8]]) -> Digest {
        match self {
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            #[cfg(feature = "rsa")]
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}

fn digest<D: sha2::Digest>(parts: &[&[u8]]) -> Digest {
    let mut hash = D::new();
    parts.iter().for_each(|part| hash.update(part));
    let (mut bytes, hash) = ([0; 64], hash.finalize());
    bytes.iter_mut().zip(&hash).for_each(|(to, from)| *to = *from);
    Digest { bytes, len: hash.len() }
}
