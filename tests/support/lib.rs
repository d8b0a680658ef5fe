//! What the tests have in common: both sides of every message.

pub mod difference;
pub mod documented;
pub mod fits;
pub mod log;
pub mod normal;
pub mod peer;
pub mod random;
pub mod reading;
pub mod twin;
pub mod verdict;
