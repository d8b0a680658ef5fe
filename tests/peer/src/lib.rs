//! What the suites share.

pub mod packet;
pub mod programs;
pub mod sctp_proto;
pub mod servers;
pub mod whole;
