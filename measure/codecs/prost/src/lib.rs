//! prost and an allocator, to be measured.
#![no_std]

use core::hint::black_box;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use embedded_alloc::LlffHeap;
use prost::Message;

extern crate alloc;

#[allow(clippy::all, unused)]
mod messages {
    include!(concat!(env!("OUT_DIR"), "/livekit.rs"));
}

/// prost allocates, so a firmware with it has an allocator. Nothing is measured that would fill it.
#[global_allocator]
static HEAP: LlffHeap = LlffHeap::empty();

/// There are no interrupts that could come between.
struct Alone;
critical_section::set_impl!(Alone);
// SAFETY: as above.
unsafe impl critical_section::Impl for Alone {
    unsafe fn acquire() {}
    unsafe fn release((): ()) {}
}

pub(crate) fn with_heap() {
    static mut MEMORY: [u8; HEAP_BYTES] = [0; HEAP_BYTES];
    static READY: AtomicBool = AtomicBool::new(false);
    if !READY.load(Relaxed) {
        READY.store(true, Relaxed);
        // SAFETY: once.
        unsafe { HEAP.init(&raw mut MEMORY as usize, HEAP_BYTES) }
    }
}

/// Twice the largest packet.
const HEAP_BYTES: usize = 4096;

pub mod packet;
pub mod publish;
pub mod signal;

/// Each message of the family by itself.
pub mod family {
    #[inline(never)]
    pub fn turn(which: usize, frame: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::{messages::*, turn};
        measure_messages::family!(which, turn(frame, out))
    }
}

/// Each message of the family and of rooms by itself.
pub mod wide {
    #[inline(never)]
    pub fn turn(which: usize, frame: &[u8], out: &mut [u8]) -> Option<usize> {
        use super::{messages::*, turn};
        measure_messages::wide!(which, turn(frame, out))
    }
}

fn turn<M: Message + Default>(frame: &[u8], out: &mut [u8]) -> Option<usize> {
    with_heap();
    let mut message = M::decode(frame).ok()?;
    // Any message at all, as far as the optimiser knows.
    black_box(&mut message);
    encode(&message, out)
}

fn encode<M: Message>(message: &M, mut out: &mut [u8]) -> Option<usize> {
    let len = out.len();
    message.encode(&mut out).ok()?;
    Some(len - out.len())
}
