//! What ends the firmware: it says where, and exits with a failure.

use core::panic::PanicInfo;

use cortex_m_rt::{ExceptionFrame, exception};

use crate::exit;

/// A panic is a trap, and what would tell of it is not linked: messages and places of panics in the
/// network stack take 7.6 KB. The fault below tells the address, `addr2line -fie ELF ADDRESS` the line.
///
/// As it becomes a part of its caller, the linker sees that nothing of the message is ever read.
#[allow(unused_attributes, reason = "rustc says that it ignores `inline` here, and obeys")]
#[inline(always)]
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    cortex_m::asm::udf()
}

// SAFETY: it interrupts nothing, as nothing goes on after it.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    defmt::error!("fault at {=u32:#010x}, called from {=u32:#010x}", frame.pc(), frame.lr());
    exit(false)
}
