//! A handshake of `embedded-tls` 0.19 that authenticates the server.
//!
//! * [`Handshake`] verifies the server's certificates, and that it owns the key of the first one.
//! * [`config`] offers what can be verified.
//! * [`Records`] rejects the records that make `embedded-tls` panic.
//! * [`open`] opens a connection with them.
//!
//! ```no_run
//! use embedded_tls::TlsConnection;
//! use livekit_micro_trust::Verifier;
//! use livekit_micro_trust::embedded_tls::{Handshake, OpenError, Records, config, open};
//! # use embedded_io_async::{Read, Write};
//! # fn random(_: &mut [u8]) {}
//! # fn clock() -> Option<u64> { None }
//! # async fn connect<C: Read + Write>(tcp: C, verifier: Verifier<'_>) -> Result<(), OpenError> {
//!
//! let name = "project.livekit.cloud";
//! let (mut received, mut sent) = ([0; 16_640], [0; 1_152]);
//! let mut tls = TlsConnection::new(Records::new(tcp), &mut received, &mut sent);
//! let mut handshake = Handshake::new(verifier, name, clock(), random);
//! open(&mut tls, &config(name), &mut handshake).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A record of 16 384 bytes has to fit in the buffer, unless the server obeys `TlsConfig::with_max_fragment_length`, as
//! OpenSSL does and Go does not: `embedded-tls` does not join the parts of a certificate message.

mod handshake;
mod open;
mod records;

pub use handshake::{Entropy, Handshake, ServerError, config};
pub use open::{OpenError, open};
pub use records::{RecordError, Records};
