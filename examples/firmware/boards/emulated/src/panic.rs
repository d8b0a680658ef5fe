//! Panics.

use core::panic::PanicInfo;

/// Traps. The messages and locations of panics in the network stack would take 7.6 KB of flash, so they are
/// not linked. The fault handler logs the address, from which `addr2line -fie ELF ADDRESS` gets the line.
///
/// It is inlined, so that the linker sees that no message is ever read.
#[allow(unused_attributes, reason = "rustc says that it ignores `inline` here, and obeys")]
#[inline(always)]
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    #[cfg(target_arch = "arm")]
    cortex_m::asm::udf();
    #[cfg(target_arch = "riscv32")]
    // SAFETY: an instruction that no core has, and that does not return.
    unsafe {
        core::arch::asm!("unimp", options(noreturn, nomem, nostack))
    }
}
