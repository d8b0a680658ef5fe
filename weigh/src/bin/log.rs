//! A received data packet is printed: what is inside it stays unread, and its decoders unlinked.
#![no_std]
#![no_main]

use core::fmt::{self, Write};
use core::hint::black_box;

use livekit_micro::borrowed::DataPacket;
use livekit_micro::decode_into;

weigh::may_panic!(); // as what formats a number can

struct Sink;

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut frame = [0; 64];
    black_box(&mut frame);
    loop {
        let mut packet = DataPacket::default();
        if decode_into(&mut packet, black_box(&frame)).is_ok() {
            let _ = write!(Sink, "{packet:?}");
        }
    }
}
