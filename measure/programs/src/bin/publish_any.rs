//! One user packet is published; the optimiser does not see which case of the oneof it is.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::publish::publish_any;

programs::forever!(|_frame, out| {
    let (topic, payload, sequence) = black_box(("temperature", &[1, 2, 3], 7));
    black_box(publish_any(topic, payload, sequence, out));
});
