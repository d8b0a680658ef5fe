//! A firmware's signalling: six cases of a response are read, six of a request are sent.
#![no_std]
#![no_main]

use core::hint::black_box;

use weigh::codec::signal;

weigh::forever!(|frame, out| {
    if weigh::DECODE {
        black_box(signal::receive(frame));
    }
    if weigh::ENCODE {
        black_box(signal::send_all(black_box("v=0"), black_box(7), out));
    }
});
