//! What the programs to be weighed have in common, each a figure of its own in src/bin.
#![no_std]

#[path = "../../no-panic/src/semihosting.rs"]
pub mod semihosting;
#[path = "../../no-panic/src/stack.rs"]
pub mod stack;
pub mod ticks;

use core::panic::PanicInfo;

/// Does the program encode? One that neither encodes nor decodes is what the others are compared
/// with; as this is a constant, the optimiser drops what it is not.
pub const ENCODE: bool = cfg!(feature = "encode");
/// Does the program decode?
pub const DECODE: bool = cfg!(feature = "decode");
/// Can the optimiser see which case of a oneof is sent?
pub const KNOWN: bool = cfg!(feature = "known");

/// `something_can_panic` is missing when a program is linked, unless nothing in it can panic. The
/// programs that may panic have one.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    unsafe extern "C" {
        fn something_can_panic() -> !;
    }
    // SAFETY: is never linked, or takes nothing and does not return.
    unsafe { something_can_panic() }
}

/// Gives a program leave to panic, which fails its run.
#[macro_export]
macro_rules! may_panic {
    () => {
        #[unsafe(no_mangle)]
        extern "C" fn something_can_panic() -> ! {
            $crate::semihosting::exit(false)
        }
    };
}
