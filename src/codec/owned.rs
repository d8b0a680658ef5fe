//! Owned messages: decoding into containers of fixed capacity, and copying from borrowed messages.

pub mod copy_from;
mod decode;
mod map;

pub use map::Map;
