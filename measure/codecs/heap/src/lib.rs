//! The allocator of the codecs that need one: a firmware with them has it as well, so it is counted.
#![no_std]

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use embedded_alloc::LlffHeap;

#[global_allocator]
static HEAP: LlffHeap = LlffHeap::empty();

/// More than twice the largest packet. Nothing is measured that would fill it.
const HEAP_BYTES: usize = 4096;

/// The programs have no interrupts.
struct SingleThread;
critical_section::set_impl!(SingleThread);
// SAFETY: nothing runs beside the program's only thread.
unsafe impl critical_section::Impl for SingleThread {
    unsafe fn acquire() {}
    unsafe fn release((): ()) {}
}

/// Gives the allocator its memory; only the first call does anything.
pub fn init() {
    static mut MEMORY: [u8; HEAP_BYTES] = [0; HEAP_BYTES];
    static READY: AtomicBool = AtomicBool::new(false);
    if !READY.load(Relaxed) {
        READY.store(true, Relaxed);
        // SAFETY: called once, with memory that nothing else uses.
        unsafe { HEAP.init(&raw mut MEMORY as usize, HEAP_BYTES) }
    }
}
