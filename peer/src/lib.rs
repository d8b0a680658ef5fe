//! WebRTC data channels for devices without a heap.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod channel;
pub mod crypto;
pub mod sctp;

pub use crypto::Crypto;
#[cfg(feature = "rustcrypto")]
pub use crypto::RustCrypto;
