//! RoomService calls over HTTP (feature `server`): publishing into a room without joining it.
//!
//! LiveKit's server API is Twirp: a protobuf message is posted over HTTP/1.1, and the response is another
//! one, or an error in JSON. Nothing here opens a socket, reads a clock or draws a random number: requests are
//! encoded into the caller's buffer, responses are parsed as they arrive.
//!
//! 1. An [`Endpoint`] names the server and holds the token. [`Endpoint::request`] checks a call, such as
//!    [`SendData`], and encodes it, headers and body in one piece. Send that.
//! 2. Put what arrives into [`Response::space`] and call [`Response::advance`] until
//!    [`Response::is_complete`]. Put a deadline on the whole exchange, not on silence: 5 s, for
//!    [`PerformRpc`] in addition what the receiver may take (`response_timeout_ms`, 15 s if 0).
//! 3. [`Response::message`] returns the message, or a [`CallError`] that says who must act. If
//!    [`Response::keeps_alive`], the connection may be used for the next call.
//!
//!    Over a connection of `embedded-io-async` these steps are one call of a `Connection` (feature
//!    `embedded-io`).
//! 4. Use an [`Outbox`] for data that must not be lost: it retries with the same bytes and the same
//!    [`Nonce`], in order and with growing pauses, until the server accepts or rejects them.
//!
//! A call succeeds only by LiveKit's own response, and only LiveKit's own errors are final. Whatever a
//! proxy, a captive portal or a backend that is restarting says, the call is worth repeating.
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
//! The parts can be used alone: [`Method::check`] and [`to_slice`](crate::to_slice) make the body,
//! [`Method::PATH`] and [`CONTENT_TYPE`] say where and as what it is posted, and [`Rejection::of`] reads
//! the status and body of an error. Check that the response to a call that succeeded has that content
//! type, too: a page of a captive portal has not.
//!
//! # What a token can do
//!
//! A device needs a token with `roomAdmin` for its room to call these methods, and such a token can also
//! remove everybody from that room. Give a device a token for one room that expires; see
//! [`token`](crate::token).

mod check;
mod error;
mod http;
mod methods;
mod outbox;
mod twirp;

pub use check::{MAX_FORWARDED_BYTES, MAX_RPC_PAYLOAD_BYTES, Nonce, NonceError, RequestError};
pub use error::{CallError, Rejection};
pub use http::{CONTENT_TYPE, Endpoint, ListItem, ListReader, Response, ResponseError};
#[cfg(feature = "embedded-io")]
pub use http::{Connection, ConnectionError, List};
pub use methods::*;
pub use outbox::{
    Backoff, Counts, Enqueued, Outbox, Outcome, PayloadTooLong, Poll, Sending, Verdict,
};
