//! The data plane, with LiveKit's own messages on the other end.

#![cfg(feature = "messages")]

mod encrypted;
mod frames;
mod outgoing;
mod packets;
mod rpc;
mod rpc_v2;
mod streams;
