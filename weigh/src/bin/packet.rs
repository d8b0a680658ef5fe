//! A data packet, received and sent; nothing inside it is touched.
#![no_std]
#![no_main]

use core::hint::black_box;

use livekit_micro::borrowed::DataPacket;
use livekit_micro::{decode_into, to_slice};
use weigh::{DECODE, ENCODE};

#[cortex_m_rt::entry]
fn main() -> ! {
    let (mut frame, mut out) = ([0; 64], [0; 64]);
    black_box((&mut frame, &mut out));
    let mut packet = DataPacket::default();
    loop {
        // Each time any packet at all, as far as the optimiser knows.
        black_box(&mut packet);
        if DECODE {
            black_box(decode_into(&mut packet, black_box(&frame)).is_ok());
        }
        black_box(&mut packet);
        if ENCODE {
            black_box(to_slice(&packet, &mut out).is_ok());
        }
    }
}
