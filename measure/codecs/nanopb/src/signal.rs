//! A firmware's signalling.

use crate::c;

/// Reads six cases of a `SignalResponse`; false on any error.
#[inline(never)]
pub fn receive(encoded: &[u8]) -> bool {
    // SAFETY: `encoded` is as long as is said. Nothing else uses the place of the message
    // meanwhile, as there are no threads.
    unsafe { c::nanopb_signal_receive(encoded.as_ptr(), encoded.len()) }
}

/// Writes six cases of a `SignalRequest`, one after the other to the start of `buf`; `false` if the
/// buffer is too small.
#[inline(never)]
pub fn send_all(text: &str, number: i64, buf: &mut [u8]) -> bool {
    // SAFETY: both are as long as is said. Nothing else uses the place of the message meanwhile, as
    // there are no threads.
    unsafe {
        c::nanopb_signal_send_all(text.as_ptr(), text.len(), number, buf.as_mut_ptr(), buf.len())
    }
}
