//! Whom a TLS 1.3 client of this firmware trusts: what `embedded-tls` 0.19 leaves to others, or open.
//!
//! * [`x509`]: does a root vouch for the server?
//! * [`Handshake`]: did the server prove that it is the one?
//! * [`Records`]: what makes `embedded-tls` panic does not reach it.
//!
//! Nothing here panics, whatever the server sends.
#![no_std]
#![forbid(unsafe_code)]

mod handshake;
mod records;
pub mod x509;

pub use handshake::{Entropy, Handshake, Untrusted};
pub use records::{RecordError, Records};
