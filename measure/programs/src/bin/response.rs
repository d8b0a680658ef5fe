//! A signal response, decoded and encoded, nothing inside it touched: what its cases cost.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::cases::response;

programs::forever!(|frame, out| {
    black_box(response(frame, out));
});
