//! Handshake messages, reassembled from fragments that come in any order.
//!
//! The message that is due is put together at the start of the buffer. Fragments of later messages wait at its
//! end, as they were received; where they do not fit they are dropped, and the server sends them again.

use super::message::{Fragment, MESSAGE_HEADER, MessageType};
use crate::bytes::{Reader, copy};

pub(super) struct Reassembly<'a> {
    buffer: &'a mut [u8],
    /// The message_seq of the message that is due.
    pub due: u16,
    /// Type and length of the message that is due, once a fragment of it is here.
    begun: Option<(MessageType, usize)>,
    /// What of it is here: from, to. Ranges that neither overlap nor touch, in any order.
    ranges: [(u16, u16); RANGES],
    /// How many bytes of later fragments wait at the end of the buffer.
    waiting: usize,
}

/// The message is larger than the buffer.
pub(super) struct TooLarge {
    pub capacity: u16,
}

impl<'a> Reassembly<'a> {
    pub const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, due: 0, begun: None, ranges: [(0, 0); RANGES], waiting: 0 }
    }

    /// Forgets everything; the message of this message_seq is due.
    pub fn restart(&mut self, due: u16) {
        self.due = due;
        self.waiting = 0;
        self.discard();
    }

    /// Forgets the message that is due, which comes again.
    pub fn discard(&mut self) {
        self.begun = None;
        self.ranges = [(0, 0); RANGES];
    }

    /// Takes a fragment of the message that is due.
    pub fn insert(&mut self, fragment: &Fragment<'_>) -> Result<(), TooLarge> {
        let capacity = self.buffer.len().try_into().unwrap_or(u16::MAX);
        if fragment.length > capacity.into() {
            return Err(TooLarge { capacity });
        }
        if fragment.length > self.free() {
            self.waiting = 0;
        }
        self.place(fragment.kind, fragment.length, fragment.offset, fragment.body.len());
        if self.is_here(fragment.offset, fragment.body.len()) {
            let to = self.buffer.get_mut(fragment.offset..).unwrap_or_default();
            copy(to, fragment.body);
        }
        Ok(())
    }

    /// Keeps a fragment of a later message while there is space.
    pub fn keep(&mut self, fragment: &Fragment<'_>) {
        let needed = fragment.bytes.len();
        let free = self.free();
        let used = self.begun.map_or(0, |(_, length)| length);
        let is_near = fragment.sequence.wrapping_sub(self.due) < FLIGHT_MESSAGES;
        let Some(start) = free.checked_sub(needed).filter(|start| is_near && *start >= used) else {
            return;
        };
        let mut kept = Reader(self.buffer.get(free..).unwrap_or_default());
        while let Ok(other) = Fragment::read(&mut kept) {
            if other.bytes == fragment.bytes {
                return;
            }
        }
        let Some(to) = self.buffer.get_mut(start..free) else { return };
        copy(to, fragment.bytes);
        self.waiting = self.waiting.wrapping_add(needed);
    }

    /// The message that is due, if all of it is here.
    pub fn message(&self) -> Option<(MessageType, &[u8])> {
        let (kind, length) = self.begun?;
        let is_whole = length == 0
            || self.ranges.iter().any(|&(from, to)| from == 0 && usize::from(to) == length);
        if is_whole { Some((kind, self.buffer.get(..length)?)) } else { None }
    }

    /// The next message is due. What waited of it is moved to its place.
    pub fn advance(&mut self) {
        self.due = self.due.wrapping_add(1);
        self.discard();
        let mut offset = self.free();
        let mut is_needed = false;
        loop {
            let mut reader = Reader(self.buffer.get(offset..).unwrap_or_default());
            let Ok(fragment) = Fragment::read(&mut reader) else { break };
            let len = fragment.body.len();
            let body = offset.saturating_add(MESSAGE_HEADER);
            offset = body.saturating_add(len);
            // `due` - 1 was the last message: what is before it needs no space any more.
            is_needed |= fragment.sequence.wrapping_sub(self.due) < FLIGHT_MESSAGES;
            // A message that would be written over what waits comes again instead.
            if fragment.sequence != self.due || fragment.length > self.free() {
                continue;
            }
            let (kind, length, at) = (fragment.kind, fragment.length, fragment.offset);
            self.place(kind, length, at, len);
            let Some((message, waiting)) = self.buffer.split_at_mut_checked(body) else { break };
            if let (Some(to), Some(from)) = (message.get_mut(at..), waiting.get(..len)) {
                copy(to, from);
            }
        }
        if !is_needed {
            self.waiting = 0;
        }
    }

    /// Notes that a fragment is here. One of another length or type than those before replaces them: either was
    /// forged, and the server sends its own again, a forger perhaps not.
    fn place(&mut self, kind: MessageType, length: usize, offset: usize, len: usize) {
        if self.begun != Some((kind, length)) {
            self.discard();
            self.begun = Some((kind, length));
        }
        let (Ok(mut from), Ok(mut to)) =
            (u16::try_from(offset), u16::try_from(offset.saturating_add(len)))
        else {
            return;
        };
        if from == to {
            return;
        }
        // RFC 6347, 4.2.3: "DTLS implementations MUST be able to handle overlapping fragment ranges."
        for range in &mut self.ranges {
            if range.0 < range.1 && range.0 <= to && range.1 >= from {
                from = from.min(range.0);
                to = to.max(range.1);
                *range = (0, 0);
            }
        }
        if let Some(free) = self.ranges.iter_mut().find(|range| range.0 == range.1) {
            *free = (from, to);
        }
    }

    /// Whether the ranges hold this one: if there were too many, it was not noted.
    fn is_here(&self, offset: usize, len: usize) -> bool {
        let end = offset.saturating_add(len);
        self.ranges.iter().any(|&(from, to)| usize::from(from) <= offset && end <= usize::from(to))
    }

    /// Where the fragments that wait begin.
    fn free(&self) -> usize {
        self.buffer.len().saturating_sub(self.waiting)
    }
}

/// More gaps than that at the same time need more than sixteen fragments of one message, and a bad network.
const RANGES: usize = 8;
/// A flight of the server's has at most five messages.
const FLIGHT_MESSAGES: u16 = 5;
