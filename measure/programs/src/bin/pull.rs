//! Three fields of a user packet are read with the pull reader.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::pull::pull;

programs::forever!(|encoded, _out| {
    if programs::DECODE {
        let _ = black_box(pull(encoded));
    }
});
