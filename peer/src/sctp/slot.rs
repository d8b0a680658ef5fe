//! Chunks that came out of order.

use super::chunk::{DataHead, FIRST, LAST};
use crate::bytes::copy;

/// Keeps one DATA chunk that came before its turn, until those before it came. 1 212 bytes.
///
/// Without slots every chunk after a lost one must be sent again.
#[derive(Clone)]
pub struct Slot {
    tsn: u32,
    ppid: u32,
    stream: u16,
    /// The length in the low 12 bits, the flags B and E, and whether the slot is in use.
    packed: u16,
    data: [u8; SLOT],
}

/// The longest data of a chunk that a [`Slot`] can keep, in bytes: no peer of WebRTC sends more in one chunk.
pub const SLOT: usize = 1200;

impl Slot {
    /// An empty slot.
    pub const fn new() -> Self {
        Self { tsn: 0, ppid: 0, stream: 0, packed: 0, data: [0; SLOT] }
    }

    pub(super) fn used(&self) -> bool {
        self.packed & USED != 0
    }

    pub(super) fn tsn(&self) -> u32 {
        self.tsn
    }

    /// Keeps a chunk. `false` if it is too long.
    pub(super) fn keep(&mut self, head: &DataHead, data: &[u8]) -> bool {
        let Some(to) = self.data.get_mut(..data.len()) else { return false };
        copy(to, data);
        self.tsn = head.tsn;
        self.ppid = head.ppid;
        self.stream = head.stream;
        let flags = u16::from(head.flags & (FIRST | LAST)) << FLAGS_SHIFT;
        self.packed = USED | flags | (data.len() as u16 & LENGTH);
        true
    }

    /// Frees it. What it kept can be read until something else is kept.
    pub(super) fn free(&mut self) {
        self.packed &= !USED;
    }

    pub(super) fn head(&self) -> DataHead {
        let flags = (self.packed >> FLAGS_SHIFT) as u8 & (FIRST | LAST);
        DataHead { tsn: self.tsn, ppid: self.ppid, stream: self.stream, flags }
    }

    pub(super) fn data_mut(&mut self) -> &mut [u8] {
        self.data.get_mut(..usize::from(self.packed & LENGTH)).unwrap_or_default()
    }

    pub(super) fn data(&self) -> &[u8] {
        self.data.get(..usize::from(self.packed & LENGTH)).unwrap_or(&[])
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::new()
    }
}

const USED: u16 = 0x8000;
const FLAGS_SHIFT: u16 = 12;
const LENGTH: u16 = 0x0fff;
