//! Cryptography of the RustCrypto project.

use core::hint::black_box;

use livekit_micro_peer::RustCrypto;
pub use livekit_micro_peer::crypto::PrivateKey;

pub type Cryptography = RustCrypto<fn(&mut [u8])>;

pub fn cryptography() -> Cryptography {
    RustCrypto::new(|bytes| _ = black_box(bytes))
}

/// The key of any bytes.
#[expect(clippy::deref_addrof, reason = "references to statics that can be changed are refused")]
pub fn key() -> Option<&'static PrivateKey> {
    static mut KEY: Option<PrivateKey> = None;
    // SAFETY: called once.
    let key = unsafe { &mut *(&raw mut KEY) };
    *key = PrivateKey::from_bytes(black_box(&[1; 32]));
    key.as_ref()
}
