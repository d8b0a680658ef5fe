//! Instructions and stack of what is done with a data packet, and sizes of types.
//!
//! Prints a figure a line: its kind, what is done, a number, with a bar between them.
#![no_std]
#![no_main]

use core::fmt::{self, Write};
use core::hint::black_box;

use emulator::semihosting::{exit, print};
use emulator::stack;
use programs::codec::packet::{Packet, decode, encode, read, with};
use programs::codec::publish::publish;
use programs::ticks;

// Its assertions can.
#[cfg(any(feature = "borrowed", feature = "owned"))]
programs::may_panic!();

/// Bytes whose alignment is known: what copies them depends on it.
#[repr(align(8))]
struct Aligned<const N: usize>([u8; N]);

/// Measures what is done with the packet of `len` bytes that has this payload.
fn measure(len: usize, payload: &[u8], packet: &Packet) {
    let (mut encoded, mut out) = (Aligned([0; 1200]), Aligned([0; 1200]));
    assert_eq!(encode(packet, &mut encoded.0[..len]), Some(len));
    let encoded = &encoded.0[..len];
    let mut place = Packet::default();
    assert_eq!(read(&mut place, encoded), Some((payload, "temperature")));
    row(format_args!("checksum|packet, {len} B"), checksum(encoded));

    let at_offset = |offset: usize| {
        let buf = &mut out.0[offset..][..len];
        ticks::of(&mut || _ = black_box(encode(packet, buf)))
    };
    let worst = (0..4).map(at_offset).max().expect("there are four");
    row(format_args!("instructions|encode, {len} B"), worst);
    stack_of(format_args!("stack|encode, {len} B"), &mut || {
        black_box(encode(packet, &mut out.0[..len]));
    });
    both("decode", len, &mut || _ = black_box(decode(&mut place, encoded)));
    both("read payload and topic", len, &mut || _ = black_box(read(&mut place, encoded)));
    both("publish", len, &mut || {
        black_box(publish("temperature", payload, 300, &mut out.0));
    });
    #[cfg(feature = "borrowed")]
    both("pull payload and topic", len, &mut || {
        _ = black_box(programs::codec::pull::pull_two(encoded))
    });
}

fn both(name: &str, len: usize, call: &mut dyn FnMut()) {
    row(format_args!("instructions|{name}, {len} B"), ticks::of(call));
    stack_of(format_args!("stack|{name}, {len} B"), call);
}

fn stack_of(figure: fmt::Arguments, call: &mut dyn FnMut()) {
    row(figure, stack::of(call).1 - stack::of(|| {}).1);
}

/// Codecs that do the same work encode the same bytes, but for the order of its fields.
fn checksum(encoded: &[u8]) -> usize {
    encoded.iter().map(|byte| usize::from(*byte).pow(2)).sum()
}

fn row(figure: fmt::Arguments, number: usize) {
    let _ = writeln!(Host, "{figure}|{number}");
}

struct Host;

impl Write for Host {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        print(text);
        Ok(())
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    ticks::start();
    row(format_args!("size_of|DataPacket"), size_of::<Packet>());
    #[cfg(feature = "borrowed")]
    for (name, size) in programs::codec::SIZES {
        row(format_args!("size_of|{name}"), size);
    }
    let payload = Aligned(core::array::from_fn::<u8, 1024, _>(|at| at as u8));
    with(&payload.0, &mut |packet| measure(1145, &payload.0, packet));
    with(&payload.0[..32], &mut |packet| measure(151, &payload.0[..32], packet));
    exit(true)
}
