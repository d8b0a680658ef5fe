//! The time, in milliseconds, kept by the timer that every Cortex-M has.

use core::cell::Cell;
use core::task::Waker;

use cortex_m::Peripherals;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;
use critical_section::Mutex;
use embassy_time_driver::{Driver, TICK_HZ, time_driver_impl};

use crate::Alarms;

/// Starts the clock on a core that runs at `core_hz`; does nothing if it is running.
pub fn start(core_hz: u32) {
    if let Some(Peripherals { SYST: mut timer, .. }) = Peripherals::take() {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(core_hz / TICK_HZ as u32 - 1);
        timer.clear_current();
        timer.enable_interrupt();
        timer.enable_counter();
    }
}

struct Clock {
    ticks: Mutex<Cell<u64>>,
    alarms: Alarms,
}

time_driver_impl!(static CLOCK: Clock = Clock {
    ticks: Mutex::new(Cell::new(0)),
    alarms: Alarms::new(),
});

impl Driver for Clock {
    fn now(&self) -> u64 {
        critical_section::with(|cs| self.ticks.borrow(cs).get())
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        // Every tick checks all alarms: there is no timer to set.
        self.alarms.add(at, waker);
    }
}

#[exception]
fn SysTick() {
    let now = critical_section::with(|cs| {
        let ticks = CLOCK.ticks.borrow(cs);
        ticks.set(ticks.get() + 1);
        ticks.get()
    });
    CLOCK.alarms.wake(now);
}
