//! The parts of the maintainer's tool for `protocol/`; the tests use them as well.

pub mod comments;
pub mod compile;
pub mod diff;
pub mod files;
pub mod print;
pub mod wheel;

/// Whatever went wrong, for a person to read.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
