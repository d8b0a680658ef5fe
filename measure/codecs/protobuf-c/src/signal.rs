//! A firmware's signalling.

use crate::c_string;

unsafe extern "C" {
    fn protobuf_c_signal_receive(encoded: *const u8, len: usize) -> bool;
    fn protobuf_c_signal_send_all(text: *const u8, number: i64, buf: *mut u8, size: usize) -> bool;
}

/// Reads six cases of a `SignalResponse`; false on any error.
#[inline(never)]
pub fn receive(encoded: &[u8]) -> bool {
    // SAFETY: `encoded` is as long as is said.
    unsafe { protobuf_c_signal_receive(encoded.as_ptr(), encoded.len()) }
}

/// Writes six cases of a `SignalRequest`, one after the other to the start of `buf`; `false` if the
/// buffer is too small.
#[inline(never)]
pub fn send_all(text: &str, number: i64, buf: &mut [u8]) -> bool {
    let Some(text) = c_string(text) else { return false };
    // SAFETY: the text ends with a NUL, the buffer is as long as is said.
    unsafe { protobuf_c_signal_send_all(text.as_ptr(), number, buf.as_mut_ptr(), buf.len()) }
}
