//! A data packet of the owned family with everything in it, received and sent.
#![no_std]
#![no_main]

use core::hint::black_box;

use livekit_micro::owned::DataPacket;
use livekit_micro::{decode_into, to_slice};
use weigh::{DECODE, ENCODE};

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut PACKET: DataPacket = DataPacket::new();
    let (mut frame, mut out) = ([0; 64], [0; 64]);
    black_box((&mut frame, &mut out));
    loop {
        if DECODE {
            black_box(decode_into(black_box(&mut *PACKET), black_box(&frame)).is_ok());
        }
        if ENCODE {
            black_box(to_slice(black_box(&*PACKET), &mut out).is_ok());
        }
    }
}
