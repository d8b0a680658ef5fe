//! Three fields of a user packet are read with the pull reader.
#![no_std]
#![no_main]

use core::hint::black_box;

use weigh::codec::pull::pull;

weigh::forever!(|frame, _out| {
    if weigh::DECODE {
        let _ = black_box(pull(frame));
    }
});
