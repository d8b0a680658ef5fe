//! How many instructions a call takes.
//!
//! QEMU's clock moves on by 64 ns an instruction (`-icount shift=6`), the core's timer ticks every
//! 40 ns of it. These are instructions, not cycles: memory without wait states and a branch that
//! costs no more than an addition.

const CONTROL: *mut u32 = 0xe000_e010 as *mut u32;
const RELOAD: *mut u32 = 0xe000_e014 as *mut u32;
const CURRENT: *mut u32 = 0xe000_e018 as *mut u32;

const ALL: u32 = 0xff_ffff;
const ENABLE: u32 = 0b101; // without an interrupt
const SLOW: u32 = 0b001;

/// Starts the timer.
pub fn start() {
    // SAFETY (here and below): registers of the core's timer, which nothing else here uses.
    unsafe {
        RELOAD.write_volatile(ALL);
        CURRENT.write_volatile(0);
        CONTROL.write_volatile(ENABLE);
    }
}

/// The instructions of `call`.
pub fn of(call: &mut dyn FnMut()) -> usize {
    raw(call).saturating_sub(raw(&mut || {}))
}

/// The instructions of a call that takes up to 260 million, to the nearest 16: by the timer's other clock, which ticks every
/// microsecond. [`start`] is not needed before.
#[inline(never)]
pub fn of_long(call: &mut dyn FnMut()) -> usize {
    // SAFETY: as above.
    unsafe {
        RELOAD.write_volatile(ALL);
        CURRENT.write_volatile(0);
        CONTROL.write_volatile(SLOW);
    }
    let before = unsafe { CURRENT.read_volatile() };
    call();
    let ticks = before.wrapping_sub(unsafe { CURRENT.read_volatile() }) & ALL;
    (u64::from(ticks) * 1000 / 64) as usize
}

/// With those that counting takes: up to 20 million.
#[inline(never)]
fn raw(call: &mut dyn FnMut()) -> usize {
    unsafe { CONTROL.read_volatile() }; // forgets that the timer has been at 0
    let before = unsafe { CURRENT.read_volatile() };
    call();
    let after = unsafe { CURRENT.read_volatile() };
    let turns = unsafe { CONTROL.read_volatile() } >> 16 & 1;
    let ticks = before.wrapping_sub(after).wrapping_add(turns * (ALL + 1)); // it counts down
    (u64::from(ticks) * 40 / 64) as usize
}
