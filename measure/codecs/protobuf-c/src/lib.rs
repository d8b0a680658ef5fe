//! protobuf-c, to be measured: C that its plugin makes of the schema, its runtime, newlib's malloc,
//! and the glue of this crate.
#![no_std]

/// Functions that decode `frame` as message number `which` and encode what was read; they return how
/// many bytes that takes, `None` on any error.
macro_rules! families {
    ($($family:ident $function:ident)*) => { $(
        pub mod $family {
            unsafe extern "C" {
                fn $function(
                    which: usize,
                    frame: *const u8,
                    len: usize,
                    out: *mut u8,
                    size: usize,
                ) -> isize;
            }

            #[inline(never)]
            pub fn turn(which: usize, frame: &[u8], out: &mut [u8]) -> Option<usize> {
                // SAFETY: both are as long as is said. There are no threads.
                let written = unsafe {
                    $function(which, frame.as_ptr(), frame.len(), out.as_mut_ptr(), out.len())
                };
                usize::try_from(written).ok()
            }
        }
    )* };
}

families! {
    family protobuf_c_family_turn
    wide protobuf_c_wide_turn
    all protobuf_c_all_turn
}

pub mod packet;
pub mod publish;
pub mod signal;

/// Copies `text` into an array with a NUL after it, as C has strings; `None` if it is too long.
fn c_string(text: &str) -> Option<[u8; 65]> {
    let mut copy = [0; 65];
    copy[..64].get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some(copy)
}
