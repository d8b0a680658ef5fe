//! The same work for every codec: the recorded frames of data packets and signalling, decoded with
//! all in them read, and encoded from messages that a program has built.

pub mod codecs;
mod corpus;
mod read;

pub use corpus::{Frame, Kind, frames};
