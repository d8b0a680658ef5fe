//! Each message of data packets, rooms and signalling by itself, decoded and encoded.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::all;

programs::forever!(|encoded, out| {
    if programs::DECODE {
        black_box(all::round_trip(black_box(0), encoded, out));
    }
});
