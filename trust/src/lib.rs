#![no_std]
#![forbid(unsafe_code)]
// Nothing here may panic on what a server sends.
#![warn(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing)]
#![warn(clippy::panic, clippy::unwrap_used)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("lib.md")]

mod algorithm;
mod certificate;
mod der;
mod ecdsa;
#[cfg(feature = "embedded-tls")]
pub mod embedded_tls;
mod error;
mod hash;
mod root;
#[cfg(feature = "rsa")]
mod rsa;
mod server_key;
pub mod sntp;
mod time;
mod verifier;

pub use algorithm::ALGORITHMS;
pub use error::Error;
pub use pki_types::TrustAnchor;
pub use root::{RootError, root};
pub use server_key::{Scheme, ServerKey};
pub use time::{RELEASED, parse_unix_s};
pub use verifier::{MAX_CERTIFICATES, Verifier};
