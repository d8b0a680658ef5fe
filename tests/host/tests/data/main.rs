//! The data plane, with LiveKit's own messages on the other end.

#![cfg(feature = "messages")]

#[cfg(feature = "peers")]
mod deflate;
mod encrypted;
mod frames;
mod models;
mod outgoing;
mod packets;
#[cfg(feature = "peers")]
mod recorded;
#[cfg(feature = "peers")]
mod remade;
mod rpc;
mod rpc_v2;
mod streams;
mod track;
mod track_frames;
mod track_peer;
mod window;
