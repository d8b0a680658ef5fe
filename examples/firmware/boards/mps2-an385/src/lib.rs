//! Arm's MPS2 board with the image AN385: a Cortex-M3 at 25 MHz, Ethernet by a LAN9118.
#![no_std]

mod lan9118;

pub use cortex_m_rt::entry;
pub use emulated::{Executor, entropy, exit, provisioning, stack_used, unix_s};
pub use lan9118::Ethernet;

emulated::board! {
    core_hz: 25_000_000,
    ethernet: Ethernet,
    interrupt: 13 => lan9118::interrupt,
}
