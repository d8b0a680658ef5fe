//! The data plane, with LiveKit's own messages on the other end.

#![cfg(feature = "messages")]

mod frames;
mod packets;
mod rpc;
mod streams;
