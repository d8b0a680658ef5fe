//! The data plane: what a participant does with data packets, over any transport that carries them.
//!
//! Packets of a room are published and received, methods are called both ways, texts and files are streamed,
//! with fixed memory and without a second buffer. A [`Session`] takes frames and makes frames; it does no I/O,
//! has no clock and no random numbers: the caller passes them.
//!
//! 1. [`Session::receive`] with each frame of a channel: returns an [`Event`] that borrows the frame, and the
//!    frames to send at once ([`Replies`]: acknowledgements and refusals).
//! 2. [`Session::poll`] until it returns `None`, at the latest after [`Session::poll_in`]: calls without a
//!    response, streams that stopped.
//! 3. [`Session::publish_data`], [`Session::respond`], [`Session::perform_rpc`] and
//!    [`LocalParticipant::stream_text`] whenever there is something to send: each makes one frame in the
//!    caller's buffer. Send frames in the order in which they were made.
//!
//! Samples of which the newest counts travel on [data tracks](track) beside it.
//!
//! ```
//! use livekit_micro::data::{Channel, Event, Rpc, RpcError, Session};
//! # use livekit_micro::borrowed::{DataPacket, RpcRequest, data_packet::Value};
//! # use livekit_micro::to_slice;
//!
//! let mut session: Session<(), Rpc> = Session::new();
//! let (mut out, mut sent) = ([0; 512], Vec::new());
//! # let request = RpcRequest { id: "42", method: "lamp", payload: "on", version: 1, ..RpcRequest::new() };
//! # let value = Some(Value::RpcRequest((&request).into()));
//! # let packet = DataPacket { participant_identity: "alice", value, ..Default::default() };
//! # let mut buf = [0; 128];
//! # let (frame, now_ms) = (to_slice(&packet, &mut buf)?, 0);
//!
//! let (event, replies) = session.receive(Channel::Reliable, frame, now_ms, &mut out)?;
//! replies.for_each(|reply| sent.push(reply.to_vec())); // the acknowledgement
//! if let Some(Event::Call(call)) = event {
//!     let result = match (call.method, call.payload) {
//!         ("lamp", "on" | "off") => Ok("done"),
//!         _ => Err(RpcError::UNSUPPORTED_METHOD),
//!     };
//!     sent.push(session.respond(&call.caller, result, &mut out)?.to_vec());
//! }
//! assert_eq!(sent.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Parts
//!
//! `Session<S, R, K, E, SENDERS>` is made of what a firmware needs; `()` links nothing.
//!
//! | part | is |
//! |---|---|
//! | `S` | `()`, or [`Incoming`]`<T, N>`: up to `N` open streams of the [`Topics`] `T` |
//! | `R` | `()`, or [`Rpc`]`<N>`: others may call, and up to `N` calls of its own may wait |
//! | `K` | `()`, or [`Resend`]`<BYTES>`: sent packets are kept for a resume |
//! | `E` | `()`, or with the feature `e2ee` `E2ee`: packets are encrypted end to end |
//! | `SENDERS` | how many senders are remembered, so that none of their packets is taken twice |
//!
//! # Limits
//!
//! What receivers or the server would not take is not made: see [`SendError`]. What is received is bounded
//! by the parts: a stream too many is an [`Event`], a duplicate or a stream of another topic is nothing.

mod channel;
mod debug;
pub(crate) mod encryption;
mod error;
mod event;
mod fields;
mod id;
#[cfg(feature = "deflate")]
mod inflate;
mod local;
mod packet;
#[cfg(any(feature = "link", feature = "participant"))]
mod plane;
#[cfg(feature = "participant")]
mod relay;
mod resend;
mod rpc;
mod senders;
mod session;
mod stream;
pub mod track;

pub use channel::{Channel, MAX_FRAME_BYTES, MAX_LOSSY_PAYLOAD_BYTES, MAX_RELIABLE_PAYLOAD_BYTES};
pub use encryption::Encryption;
pub use error::SendError;
pub use event::{Event, Received, Replies};
#[cfg(feature = "e2ee")]
pub use event::{Opened, Refused};
#[cfg(feature = "deflate")]
pub use inflate::{INFLATE_WINDOW_BYTES, InflateError, Inflater};
pub use local::{Data, LocalParticipant};
#[cfg(any(feature = "link", feature = "participant"))]
pub use plane::DataPlane;
#[cfg(feature = "participant")]
pub use relay::Relay;
pub use resend::{Keep, Resend, Unreceived};
pub use rpc::{
    Answer, CallId, Caller, Calls, Invocation, MAX_RPC_PAYLOAD_BYTES, Pending, PerformRpc, Rpc,
    RpcError, RpcV2,
};
pub use session::Session;
pub use stream::{
    Attributes, AttributesIter, Closed, Incoming, MAX_CHUNK_BYTES, StreamError, StreamInfo,
    StreamOptions, StreamPart, StreamWriter, Streams, Topics,
};

#[cfg(any(feature = "e2ee", feature = "participant"))]
pub(crate) use id::Text;
#[cfg(feature = "e2ee")]
pub(crate) use local::frame;
