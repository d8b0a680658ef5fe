//! What ends the firmware: it says where, and exits with a failure.

use core::panic::PanicInfo;

use cortex_m_rt::{ExceptionFrame, exception};

use crate::exit;

/// Only where it was. As it becomes a part of its caller, the linker sees that no message is ever
/// read, and drops 3.5 KB that would format messages.
#[allow(unused_attributes, reason = "rustc says that it ignores `inline` here, and obeys")]
#[inline(always)]
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    if let Some(place) = info.location() {
        defmt::error!("panicked at {=str}:{=u32}", place.file(), place.line());
    }
    exit(false)
}

// SAFETY: it interrupts nothing, as nothing goes on after it.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    defmt::error!("hard fault at {=u32:#010x}, called from {=u32:#010x}", frame.pc(), frame.lr());
    exit(false)
}
