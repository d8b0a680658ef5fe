//! RoomService calls over HTTP (feature `server`): publishing into a room without joining it.
//!
//! LiveKit's server API is Twirp: a protobuf message posted over HTTP/1.1, answered by another one or
//! by an error in JSON. Nothing here opens a socket, knows the time or draws a random number: requests
//! are written into a buffer of yours, answers are parsed as they arrive.
//!
//! 1. An [`Endpoint`] says where calls go and holds the token. [`Endpoint::request`] checks a call,
//!    [`SendData`] say, and writes it, head and body in one piece. Send that.
//! 2. Put what arrives into [`Reply::space`] and call [`Reply::advance`] until
//!    [`Reply::is_complete`]; give up after some 4 s without a head, with [`PerformRpc`] after what the
//!    receiver may take (`response_timeout_ms`, 10 s if 0) and 4 s more.
//! 3. [`Reply::message`] is the answer, or a [`CallError`] that says who must act. If
//!    [`Reply::keeps_alive`], the connection serves for the next call.
//!    Over one connection of `embedded-io-async` these steps are one: `SendData::call` (feature
//!    `embedded-io`).
//! 4. What must not get lost goes through an [`Outbox`], which holds it until there is a verdict and
//!    repeats it by LiveKit's rule: in order, the same bytes, the same [`Nonce`], growing pauses.
//!
//! ```
//! use livekit_micro::borrowed::SendDataRequest;
//! use livekit_micro::server::{Endpoint, Nonce, SendData};
//!
//! let server = Endpoint { host: "livekit.example", token: "eyJh.eyJ2.c2ln", close: false };
//! let nonce = Nonce::new([0x5e; 16])?; // from the device's random numbers
//! let call = SendDataRequest {
//!     room: "lab",
//!     data: br#"{"celsius":21.5}"#,
//!     topic: Some("readings"),
//!     nonce: nonce.as_bytes(),
//!     ..Default::default()
//! };
//! let mut buf = [0; 512];
//! let request = server.request::<SendData>(&call, &mut buf)?; // to the socket
//! assert!(request.starts_with(b"POST /twirp/livekit.RoomService/SendData HTTP/1.1\r\nHost: "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # With another HTTP client
//!
//! The parts stand alone: [`Call::check`] and [`to_slice`](crate::to_slice) make the body,
//! [`Call::PATH`] and [`CONTENT_TYPE`] say where and as what it is posted, and [`Refusal::of`] reads a
//! status and the body of an error.
//!
//! # What a token can do
//!
//! A device needs a token with `roomAdmin` for its room to call these methods, and who has such a token
//! can also throw everybody out of that room. Give a device a token for one room that expires; see
//! [`token`](crate::token).

mod call;
mod check;
#[cfg(feature = "embedded-io")]
mod exchange;
mod framing;
mod outbox;
mod records;
mod refusal;
mod reply;
mod request;

pub use call::*;
pub use check::{MAX_FORWARDED_BYTES, MAX_RPC_PAYLOAD_BYTES, Nonce, NonceError, RequestError};
#[cfg(feature = "embedded-io")]
pub use exchange::ExchangeError;
pub use outbox::{
    Backoff, Counts, Outbox, PayloadTooLong, Poll, Pushed, Sending, Settled, Verdict,
};
pub use records::{Record, Records};
pub use refusal::{CallError, Refusal, RpcCode};
pub use reply::{Reply, ReplyError};
pub use request::{CONTENT_TYPE, Endpoint};
