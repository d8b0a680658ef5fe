//! Records: what the stream of bytes carries.

use crate::codec::rt::copy;

/// Kind and length.
pub(super) const HEAD_BYTES: usize = 3;

/// What the device sends: the room that it wants, and as whom.
pub(super) const JOIN: u8 = 1;
/// Both: a packet.
pub(super) const RELIABLE: u8 = 2;
pub(super) const LOSSY: u8 = 3;
/// What the device sends: it leaves the room.
pub(super) const LEAVE: u8 = 4;
/// What the bridge sends: the state of the connection to the room.
pub(super) const CONNECTED: u8 = 5;
pub(super) const RECONNECTING: u8 = 6;
pub(super) const RECONNECTED: u8 = 7;
pub(super) const DISCONNECTED: u8 = 8;
/// A participant has left.
pub(super) const LEFT: u8 = 9;
/// Packets were dropped.
pub(super) const DROPPED: u8 = 10;

/// Puts records together.
pub(super) struct Records<'a> {
    memory: &'a mut [u8],
    head: [u8; HEAD_BYTES],
    /// Bytes of the head that were received.
    head_len: usize,
    /// Bytes of the content that were received.
    received: usize,
    /// Of them, in `memory`.
    len: usize,
    /// What was found is told: the next byte is of another record, or of another part.
    is_told: bool,
}

/// A record, or a part of one that does not fit the memory.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) kind: u8,
    /// Its bytes in the memory.
    pub(super) len: usize,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
    /// The length of the record.
    pub(super) total: usize,
}

impl<'a> Records<'a> {
    pub(super) const fn new(memory: &'a mut [u8]) -> Self {
        Self { memory, head: [0; 3], head_len: 0, received: 0, len: 0, is_told: false }
    }

    /// Begins anew: another stream.
    pub(super) fn clear(&mut self) {
        (self.head_len, self.received, self.len, self.is_told) = (0, 0, 0, false);
    }

    pub(super) const fn longest(&self) -> usize {
        self.memory.len()
    }

    /// The first bytes of what was found last.
    pub(super) fn content(&self, len: usize) -> &[u8] {
        self.memory.get(..len).unwrap_or_default()
    }

    pub(super) fn content_mut(&mut self, len: usize) -> &mut [u8] {
        self.memory.get_mut(..len).unwrap_or_default()
    }

    /// Takes bytes of the stream: how many, and what has come of them.
    #[inline(never)]
    pub(super) fn take(&mut self, stream: &[u8]) -> (usize, Option<Found>) {
        if self.memory.is_empty() {
            return (stream.len(), None);
        }
        let mut rest = stream;
        if self.is_told {
            (self.len, self.is_told) = (0, false);
            if self.received >= self.total() {
                self.clear();
            }
        }
        while let (Some(place), Some((byte, others))) =
            (self.head.get_mut(self.head_len), rest.split_first())
        {
            (*place, rest) = (*byte, others);
            self.head_len = self.head_len.wrapping_add(1);
        }
        let mut found = None;
        if self.head_len == HEAD_BYTES {
            let total = self.total();
            let space = self.memory.get_mut(self.len..).unwrap_or_default();
            let wanted = total.saturating_sub(self.received).min(space.len()).min(rest.len());
            let (taken, others) = rest.split_at_checked(wanted).unwrap_or_default();
            copy(space, taken);
            let is_full = wanted == space.len();
            rest = others;
            self.len = self.len.wrapping_add(wanted);
            self.received = self.received.wrapping_add(wanted);
            let is_last = self.received >= total;
            if is_last || is_full {
                let [kind, ..] = self.head;
                let is_first = self.received == self.len;
                found = Some(Found { kind, len: self.len, is_first, is_last, total });
                self.is_told = true;
            }
        }
        (stream.len().saturating_sub(rest.len()), found)
    }

    fn total(&self) -> usize {
        let [_, low, high] = self.head;
        usize::from(u16::from_le_bytes([low, high]))
    }
}
