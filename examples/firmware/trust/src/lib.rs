//! Certificate verification for `embedded-tls` 0.19.
//!
//! * [`x509`] verifies the server's certificate chain against a root.
//! * [`Handshake`] verifies that the server owns the certificate it sent.
//! * [`Records`] rejects the records that make `embedded-tls` panic.
//!
//! Nothing here panics, whatever the server sends.
#![no_std]
#![forbid(unsafe_code)]

mod handshake;
mod records;
pub mod x509;

pub use handshake::{Entropy, Handshake, ServerError};
pub use records::{RecordError, Records};
