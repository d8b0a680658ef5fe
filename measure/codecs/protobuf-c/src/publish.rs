//! One user packet is published.

use crate::c_string;

unsafe extern "C" {
    fn protobuf_c_publish(
        topic: *const u8,
        payload: *const u8,
        payload_len: usize,
        sequence: u32,
        buf: *mut u8,
        size: usize,
    ) -> isize;
}

/// Bytes written, `None` if the buffer is too small.
#[inline(never)]
pub fn publish(topic: &str, payload: &[u8], sequence: u32, buf: &mut [u8]) -> Option<usize> {
    let topic = c_string(topic)?;
    // SAFETY: all are as long as is said, and the topic ends with a NUL.
    let written = unsafe {
        protobuf_c_publish(
            topic.as_ptr(),
            payload.as_ptr(),
            payload.len(),
            sequence,
            buf.as_mut_ptr(),
            buf.len(),
        )
    };
    usize::try_from(written).ok()
}

/// C's compiler does not see the case of the oneof in either.
pub use publish as publish_any;
