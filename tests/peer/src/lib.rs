//! What the suites share.

pub mod programs;
pub mod servers;
pub mod whole;
