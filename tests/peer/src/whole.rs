//! A whole peer of ours, as a device has it, for a whole one of another implementation.

mod device;
mod link;
mod remote;

pub use device::{Device, Told};
pub use link::Link;
pub use remote::Remote;
