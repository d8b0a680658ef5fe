//! A firmware's signalling.

use crate::c;

/// Reads six cases of a `SignalResponse`; false on any error.
#[inline(never)]
pub fn receive(frame: &[u8]) -> bool {
    // SAFETY: the frame is as long as is said. Nothing else uses the place of the message
    // meanwhile, as there are no threads.
    unsafe { c::nanopb_signal_receive(frame.as_ptr(), frame.len()) }
}

/// Writes six cases of a `SignalRequest`, one after the other to the start of `buf`; false if one
/// did not fit.
#[inline(never)]
pub fn send_all(text: &str, number: i64, buf: &mut [u8]) -> bool {
    // SAFETY: both are as long as is said. Nothing else uses the place of the message meanwhile, as
    // there are no threads.
    unsafe {
        c::nanopb_signal_send_all(text.as_ptr(), text.len(), number, buf.as_mut_ptr(), buf.len())
    }
}
