//! Arm's MPS2 board with the image AN385: a Cortex-M3 at 25 MHz, Ethernet by a LAN9118.
#![no_std]

mod lan9118;
#[cfg(feature = "uart")]
mod uart;

pub use cortex_m_rt::entry;
pub use emulated::{Executor, entropy, exit, provisioning, stack_used, unix_s};
pub use lan9118::Ethernet;
#[cfg(feature = "uart")]
pub use uart::{Uart, UartReader, UartWriter};

const CORE_HZ: u32 = 25_000_000;

#[cfg(not(feature = "uart"))]
emulated::board! {
    core_hz: CORE_HZ,
    ethernet: Ethernet,
    interrupt: 13 => lan9118::interrupt,
}

#[cfg(feature = "uart")]
emulated::board! {
    core_hz: CORE_HZ,
    ethernet: Ethernet,
    interrupt: 13 => lan9118::interrupt,
    also: 0 => uart::received,
    also: 1 => uart::sent,
}
