//! A firmware's signalling: six cases of a response are read, six of a request are sent.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::signal;

programs::forever!(|encoded, out| {
    if programs::DECODE {
        black_box(signal::receive(encoded));
    }
    if programs::ENCODE {
        black_box(signal::send_all(black_box("v=0"), black_box(7), out));
    }
});
