//! Cryptography: Google's test vectors (Wycheproof), and RustCrypto's own crates on the other end.

mod agreement;
mod gcm;
mod keys;
mod mac;
mod signatures;
mod support;

/// The crate's reader of DER, which is private.
#[path = "../../../../peer/src/certificate"]
#[allow(dead_code)]
mod certificate {
    mod der;
    pub mod signature;
}

#[path = "../../../../peer/src/bytes.rs"]
#[allow(dead_code)]
mod bytes;
