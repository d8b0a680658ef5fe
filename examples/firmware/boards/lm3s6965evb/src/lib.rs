//! Stellaris' evaluation board LM3S6965, a Cortex-M3 at 12.5 MHz that has Ethernet on its chip.
#![no_std]

mod enet;

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use embassy_executor::Spawner;
use embassy_net::{Runner, Stack};

pub use cortex_m_rt::entry;
pub use emulated::{Executor, entropy, exit, provisioning, stack_used};
pub use enet::Ethernet;

/// What the board is called.
pub const NAME: &str = "lm3s6965evb";

/// After a reset, which divides the 200 MHz of its PLL by 16.
const CORE_HZ: u32 = 12_500_000;

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
    Ethernet = 42,
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
    table[Interrupt::Ethernet as usize] = Some(enet::interrupt);
    table
};
