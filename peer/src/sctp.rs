//! SCTP over DTLS: RFC 9260, with RFC 3758 (partial reliability), RFC 6525 (stream reset) and RFC 8261 (over DTLS).
//!
//! An [`Association`] carries messages on numbered streams to one peer. In this order:
//!
//! 1. [`start`](Association::start) when DTLS is connected: the peer initiates. Peers of WebRTC do; for others there is
//!    [`connect`](Association::connect), which is linked only where it is called.
//! 2. [`input`](Association::input) with each packet that DTLS brings, until it returns `None`: a packet can bring
//!    several messages, one [`Event`] a call. A message lies in the packet, in a slot or in the receive buffer until
//!    the next call.
//! 3. [`send`](Association::send) messages after [`Event::Connected`]. A message is taken whole or refused.
//! 4. [`poll`](Association::poll) until it returns `None`: each is a packet for DTLS. Then
//!    [`event`](Association::event) until it returns `None`.
//! 5. [`poll_in`](Association::poll_in) says in how many ms `poll` is to be called again, if nothing happens before.
//!
//! # Buffers
//!
//! | buffer | is | what its size means |
//! |---|---|---|
//! | `tx` | what was sent and is not acknowledged | a message takes its length and [`ENTRY`] bytes for each chunk; longer ones than the buffer are refused for good. A round trip carries at most this much |
//! | `rx` | the message that is being received | longer messages are skipped and told; say its length as `a=max-message-size` |
//! | `slots` | chunks after a lost one, [`SLOT`] bytes each | without slots, all that was under way after a lost packet is sent again, and the peer finds most losses by timeout |
//!
//! The peer may have as much under way as slots and one packet more can hold. With four slots or more a peer finds most
//! losses without a timeout, which in peers of WebRTC takes a second.
//!
//! # What is different
//!
//! * Chunks are read in the order of their TSNs, all streams together: there is one reassembly buffer and no queue for
//!   each stream. What was sent after a lost packet waits for it, on other streams and unordered too; once the peer
//!   abandons the lost message (FORWARD-TSN) it goes on. Stream sequence numbers of the peer need not be looked at.
//! * There is one path: no other addresses, and no path MTU discovery ([`Config::packet`]).
//! * The checksum is always CRC32c; RFC 9653 is not offered. Neither are I-DATA and I-FORWARD-TSN (RFC 8260).
//! * The peer can reset its streams. That it asks this end to reset or add streams, or to reset TSNs, is denied.

mod abandon;
mod acknowledge;
mod answer;
mod assembly;
mod association;
mod bytes;
mod chunk;
mod config;
mod congestion;
mod cookie;
mod crc;
mod error;
mod event;
mod handshake;
mod heartbeat;
mod initiator;
mod input;
mod output;
mod queue;
mod receive;
mod reset;
mod send;
mod shutdown;
mod slot;
mod statistics;
mod streams;
mod timer;
mod told;

pub use association::Association;
pub use config::{Config, Delivery, Reliability};
pub use error::{Error, SendError};
pub use event::Event;
pub(crate) use event::{Place, Step};
pub use input::Cursor;
pub use queue::ENTRY;
pub use slot::{SLOT, Slot};
pub use statistics::Statistics;
