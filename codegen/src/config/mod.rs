//! What is generated, and how large everything may become.

pub mod capacity;
pub mod datasheet;
pub mod features;
pub mod knobs;
pub mod overrides;
pub mod plan;
pub mod redaction;
