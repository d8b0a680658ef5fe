//! Faults and panics: logs the address and exits with a failure.

use core::panic::PanicInfo;

use cortex_m_rt::{ExceptionFrame, exception};

use crate::exit;

/// Traps. The messages and locations of panics in the network stack would take 7.6 KB of flash, so they are
/// not linked. The fault handler logs the address, from which `addr2line -fie ELF ADDRESS` gets the line.
///
/// It is inlined, so that the linker sees that no message is ever read.
#[allow(unused_attributes, reason = "rustc says that it ignores `inline` here, and obeys")]
#[inline(always)]
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    cortex_m::asm::udf()
}

// SAFETY: it does not return.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    defmt::error!("fault at {=u32:#010x}, called from {=u32:#010x}", frame.pc(), frame.lr());
    exit(false)
}
