//! A signal request, decoded and encoded, its submessages stay encoded: what its cases cost.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::cases::request;

programs::forever!(|encoded, out| {
    black_box(request(encoded, out));
});
