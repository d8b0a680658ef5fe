//! Faults: logs the address and exits with a failure.

use cortex_m_rt::{ExceptionFrame, exception};

use crate::exit;

// SAFETY: it does not return.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    defmt::error!("fault at {=u32:#010x}, called from {=u32:#010x}", frame.pc(), frame.lr());
    exit(false)
}
