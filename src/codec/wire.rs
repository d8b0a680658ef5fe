//! Protobuf's wire format: reading fields, writing them, and fields kept as they were received.

pub mod copy;
pub mod fields;
pub mod reader;
pub mod writer;
