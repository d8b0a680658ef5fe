//! What the boards that QEMU emulates have in common: the executor, the network, and the emulator's services; and of
//! those with a Cortex-M the core's timer.
//!
//! A board re-exports what an application needs.
#![no_std]

mod alarms;
#[cfg(target_arch = "arm")]
mod cortex_m;
mod executor;
mod host;
mod memory;
mod network;
mod panic;

pub use alarms::Alarms;
#[cfg(target_arch = "arm")]
pub use cortex_m::start_clock;
pub use executor::Executor;
pub use host::{entropy, exit, unix_s};
pub use memory::{STACK_PAINT, provisioning, stack_used};
pub use network::stack;

use defmt_semihosting as _; // where the log goes
