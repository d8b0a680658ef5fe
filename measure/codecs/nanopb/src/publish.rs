//! One user packet is published.

use crate::c;

/// Bytes written, `None` if the buffer is too small.
#[inline(never)]
pub fn publish(topic: &str, payload: &[u8], sequence: u32, buf: &mut [u8]) -> Option<usize> {
    // SAFETY: all are as long as is said. Nothing else uses the place of the packet meanwhile, as
    // there are no threads.
    let written = unsafe {
        c::nanopb_publish(
            topic.as_ptr(),
            topic.len(),
            payload.as_ptr(),
            payload.len(),
            sequence,
            buf.as_mut_ptr(),
            buf.len(),
        )
    };
    usize::try_from(written).ok()
}

/// Which case of the oneof it is, C's compiler does not see in either.
pub use publish as publish_any;
