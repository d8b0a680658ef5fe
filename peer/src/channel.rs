//! Data channels over SCTP: the Data Channel Establishment Protocol (RFC 8832) and its use of streams (RFC 8831).
//!
//! A [`Channels`] owns the [`Association`](crate::sctp::Association). In this order:
//!
//! 1. [`start`](Channels::start) when DTLS is connected: the peer initiates SCTP.
//! 2. [`input`](Channels::input) with each packet that DTLS brings, until it returns `None`.
//! 3. [`open`](Channels::open) channels after [`Event::Connected`], [`send`](Channels::send) on them.
//! 4. [`poll`](Channels::poll) until it returns `None`: each is a packet for DTLS. Then
//!    [`event`](Channels::event) until it returns `None`.
//! 5. [`poll_in`](Channels::poll_in) says in how many ms `poll` is to be called again.
//!
//! A channel is known by the number of its stream. Up to `N` can be open or closing.

mod channels;
mod error;
mod event;
mod label;
mod message;
mod receive;
mod state;

pub use channels::{Channels, Role};
pub use error::{OpenError, SendError};
pub use event::Event;
pub use label::LABEL;
pub(crate) use receive::Told;
