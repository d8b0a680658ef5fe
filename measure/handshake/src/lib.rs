//! A connection of a peer from its first check to its last message: what the other end sent, and when.
//!
//! The test `recording` of tests/peer records it, with a server on the other end, and says when the peer no longer
//! sends what it sent then. The program `peer_speed` plays it on the emulated board. Both have the same [`Device`], key
//! and random numbers.
#![no_std]

mod device;
mod random;
mod recording;

pub use device::{Device, FROM, KEY, MESSAGE, MESSAGES, MTU, Meter, PACKET, Work};
pub use random::random;
pub use recording::{RECORDING, Recording, Turn, Turns, put, put_turn};
