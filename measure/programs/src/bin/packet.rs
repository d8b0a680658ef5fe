//! A data packet, received and sent. The submessages of a borrowed one stay encoded.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::mem::MaybeUninit;

use programs::codec::packet::{Packet, decode, encode};

programs::forever!(|encoded, out| {
    static mut PLACE: MaybeUninit<Packet<'static>> = MaybeUninit::uninit();
    let place = &raw mut PLACE;
    // SAFETY: nothing else names it.
    let packet = unsafe { (*place).write(Packet::default()) };
    if programs::DECODE {
        black_box(decode(packet, encoded));
    }
    // Any packet at all, as far as the optimiser knows.
    black_box(&mut *packet);
    if programs::ENCODE {
        black_box(encode(packet, out));
    }
});
