//! A handshake of `embedded-tls` 0.19 that authenticates the server.
//!
//! * [`Handshake`] verifies the server's certificates, and that it owns the key of the first one.
//! * [`config`] offers what can be verified.
//! * [`Records`] rejects the records that make `embedded-tls` panic.
//!
//! ```no_run
//! use embedded_tls::{Aes128GcmSha256, TlsConnection, TlsContext, TlsError};
//! use livekit_micro_trust::Verifier;
//! use livekit_micro_trust::embedded_tls::{Handshake, Records, config};
//! # use embedded_io_async::{Read, Write};
//! # fn random(_: &mut [u8]) {}
//! # fn clock() -> Option<u64> { None }
//! # async fn connect<C: Read + Write>(tcp: C, verifier: Verifier<'_>) -> Result<(), TlsError> {
//!
//! let name = "project.livekit.cloud";
//! let (mut received, mut sent) = ([0; 16_640], [0; 1_152]);
//! let mut tls: TlsConnection<'_, _, Aes128GcmSha256> =
//!     TlsConnection::new(Records::new(tcp), &mut received, &mut sent);
//! let config = config(name);
//! let mut handshake = Handshake::new(verifier, name, clock(), random);
//! tls.open(TlsContext::new(&config, &mut handshake)).await?;
//! // `open` also succeeds when the server sends no certificate.
//! if let Err(error) = handshake.verdict() {
//!     panic!("not the server: {error:?}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A record of 16 384 bytes has to fit in the buffer, unless the server obeys `TlsConfig::with_max_fragment_length`, as
//! OpenSSL does and Go does not: `embedded-tls` does not join the parts of a certificate message.

mod handshake;
mod records;

pub use handshake::{Entropy, Handshake, ServerError, config};
pub use records::{RecordError, Records};
