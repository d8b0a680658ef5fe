//! What the suites share.

pub mod packet;
pub mod programs;
pub mod servers;
pub mod whole;
