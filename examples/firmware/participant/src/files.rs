//! Files that others stream to the device: of each its length and its CRC-32, as a firmware would check an update.

use core::cell::{Cell, RefCell};

use app::reading;
use defmt::{info, warn};
use heapless::String;
use livekit_micro::data::{Closed, StreamPart};

use crate::device::STREAMS;

/// The files that are being received, and the last one that came whole.
pub struct Files {
    open: RefCell<[File; STREAMS + 1]>,
    last: Cell<Option<File>>,
}

#[derive(Clone, Copy)]
struct File {
    bytes: u32,
    crc: u32,
}

const EMPTY: File = File { bytes: 0, crc: 0 };

impl Files {
    pub const fn new() -> Self {
        Self { open: RefCell::new([EMPTY; _]), last: Cell::new(None) }
    }

    /// Takes a part of a file.
    pub fn take(&self, part: &StreamPart<'_>) {
        let mut open = self.open.borrow_mut();
        let Some(file) = open.get_mut(part.stream) else { return };
        if part.opened.is_some() {
            *file = EMPTY;
        }
        file.bytes = file.bytes.wrapping_add(part.content.len() as u32);
        file.crc = part.content.iter().fold(file.crc, |crc, byte| crc32(crc, *byte));
        match part.closed {
            Some(Closed::Complete { .. }) => {
                info!("file of {=u32} bytes, CRC-32 {=u32:08x}", file.bytes, file.crc);
                self.last.set(Some(*file));
            }
            Some(closed) => warn!("file: {}", closed),
            None => {}
        }
    }

    /// The last one that came whole, in JSON; `null` if there is none.
    pub fn json<const N: usize>(&self, out: &mut String<N>) {
        let Some(file) = self.last.get() else { return reading::add(out, "null") };
        reading::add(out, "{\"bytes\":");
        reading::number(out, file.bytes, 10, 1);
        reading::add(out, ",\"crc32\":\"");
        reading::number(out, file.crc, 16, 8);
        reading::add(out, "\"}");
    }
}

/// The CRC-32 of zlib and Ethernet, of one more byte: a bit at a time, as a table would take 1 KB.
fn crc32(crc: u32, byte: u8) -> u32 {
    let bit = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
    !(0..8).fold(!crc ^ u32::from(byte), bit)
}
