//! Regions of a board's memory.x: the page for provisioning, and the stack.

use cortex_m_rt::STACK_PAINT_VALUE;

/// As in memory.x.
const PAGE_BYTES: usize = 4096;

unsafe extern "C" {
    /// From memory.x.
    safe static _provisioning: [u8; PAGE_BYTES];
    /// From cortex-m-rt: the lowest and the highest address of the stack.
    static _stack_end: u32;
    static _stack_start: u32;
}

/// Returns the provisioning: the text at the start of the last page of flash.
pub fn provisioning() -> &'static [u8] {
    // Erased flash is 0xff.
    let end = _provisioning.iter().position(|byte| matches!(byte, 0 | 0xff));
    end.and_then(|end| _provisioning.get(..end)).unwrap_or(&_provisioning)
}

/// Returns the most bytes of stack that were in use.
///
/// The stack was painted before `main`; bytes whose paint is left were never written.
pub fn stack_used() -> usize {
    let (low, high) = (&raw const _stack_end as usize, &raw const _stack_start as usize);
    // SAFETY: an aligned word of the stack, which is valid memory; it may be in use.
    let word = |address: usize| unsafe { (address as *const u32).read_volatile() };
    let used = (low..high).step_by(4).find(|address| word(*address) != STACK_PAINT_VALUE);
    high - used.unwrap_or(high)
}
