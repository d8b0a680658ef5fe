//! SCTP over DTLS.

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
mod streams;
mod timer;

pub use association::{Association, Statistics};
pub use config::{Config, Delivery, Reliability};
pub use error::{Error, SendError};
pub use event::Event;
pub(crate) use event::{Place, Step};
pub use input::Cursor;
pub use queue::ENTRY;
pub use slot::{SLOT, Slot};
