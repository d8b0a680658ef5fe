//! End-to-end encryption without packets: cipher, derivation, keys. What sessions do with it is in `data`.

mod derivation;
mod gcm;
mod keys;
mod recorded;
#[cfg(feature = "peers")]
mod secrets;
