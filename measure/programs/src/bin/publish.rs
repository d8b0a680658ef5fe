//! One user packet is published.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::publish::publish;

programs::forever!(|_frame, out| {
    let (topic, payload, sequence) = black_box(("temperature", &[1, 2, 3], 7));
    black_box(publish(topic, payload, sequence, out));
});
