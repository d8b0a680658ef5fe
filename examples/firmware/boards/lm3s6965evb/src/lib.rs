//! Stellaris' evaluation board LM3S6965: a Cortex-M3 with Ethernet on its chip.
#![no_std]

mod enet;

pub use cortex_m_rt::entry;
pub use emulated::{Executor, entropy, exit, provisioning, stack_used, unix_s};
pub use enet::Ethernet;

emulated::board! {
    core_hz: 12_500_000, // after a reset: its PLL's 200 MHz divided by 16
    ethernet: Ethernet,
    interrupt: 42 => enet::interrupt,
}
