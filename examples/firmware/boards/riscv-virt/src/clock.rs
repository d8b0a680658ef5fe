//! The time, in milliseconds, kept by the timer that every RISC-V core has.

use core::task::Waker;

use embassy_time_driver::{Driver, TICK_HZ, time_driver_impl};
use emulated::Alarms;
use riscv::interrupt::Interrupt;
use riscv_rt::core_interrupt;

use crate::register::Register;

/// What QEMU counts.
const COUNT_HZ: u64 = 10_000_000;
const COUNTS: u64 = COUNT_HZ / TICK_HZ;

// Each of 64 bits, the lower half first.
const MTIME: [Register; 2] = [Register::at(0x0200_bff8), Register::at(0x0200_bffc)];
const MTIMECMP: [Register; 2] = [Register::at(0x0200_4000), Register::at(0x0200_4004)];

struct Clock {
    alarms: Alarms,
}

time_driver_impl!(static CLOCK: Clock = Clock { alarms: Alarms::new() });

impl Driver for Clock {
    fn now(&self) -> u64 {
        let [low, high] = MTIME;
        loop {
            let before = high.read();
            let count = u64::from(before) << 32 | u64::from(low.read());
            if before == high.read() {
                return count / COUNTS;
            }
        }
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|_| {
            if self.alarms.add(at, waker) {
                self.wake();
            }
        });
    }
}

impl Clock {
    /// Wakes the tasks that are due, and sets the timer to the next. It interrupts at once if that is due meanwhile.
    fn wake(&self) {
        let next = self.alarms.wake(self.now()).saturating_mul(COUNTS);
        let [low, high] = MTIMECMP;
        high.write(u32::MAX); // no time between the old one and the new one interrupts
        low.write(next as u32);
        high.write((next >> 32) as u32);
    }
}

#[core_interrupt(Interrupt::MachineTimer)]
fn timer() {
    critical_section::with(|_| CLOCK.wake());
}
