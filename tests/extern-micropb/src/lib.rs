//! The firmware's own messages, and how they reach a storage that takes a few bytes at a time.
#![no_std]
#![forbid(unsafe_code)]

/// What micropb-gen makes of firmware.proto.
mod generated {
    #![allow(nonstandard_style, unused, clippy::all)]
    include!(concat!(env!("OUT_DIR"), "/firmware.rs"));
}

pub use generated::firmware_ as firmware;

use micropb::{MessageDecode, MessageEncode, PbDecoder, PbEncoder, PbRead, PbWrite};

/// Bytes of a page of the storage.
const PAGE_BYTES: usize = 16;

/// Why nothing was stored or loaded.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// The storage is full.
    Full,
    /// What is stored is damaged.
    Damaged,
}

/// Writes `message` to the pages; returns how many bytes that takes.
pub fn store(message: &impl MessageEncode, pages: &mut [[u8; PAGE_BYTES]]) -> Result<usize, Error> {
    let mut encoder = PbEncoder::new(Writer { pages, used: 0 });
    message.encode(&mut encoder)?;
    Ok(encoder.as_writer().used)
}

/// Reads what the first `len` bytes of the pages hold.
pub fn load(
    message: &mut impl MessageDecode,
    pages: &[[u8; PAGE_BYTES]],
    len: usize,
) -> Result<(), Error> {
    let mut decoder = PbDecoder::new(Reader { pages, used: 0 });
    message.decode(&mut decoder, len).map_err(|_| Error::Damaged)
}

struct Writer<'p> {
    pages: &'p mut [[u8; PAGE_BYTES]],
    used: usize,
}

impl PbWrite for Writer<'_> {
    type Error = Error;

    fn pb_write(&mut self, data: &[u8]) -> Result<(), Error> {
        for byte in data {
            let place = self.pages.as_flattened_mut().get_mut(self.used);
            *place.ok_or(Error::Full)? = *byte;
            self.used += 1;
        }
        Ok(())
    }
}

/// Hands out one page after the other.
struct Reader<'p> {
    pages: &'p [[u8; PAGE_BYTES]],
    /// Bytes of the first page that are read.
    used: usize,
}

impl PbRead for Reader<'_> {
    type Error = Error;

    fn pb_read_chunk(&mut self) -> Result<&[u8], Error> {
        let page = self.pages.first().map_or(&[][..], |page| page);
        Ok(page.get(self.used..).unwrap_or(&[]))
    }

    fn pb_advance(&mut self, bytes: usize) {
        self.used += bytes;
        if self.used >= PAGE_BYTES {
            self.pages = self.pages.get(1..).unwrap_or(&[]);
            self.used = 0;
        }
    }
}
