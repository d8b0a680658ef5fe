//! Signalling, beside a WebSocket server of another project and prost's types of the messages.

#![cfg(feature = "signal")]

mod client;
#[cfg(feature = "peers")]
mod events;
mod refusals;
mod request;
mod rooms;
mod server;
mod timers;
