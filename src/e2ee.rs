//! End-to-end encryption (feature `e2ee`) of data packets, streams and RPC, as LiveKit's SDKs do it: AES-128-GCM
//! with a key that the server does not have.
//!
//! 1. A [`Session`](crate::data::Session) with [`E2ee`] as its type parameter `E`, made by
//!    [`Session::with_encryption`](crate::data::Session::with_encryption).
//! 2. [`E2ee::seed`] with 64 new random bits, and a [`Key`] in [`E2ee::keys`]. Until then nothing is
//!    sent and nothing unencrypted is accepted.
//! 3. The rest is as without it, except that [`Session::receive`](crate::data::Session::receive) takes
//!    `&mut [u8]`: a packet is opened in its frame. What cannot be opened, and what is refused because it is not
//!    encrypted, is an [`Event::Refused`](crate::data::Event::Refused).
//!
//! ```
//! use livekit_micro::data::{Channel, Data, Event, Session};
//! use livekit_micro::e2ee::{E2ee, Key, KeyRing};
//!
//! type Device = Session<(), (), (), E2ee<KeyRing<2>>>;
//! let mut device: Device = Session::with_encryption(E2ee::new(KeyRing::new())); // const, for a static
//! device.e2ee().keys.set(0, Key::new(*b"from the factory"))?;
//! device.e2ee().seed([7; 8]); // of the hardware's random number generator
//!
//! let mut buf = [0; 128];
//! let data = Data { payload: b"21.5", topic: "unit", ..Data::default() };
//! let len = device.publish_data(&data, &mut buf)?.len();
//!
//! let frame = &mut buf[128 - len..]; // as another participant receives it
//! match device.receive(Channel::Reliable, frame, 0, &mut [])? {
//!     (Some(Event::Data(data)), _) => assert_eq!((data.topic, data.payload), ("unit", &b"21.5"[..])),
//!     (Some(Event::Refused(refused)), _) => panic!("{}: {}", refused.from, refused.error),
//!     _ => {}
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Keys
//!
//! A [`KeyRing`] holds keys that all participants share, [`ParticipantKeys`] those of each. A key has an index, 0
//! to 15; packets say which was used. The key that was set last encrypts, the others still open what is received.
//!
//! Applications give LiveKit's SDKs a passphrase or random bytes, of which the key is derived:
//!
//! | application | key |
//! |---|---|
//! | JavaScript, `setKey(string)`; Swift, Rust, Python by default | [`Pbkdf2`], in steps |
//! | JavaScript, `setKey(ArrayBuffer)`; the others with `HKDF` | [`Derived::hkdf`] |
//! | derives the key where the device is provisioned | [`Key::new`] |
//!
//! # What is protected
//!
//! User packets, chat messages, RPC and streams, on both channels. Never: key presses (DTMF), transcription
//! packets, metrics and speakers, which are allowed unencrypted under every [`Policy`].
//!
//! Who sends to whom, the number of a packet and its length are visible to the server, and not authenticated: a
//! server can repeat, reorder and drop packets, send them to others, and with a shared key attribute them to
//! another participant. Calls and messages sent over HTTP are not encrypted, and refused under
//! [`Policy::Require`].
//!
//! The server can cut off the end of a stream without a `total_length` unnoticed: take only streams that have one.
//! A request that it repeats runs again, once eight others have come or under another sid: what opens a door needs a
//! counter in its payload.
//!
//! Encrypted chunks are not read through a window: the receive buffer holds a whole frame.
//!
//! Data tracks use the same keys: [`E2ee::seal`] and [`E2ee::open`] take a whole frame. Packets and frames are not
//! told apart by the cipher: a server can pass a frame on as a packet, so do not send frames whose bytes others choose
//! with a key that also protects calls.

mod cipher;
mod error;
mod gcm;
mod key;
mod nonces;
mod packet;
mod pbkdf2;
mod ring;
mod state;

pub use cipher::{Cipher, CipherError, IV_BYTES, TAG_BYTES};
pub use error::{KeyError, OpenError, SealError};
pub use gcm::Aes128Gcm;
pub use key::{DEFAULT_SALT, Derived, Key};
pub use pbkdf2::Pbkdf2;
pub use ring::{KeyProvider, KeyRing, MAX_KEY_INDEX, ParticipantKeys};
pub use state::{E2ee, Policy, Sealed};

pub(crate) use packet::{is_encryptable, range};
