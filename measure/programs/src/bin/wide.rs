//! Each message of data packets, rooms and participants by itself, decoded and encoded.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::wide;

programs::forever!(|encoded, out| {
    if programs::DECODE {
        black_box(wide::round_trip(black_box(0), encoded, out));
    }
});
