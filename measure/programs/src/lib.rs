//! What the programs to be measured have in common, each a figure of its own in src/bin.
#![no_std]

#[cfg(feature = "peer")]
pub mod peer;
#[cfg(feature = "session")]
pub mod session;
pub mod ticks;

#[cfg(not(any(
    feature = "borrowed",
    feature = "buffa",
    feature = "femtopb",
    feature = "micropb",
    feature = "nanopb",
    feature = "noproto",
    feature = "owned",
    feature = "prost",
    feature = "protobuf-c",
    feature = "quick-protobuf",
)))]
#[path = "none.rs"]
pub mod codec;
#[cfg(feature = "borrowed")]
pub use measure_borrowed as codec;
#[cfg(feature = "buffa")]
pub use measure_buffa as codec;
#[cfg(feature = "femtopb")]
pub use measure_femtopb as codec;
#[cfg(feature = "micropb")]
pub use measure_micropb as codec;
#[cfg(feature = "nanopb")]
pub use measure_nanopb as codec;
#[cfg(feature = "noproto")]
pub use measure_noproto as codec;
#[cfg(feature = "owned")]
pub use measure_owned as codec;
#[cfg(feature = "prost")]
pub use measure_prost as codec;
#[cfg(feature = "protobuf-c")]
pub use measure_protobuf_c as codec;
#[cfg(feature = "quick-protobuf")]
pub use measure_quick_protobuf as codec;

/// `true` if the program encodes. One that neither encodes nor decodes is what the others are compared
/// with; as this is a constant, the optimiser drops what it is not.
pub const ENCODE: bool = cfg!(feature = "encode");
/// `true` if the program decodes.
pub const DECODE: bool = cfg!(feature = "decode");

/// A program that does `$step` again and again, with an encoded message and a buffer for
/// another one.
#[macro_export]
macro_rules! forever {
    (|$encoded:ident, $out:ident| $step:expr) => {
        #[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
        fn main() -> ! {
            let mut place = [0; 64];
            loop {
                let $out = core::hint::black_box(&mut place[..]);
                // Any encoded message, as far as the optimiser knows.
                let $encoded: &'static [u8] = core::hint::black_box(&[0; 64]);
                $step
            }
        }

        // Weighed and not run, so nothing sets up a stack.
        #[cfg(not(target_arch = "arm"))]
        #[unsafe(no_mangle)]
        extern "C" fn _start() -> ! {
            main()
        }
    };
}

/// `something_can_panic` is missing when a program is linked, unless nothing in it can panic. The
/// programs that may panic have one, and so have all with a codec that can.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unsafe extern "C" {
        fn something_can_panic() -> !;
    }
    // SAFETY: is never linked, or takes nothing and does not return.
    unsafe { something_can_panic() }
}

/// Gives a program leave to panic, which ends it.
#[macro_export]
macro_rules! may_panic {
    () => {
        #[unsafe(no_mangle)]
        extern "C" fn something_can_panic() -> ! {
            $crate::end()
        }
    };
}

#[cfg(any(
    feature = "buffa",
    feature = "femtopb",
    feature = "micropb",
    feature = "nanopb",
    feature = "noproto",
    feature = "prost",
    feature = "protobuf-c",
    feature = "quick-protobuf",
))]
may_panic!();

/// What a panic does.
pub fn end() -> ! {
    #[cfg(target_arch = "arm")]
    emulator::semihosting::exit(false);
    #[cfg(not(target_arch = "arm"))]
    loop {}
}
