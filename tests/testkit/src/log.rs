//! What a device would send over its debug probe: the bytes of a defmt frame.
//!
//! Format strings stay in the firmware's symbols and are sent by number, but text that a message
//! holds is sent as it is, and that is what the tests look for.

use std::cell::RefCell;

thread_local! {
    static FRAME: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The bytes that logging `value` sends.
pub fn frame(value: &impl defmt::Format) -> Vec<u8> {
    FRAME.with_borrow_mut(Vec::clear);
    defmt::println!("{}", value);
    FRAME.with_borrow_mut(std::mem::take)
}

#[defmt::global_logger]
struct Logger;

defmt::timestamp!("");

// SAFETY: each thread has a frame of its own, so no two writers meet.
unsafe impl defmt::Logger for Logger {
    fn acquire() {}

    unsafe fn flush() {}

    unsafe fn release() {}

    unsafe fn write(bytes: &[u8]) {
        FRAME.with_borrow_mut(|frame| frame.extend_from_slice(bytes));
    }
}
