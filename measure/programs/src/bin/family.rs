//! Each message of the data packet family by itself, decoded and encoded.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::family;

programs::forever!(|encoded, out| {
    if programs::DECODE {
        black_box(family::round_trip(black_box(0), encoded, out));
    }
});
