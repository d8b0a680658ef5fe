//! The executor, for `#[embassy_executor::main(executor = "…::Executor", entry = "…")]`.
//!
//! It differs from embassy's own for Cortex-M in how it sleeps: that one waits for an event (WFE),
//! which QEMU does not do, and an idle firmware would keep a core of the host busy. This one waits
//! for an interrupt.

use core::marker::PhantomData;
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};

use cortex_m::asm::wfi;
use embassy_executor::{Spawner, raw};

/// Runs tasks, and sleeps while there is nothing to do.
pub struct Executor {
    inner: raw::Executor,
    not_send: PhantomData<*mut ()>,
}

/// Has a task been woken since tasks were last looked at?
static WOKEN: AtomicBool = AtomicBool::new(false);

impl Executor {
    /// An executor without tasks.
    #[expect(clippy::new_without_default, reason = "embassy's macro calls it, nobody else")]
    pub fn new() -> Self {
        Self { inner: raw::Executor::new(ptr::null_mut()), not_send: PhantomData }
    }

    /// Calls `init`, which spawns the first task, and runs what is spawned.
    pub fn run(&'static mut self, init: impl FnOnce(Spawner)) -> ! {
        init(self.inner.spawner());
        loop {
            WOKEN.store(false, Ordering::Relaxed);
            // SAFETY: `run` cannot be called once more, and `poll` is called nowhere else.
            unsafe { self.inner.poll() };
            // An interrupt ends the sleep although it is held back, so none is missed in between.
            critical_section::with(|_| {
                if !WOKEN.load(Ordering::Relaxed) {
                    wfi();
                }
            });
        }
    }
}

/// Embassy calls it when it wakes a task, also from within an interrupt.
#[unsafe(export_name = "__pender")]
fn pender(_: *mut ()) {
    WOKEN.store(true, Ordering::Relaxed);
}
