//! An image that stores and loads. It is built, and never run.
#![no_std]
#![no_main]

use core::hint::black_box;

use extern_micropb::firmware::Stored;
use extern_micropb::{load, store};
use micropb::{MessageDecode, MessageEncode};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut pages = [[0; 16]; 64];
    loop {
        store_and_load::<Stored>(&mut pages);
        #[cfg(feature = "full")]
        every_message(&mut pages);
    }
}

#[inline(never)]
fn store_and_load<M: MessageEncode + MessageDecode + Default>(pages: &mut [[u8; 16]]) {
    let mut message = M::default();
    // Any message and any bytes, as far as the optimiser knows.
    let len = store(black_box(&message), black_box(pages)).unwrap_or(0);
    black_box(load(black_box(&mut message), black_box(pages), black_box(len)).is_ok());
}

#[cfg(feature = "full")]
fn every_message(pages: &mut [[u8; 16]]) {
    macro_rules! messages {
        ($($name:literal => $($path:ident)::+,)*) => {
            $(store_and_load::<livekit_micro::owned::$($path)::+>(pages);)*
        };
    }
    livekit_micro::for_each_message!(messages);
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
