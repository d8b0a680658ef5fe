//! Signatures of RSA (RFC 8017), verified in variable time: keys, signatures and messages are public.
//!
//! Keys have 2048 to 4096 bits: shorter ones are not trusted any more (CA/Browser Forum, Baseline Requirements, 6.1.5),
//! and no public authority has longer ones.

mod key;
mod montgomery;
mod pkcs1;
mod pss;

pub use pkcs1::verify as verify_pkcs1;
pub use pss::verify as verify_pss;

/// Bytes of the longest key.
const MAX_BYTES: usize = 512;
/// Bytes of the shortest.
const MIN_BYTES: usize = 256;
