//! How much stack a call takes: the free stack is painted before it and looked at after it.

use core::arch::asm;

/// More than any call takes, and less than there is.
const LIMIT: usize = 256 * 1024;
const PAINT: u32 = 0xdead_beef;
/// What painting itself may need below the stack pointer.
const MARGIN: usize = 64;

/// What `call` returns, and the bytes of stack it took.
#[inline(never)]
pub fn of<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let top = pointer();
    let bottom = top.saturating_sub(LIMIT);
    for word in (bottom..top.saturating_sub(MARGIN)).step_by(4) {
        // SAFETY: free stack.
        unsafe { (word as *mut u32).write_volatile(PAINT) };
    }
    let result = call();
    // SAFETY: as above.
    let painted = |word: &usize| unsafe { (*word as *const u32).read_volatile() } == PAINT;
    let free = (bottom..top).step_by(4).take_while(painted).count() * 4;
    (result, LIMIT.saturating_sub(free))
}

#[inline(always)]
fn pointer() -> usize {
    let sp;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, sp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
    sp
}
