//! Regions of a board's memory.x: the page for provisioning, and the stack.

/// What the stack is painted with before `main`.
#[cfg(target_arch = "arm")]
pub const STACK_PAINT: u32 = cortex_m_rt::STACK_PAINT_VALUE;
/// What the stack is painted with before `main`. A board does that, as riscv-rt does not.
#[cfg(target_arch = "riscv32")]
pub const STACK_PAINT: u32 = 0xcccc_cccc;

/// As in memory.x.
const PAGE_BYTES: usize = 4096;

unsafe extern "C" {
    /// From memory.x.
    safe static _provisioning: [u8; PAGE_BYTES];
    /// From cortex-m-rt or riscv-rt: the lowest and the highest address of the stack.
    #[cfg_attr(target_arch = "riscv32", link_name = "__estack")]
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
    let used = (low..high).step_by(4).find(|address| word(*address) != STACK_PAINT);
    high - used.unwrap_or(high)
}
