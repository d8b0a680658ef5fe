//! A DTLS 1.2 client.

mod alert;
pub(crate) mod bytes;
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
mod reject;
mod replay;
mod send;
mod server;
mod timer;

pub use alert::Alert;
pub use client::{Client, Identity, State};
pub use error::Error;
pub use keys::{HEADER_BYTES, TAG_BYTES};
pub use message::MessageType;
pub use prf::prf;
