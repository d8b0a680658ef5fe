//! What the suites share.

pub mod servers;
pub mod whole;
