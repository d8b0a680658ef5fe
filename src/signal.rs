//! Signalling: how a participant joins a room, hears of others and is told of the peer connection (feature `signal`).
//!
//! LiveKit's signalling is messages of protobuf over a WebSocket. A [`SignalClient`] makes and reads them; it has no
//! socket, no clock and no random numbers. The connection, TCP or TLS, is the caller's. With the feature `participant`
//! all of this is a part of [`Participant`](crate::participant); alone it is for those who have another peer connection.
//!
//! 1. [`SignalClient::set_token`], open a connection to the host of the [`ServerUrl`], and send what
//!    [`SignalClient::connect`] makes: it has the offer of the peer connection.
//! 2. [`SignalClient::receive`] with all bytes that arrive, until it returns `None`. The answer is an
//!    [`Event`], and the server's candidates are.
//! 3. [`SignalClient::poll`] until it returns `None`, and again after the milliseconds of
//!    [`SignalClient::poll_in`]: the server's pings are answered, and it is told that this participant is still there.
//! 4. [`SignalClient::request`] to say something: attributes, data tracks, another offer.
//! 5. [`SignalClient::leave`] to leave. Or the server says [`Event::Leave`], and what to do; or the connection breaks:
//!    [`SignalClient::closed`], and from 1 on, with [`Connect::Resume`].
//!
//! # Messages of any length
//!
//! A `join` has everybody who is in the room, with metadata of up to 512 KiB each. It is read while it arrives, in
//! whatever pieces; nothing but the fields that are wanted is kept, one at a time, in the buffer of the client. A field
//! that does not fit is an [`Event::Skipped`], and the connection goes on.

mod client;
mod error;
mod event;
mod input;
mod join;
mod scan;
mod url;
mod websocket;

pub use client::SignalClient;
pub use error::{MessageError, SignalError};
pub use event::Event;
#[cfg(feature = "participant")]
pub(crate) use join::description;
pub use join::{Connect, JoinOptions};
#[cfg(feature = "participant")]
pub(crate) use scan::Step;
pub use url::{ServerUrl, UrlError};
pub use websocket::WebSocketError;
