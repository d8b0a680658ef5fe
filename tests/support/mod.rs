//! What the tests have in common: both sides of every message.

pub mod fits;
pub mod peer;
