//! WebRTC data channels for devices without a heap.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod certificate;
pub mod crypto;
pub mod dtls;

pub use crypto::Crypto;
#[cfg(feature = "rustcrypto")]
pub use crypto::RustCrypto;
