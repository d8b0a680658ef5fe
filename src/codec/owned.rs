//! Owned messages: decoding into containers of fixed capacity, and copying from borrowed messages.

pub mod copy_from;
mod decode;
pub(super) mod map;

pub use map::Map;
