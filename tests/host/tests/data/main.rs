//! The data plane, with LiveKit's own messages on the other end.

#![cfg(feature = "messages")]

mod frames;
mod models;
mod outgoing;
mod packets;
#[cfg(feature = "peers")]
mod recorded;
#[cfg(feature = "peers")]
mod remade;
mod rpc;
mod streams;
mod track;
mod track_frames;
mod track_peer;
