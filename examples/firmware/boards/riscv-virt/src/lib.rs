//! QEMU's machine `virt`: a 32-bit RISC-V core with the privileged architecture's timer and interrupt controller, Ethernet by
//! virtio.
#![no_std]

mod clock;
mod interrupts;
mod paint;
mod register;
mod virtio;
mod virtqueue;

use embassy_executor::Spawner;
use embassy_net::Stack;
pub use emulated::{Executor, entropy, exit, provisioning, stack_used, unix_s};
pub use riscv_rt::entry;
pub use virtio::Ethernet;

/// Starts the clock and the network, whose address does not change. Called once.
pub fn start(spawner: Spawner) -> Stack<'static> {
    let ethernet = Ethernet::new().expect("`start` is called once, and QEMU has a virtio-net");
    interrupts::enable();
    network(spawner, ethernet)
}

emulated::network!(Ethernet);
