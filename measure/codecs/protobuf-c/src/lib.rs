//! protobuf-c, to be measured: C that its plugin makes of the schema, its runtime, newlib's malloc,
//! and the glue of this crate.
#![no_std]

/// Functions that decode `encoded` as message number `which` and encode what was read; they return how
/// many bytes that takes, `None` on any error.
macro_rules! families {
    ($($family:ident $function:ident)*) => { $(
        pub mod $family {
            unsafe extern "C" {
                fn $function(
                    which: usize,
                    encoded: *const u8,
                    len: usize,
                    out: *mut u8,
                    size: usize,
                ) -> isize;
            }

            #[inline(never)]
            pub fn round_trip(which: usize, encoded: &[u8], out: &mut [u8]) -> Option<usize> {
                // SAFETY: both are as long as is said. There are no threads.
                let written = unsafe {
                    $function(which, encoded.as_ptr(), encoded.len(), out.as_mut_ptr(), out.len())
                };
                usize::try_from(written).ok()
            }
        }
    )* };
}

families! {
    family protobuf_c_family_round_trip
    wide protobuf_c_wide_round_trip
    all protobuf_c_all_round_trip
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
