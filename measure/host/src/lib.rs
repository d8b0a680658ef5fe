//! The same work for every codec: the recorded data packets and signalling, decoded with
//! all of their fields read, and encoded from messages that a program has built.

pub mod codecs;
mod corpus;
mod read;

pub use corpus::{Kind, Recorded, recorded};
