//! A handshake of `embedded-tls` 0.19 that authenticates the server.
//!
//! * [`Handshake`] verifies the server's certificates, and that it owns the key of the first one.
//! * [`config`] offers what can be verified.
//! * [`Records`] rejects the records that make `embedded-tls` panic.

mod handshake;
mod records;

pub use handshake::{Entropy, Handshake, ServerError, config};
pub use records::{RecordError, Records};
