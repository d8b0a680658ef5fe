//! The executor, for `#[embassy_executor::main(executor = "…::Executor", entry = "…")]`.
//!
//! Embassy's own for Cortex-M sleeps by WFE, which QEMU does not emulate: an idle firmware would keep a
//! core of the host busy. This one sleeps by WFI, on RISC-V too.

use core::arch::asm;
use core::marker::PhantomData;
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};

use embassy_executor::{Spawner, raw};

/// Runs tasks, and sleeps while none is ready.
pub struct Executor {
    inner: raw::Executor,
    not_send: PhantomData<*mut ()>,
}

/// A task has been woken since the last poll.
static WOKEN: AtomicBool = AtomicBool::new(false);

impl Executor {
    /// An executor without tasks.
    #[expect(clippy::new_without_default, reason = "only embassy's macro calls it")]
    pub fn new() -> Self {
        Self { inner: raw::Executor::new(ptr::null_mut()), not_send: PhantomData }
    }

    /// Calls `init`, which spawns the first task, and runs all tasks.
    pub fn run(&'static mut self, init: impl FnOnce(Spawner)) -> ! {
        init(self.inner.spawner());
        loop {
            WOKEN.store(false, Ordering::Relaxed);
            // SAFETY: `run` cannot be called once more, and `poll` is called nowhere else.
            unsafe { self.inner.poll() };
            // A masked interrupt also ends WFI, so none is missed between the check and the sleep.
            critical_section::with(|_| {
                if !WOKEN.load(Ordering::Relaxed) {
                    wfi();
                }
            });
        }
    }
}

/// Waits for an interrupt, whose handler may be masked.
fn wfi() {
    // SAFETY: the instruction, which has one name on both architectures, changes nothing.
    unsafe { asm!("wfi", options(nomem, nostack, preserves_flags)) };
}

/// Called by embassy when a task is woken, also by an interrupt handler.
#[unsafe(export_name = "__pender")]
fn pender(_: *mut ()) {
    WOKEN.store(true, Ordering::Relaxed);
}
