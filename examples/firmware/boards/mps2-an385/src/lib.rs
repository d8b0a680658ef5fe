//! Arm's MPS2 board with the image AN385, a Cortex-M3 at 25 MHz, and Ethernet by a LAN9118.
#![no_std]

mod lan9118;

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use embassy_executor::Spawner;
use embassy_net::{Runner, Stack};

pub use cortex_m_rt::entry;
pub use emulated::{Executor, entropy, exit, provisioning, stack_used};
pub use lan9118::Ethernet;

/// What the board is called.
pub const NAME: &str = "mps2-an385";

const CORE_HZ: u32 = 25_000_000;

/// Starts the clock and the network, whose address does not change. To be called once.
pub fn start(spawner: Spawner) -> Stack<'static> {
    let ethernet = Ethernet::new().expect("it was not called before");
    emulated::start_clock(CORE_HZ);
    // SAFETY: no critical section depends on its being masked.
    unsafe { NVIC::unmask(Interrupt::Ethernet) };
    let (stack, network) = emulated::stack(ethernet);
    spawner.spawn(run(network).expect("it does not run yet"));
    stack
}

/// A task of its own: whoever waits for a socket wakes it, and in one task with it would wake itself.
#[embassy_executor::task]
async fn run(mut network: Runner<'static, Ethernet>) -> ! {
    network.run().await
}

#[derive(Clone, Copy)]
enum Interrupt {
    Ethernet = 13,
}

// SAFETY: the number is that of the interrupt's place in the table below.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self as u16
    }
}

type Handler = unsafe extern "C" fn();

#[unsafe(link_section = ".vector_table.interrupts")]
#[unsafe(no_mangle)]
static __INTERRUPTS: [Option<Handler>; Interrupt::Ethernet as usize + 1] = {
    let mut table: [Option<Handler>; _] = [None; Interrupt::Ethernet as usize + 1];
    table[Interrupt::Ethernet as usize] = Some(lan9118::interrupt);
    table
};
