//! A DTLS 1.2 client, as WebRTC needs it: one cipher suite (TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256), one curve
//! (P-256), certificates of both ends, extended master secret; no resumption, no renegotiation, no server.
//!
//! 1. [`Client::new`] with a buffer for one handshake message; [`Client::start`] with the device's certificate and
//!    key, and with the fingerprint of the server's certificate, which signalling told.
//! 2. [`Client::input`] with each datagram of the server, until it returns `None`; it returns application data.
//! 3. [`Client::poll`] until it returns `None`; each datagram that it makes is sent.
//! 4. Again from 2 on, at the latest after the ms of [`Client::poll_in`]. `Some(0)` means that `poll` has more to
//!    compute: it does one operation of P-256 a call, so that the device can do something else in between.
//! 5. [`Client::state`] says when it is [`State::Connected`]. Then [`Client::seal`] makes records of application
//!    data.
//!
//! ```
//! use livekit_micro_peer::RustCrypto;
//! use livekit_micro_peer::certificate::{SELF_SIGNED_BYTES, self_signed};
//! use livekit_micro_peer::crypto::{Crypto, PrivateKey};
//! use livekit_micro_peer::dtls::{Client, Identity, State};
//!
//! # fn random(bytes: &mut [u8]) { bytes.fill(7) }
//! let mut crypto = RustCrypto::new(random); // the chip's random number generator
//! let (key, public_key) = crypto.generate();
//! let mut buf = [0; SELF_SIGNED_BYTES];
//! let certificate = self_signed(&mut crypto, &key, &public_key, &mut buf)?;
//!
//! let mut message = [0; 1024];
//! let mut client = Client::new(&mut message);
//! let fingerprint = [0xab; 32]; // of the SDP answer
//! client.start(&mut crypto, Identity { certificate, key: &key }, fingerprint, 0);
//!
//! let mut datagram = [0; 1200];
//! let len = client.poll(&mut crypto, 0, &mut datagram).unwrap();
//! assert_eq!(datagram[13], 1); // a ClientHello
//! assert_eq!(client.state(), State::Connecting);
//! # let _ = len;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What ends a handshake
//!
//! Until the server's Finished, nothing proves who sent a datagram. RFC 6347, 4.1.2.7, has invalid records silently
//! discarded, and one forged datagram should not end a handshake; but a device whose server is set up for something
//! else should say so at once.
//!
//! | received without protection | what follows |
//! |---|---|
//! | a record that is cut short, of another version or of an unknown type | discarded |
//! | a fragment that is not within its message; Finished; HelloRequest | discarded |
//! | a fragment of a message that is due later | kept while the buffer has space for it, or discarded |
//! | a fragment whose message has another type or length than those before | replaces them |
//! | an alert | discarded, and named by [`Error::TimedOut`] |
//! | ChangeCipherSpec | discarded: the epoch of a record says the same, and is authenticated |
//! | a message with wrong lengths, of a type that is not due, or too large for the buffer | discarded; the same fault again after the next retransmission, with no message accepted in between, ends the handshake with that error, and so does the end of the time |
//! | a message that is well-formed, and chooses or proves what is not accepted (version, suite, curve, extension, fingerprint, signature) | ends the handshake with its error |
//! | a further HelloVerifyRequest | answered once a retransmission, if the cookie is another one |
//! | no Finished within 30 s of the start | ends the handshake with [`Error::TimedOut`], or with the error of what was discarded |
//!
//! So an attacker who knows the addresses and ports of both ends can end a handshake with a ServerHello that chooses
//! what was not offered. To discard it would not help: a forged ServerHello that is acceptable ends the handshake
//! just as well, at Finished. The caller starts again. From any other address a [`Peer`](crate::Peer) takes nothing
//! until it is connected.
//!
//! Under protection a record that is not authentic, or was received before, is discarded. Finished ends the handshake
//! with success or with [`Error::BadFinished`]; application data before it is discarded, and its sender sends it
//! again; fatal alerts and close_notify end the session; a HelloRequest is answered with the warning
//! no_renegotiation, and the session goes on.
//!
//! A server's Finished that is repeated is not answered. RFC 6347, 4.2.4, has only the sender of the last flight
//! answer repeats, and in a full handshake that is the server; answers of both would never end.
//!
//! # Loss
//!
//! Each flight is sent again after 400 ms, and every 800 ms from then on, and when the server repeats its
//! own, until 30 s after the start.

mod alert;
mod client;
mod compute;
mod error;
mod exchange;
mod flight;
mod hello;
mod keys;
mod message;
mod prf;
mod reassembly;
mod receive;
mod record;
mod records;
mod reject;
mod replay;
mod send;
mod server;
mod state;
mod timer;

pub use alert::Alert;
pub use client::Client;
pub use error::Error;
pub use keys::{HEADER_BYTES, TAG_BYTES};
pub use message::MessageType;
#[doc(hidden)] // for its known vector
pub use prf::prf;
pub use state::{Identity, State};
