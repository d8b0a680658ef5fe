//! Decodes and encodes whichever message it is told to, and links only if nothing in it can panic.
#![no_std]
#![no_main]

#[cfg(target_arch = "arm")]
mod board;
#[cfg(feature = "calls")]
mod calls;
#[cfg(feature = "data")]
mod data;
#[cfg(feature = "e2ee")]
mod e2ee;
#[cfg(all(feature = "owned", feature = "full"))]
mod json;
#[cfg(feature = "link")]
mod link;
#[cfg(target_arch = "arm")]
mod messages;
#[cfg(feature = "participant")]
mod participant;
#[cfg(any(feature = "peer", feature = "participant"))]
mod parts;
#[cfg(feature = "peer")]
mod peer;
#[cfg(feature = "borrowed")]
mod reader;
#[cfg(feature = "signal")]
mod signal;

use core::panic::PanicInfo;

/// Elsewhere than on the emulated board the program is linked and not run.
#[cfg(not(target_arch = "arm"))]
#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    loop {
        let mut out = [0; 64];
        let (bytes, out) = core::hint::black_box((&[0; 64], &mut out));
        #[cfg(feature = "peer")]
        core::hint::black_box(peer::exercise(bytes, &mut *out));
        #[cfg(feature = "signal")]
        core::hint::black_box(signal::exercise(bytes, &mut *out));
        #[cfg(feature = "link")]
        core::hint::black_box(link::exercise(bytes, &mut *out));
        #[cfg(feature = "participant")]
        core::hint::black_box(participant::exercise(bytes, out));
    }
}

/// Is missing when the program is linked, unless nothing can panic.
#[cfg(not(feature = "explain"))]
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    unsafe extern "C" {
        fn something_can_panic() -> !;
    }
    // SAFETY: is never linked.
    unsafe { something_can_panic() }
}

#[cfg(feature = "explain")]
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    end()
}

/// What a panic does where it may.
#[cfg(feature = "explain")]
fn end() -> ! {
    #[cfg(target_arch = "arm")]
    emulator::semihosting::exit(false);
    #[cfg(not(target_arch = "arm"))]
    loop {}
}
