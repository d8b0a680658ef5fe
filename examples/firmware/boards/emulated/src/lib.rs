//! What QEMU's Cortex-M boards have in common: the core's timer, and the emulator's services.
//!
//! A board re-exports what an application needs.
#![no_std]

mod board;
mod clock;
mod executor;
mod fault;
mod host;
mod memory;
mod network;

pub use clock::start as start_clock;
pub use executor::Executor;
pub use host::{entropy, exit, unix_s};
pub use memory::{provisioning, stack_used};
pub use network::stack;

use defmt_semihosting as _; // where the log goes
