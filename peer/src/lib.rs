#![no_std]
#![forbid(unsafe_code)]
// Nothing here may panic on what a peer sends.
#![warn(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing)]
#![warn(clippy::panic, clippy::unwrap_used)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("lib.md")]

mod bytes;
pub mod certificate;
pub mod channel;
pub mod crypto;
pub mod dtls;
pub mod ice;
pub mod peer;
pub mod sctp;
pub mod sdp;
pub mod stun;

pub use crypto::Crypto;
#[cfg(feature = "rustcrypto")]
pub use crypto::RustCrypto;
pub use peer::{Datagram, Error, Event, Memory, Peer};
