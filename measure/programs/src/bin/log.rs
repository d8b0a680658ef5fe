//! A received data packet is printed: its submessages stay encoded, and their decoders unlinked.
#![no_std]
#![no_main]

use core::fmt::{self, Write};
use core::hint::black_box;

use programs::codec::packet::{Packet, decode};

programs::may_panic!(); // as what formats a number can

struct Sink;

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}

programs::forever!(|encoded, _out| {
    let mut packet = Packet::default();
    if decode(&mut packet, encoded) {
        let _ = write!(Sink, "{packet:?}");
    }
});
