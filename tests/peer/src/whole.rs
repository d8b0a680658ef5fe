//! A whole peer of ours, as a device has it, for a whole one of another implementation.

mod device;
mod link;
mod offline;
mod remote;

pub use device::Device;
pub use link::Link;
pub use offline::{Offline, Told};
pub use remote::Remote;
