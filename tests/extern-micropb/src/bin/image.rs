//! An image that stores and loads. It is built, and never run.
#![no_std]
#![no_main]

use core::hint::black_box;

use extern_micropb::firmware::Stored;
use extern_micropb::{load, store};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let (mut stored, mut pages) = (Stored::default(), [[0; 16]; 64]);
    loop {
        let len = store(black_box(&stored), black_box(&mut pages)).unwrap_or(0);
        black_box(load(black_box(&mut stored), black_box(&pages), black_box(len)).is_ok());
    }
}

/// Is missing when the image is linked, unless nothing in it can panic.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unsafe extern "C" {
        fn something_can_panic() -> !;
    }
    // SAFETY: is never linked.
    unsafe { something_can_panic() }
}
