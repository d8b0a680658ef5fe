//! The transmit buffer: chunks that are not acknowledged yet, in the order of their TSNs.

use super::chunk::{FIRST, LAST};
use super::{Delivery, Reliability};
use crate::bytes::copy;

/// Entries of [`ENTRY`] bytes and their data, one after the other. An entry is known by its offset.
pub(super) struct Queue<'a> {
    buffer: &'a mut [u8],
    head: usize,
    tail: usize,
}

/// One DATA chunk, and what became of it.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) len: u16,
    /// E, B and U of the chunk; whether it expires, or is limited in retransmissions.
    pub(super) flags: u8,
    /// [`SENT`], [`ACKED`], …
    pub(super) state: u8,
    pub(super) stream: u16,
    /// The stream sequence number, from when the first chunk of the message is sent.
    pub(super) ssn: u16,
    pub(super) ppid: u32,
    /// When it expires, or how many retransmissions there may be.
    pub(super) limit: u32,
    /// How often it was sent.
    pub(super) sends: u16,
    /// How often later chunks were reported and this one was not (RFC 9260, 7.2.4).
    pub(super) misses: u8,
}

/// Beside E, B and U in [`Entry::flags`].
pub(super) const EXPIRES: u8 = 0x10;
pub(super) const LIMITED: u8 = 0x20;

/// It has a TSN.
pub(super) const SENT: u8 = 1;
/// A Gap Ack Block reported it.
pub(super) const ACKED: u8 = 2;
/// It is lost, and to be sent again.
pub(super) const RESEND: u8 = 4;
/// It is not sent any more.
pub(super) const ABANDONED: u8 = 8;
/// It was sent again by fast retransmit.
pub(super) const FAST: u8 = 16;
/// Its round trip is measured.
pub(super) const TIMED: u8 = 32;

/// What the transmit buffer takes for a chunk beside its data, in bytes.
pub const ENTRY: usize = 20;

impl Entry {
    pub(super) fn is(&self, state: u8) -> bool {
        self.state & state != 0
    }

    pub(super) fn in_flight(&self) -> bool {
        self.state & (SENT | ACKED | RESEND | ABANDONED) == SENT
    }

    /// Whether its lifetime is over, or it was sent as often as it may be.
    pub(super) fn expired(&self, now: u32) -> bool {
        self.flags & EXPIRES != 0 && !super::bytes::before(now, self.limit)
    }

    pub(super) fn exhausted(&self) -> bool {
        self.flags & LIMITED != 0 && u32::from(self.sends) > self.limit
    }

    fn size(&self) -> usize {
        ENTRY.wrapping_add(self.len.into())
    }
}

impl<'a> Queue<'a> {
    pub(super) const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, head: 0, tail: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.head = 0;
        self.tail = 0;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.head == self.tail
    }

    pub(super) fn capacity(&self) -> usize {
        self.buffer.len()
    }

    /// How many bytes are free.
    pub(super) fn free(&self) -> usize {
        self.buffer.len().saturating_sub(self.tail.saturating_sub(self.head))
    }

    /// The offset of the first entry.
    pub(super) fn first(&self) -> usize {
        self.head
    }

    pub(super) fn get(&self, at: usize) -> Option<Entry> {
        let entry: &[u8; ENTRY] = self.buffer.get(..self.tail)?.get(at..)?.first_chunk()?;
        let [
            l0,
            l1,
            flags,
            state,
            s0,
            s1,
            n0,
            n1,
            p0,
            p1,
            p2,
            p3,
            e0,
            e1,
            e2,
            e3,
            c0,
            c1,
            misses,
            _,
        ] = *entry;
        Some(Entry {
            len: u16::from_le_bytes([l0, l1]),
            flags,
            state,
            stream: u16::from_le_bytes([s0, s1]),
            ssn: u16::from_le_bytes([n0, n1]),
            ppid: u32::from_le_bytes([p0, p1, p2, p3]),
            limit: u32::from_le_bytes([e0, e1, e2, e3]),
            sends: u16::from_le_bytes([c0, c1]),
            misses,
        })
    }

    pub(super) fn set(&mut self, at: usize, entry: &Entry) {
        let [l0, l1] = entry.len.to_le_bytes();
        let [s0, s1] = entry.stream.to_le_bytes();
        let [n0, n1] = entry.ssn.to_le_bytes();
        let [p0, p1, p2, p3] = entry.ppid.to_le_bytes();
        let [e0, e1, e2, e3] = entry.limit.to_le_bytes();
        let [c0, c1] = entry.sends.to_le_bytes();
        let Entry { flags, state, misses, .. } = *entry;
        if let Some(to) = self.buffer.get_mut(at..).and_then(|to| to.first_chunk_mut()) {
            *to = [
                l0, l1, flags, state, s0, s1, n0, n1, p0, p1, p2, p3, e0, e1, e2, e3, c0, c1,
                misses, 0,
            ];
        }
    }

    /// The offset of the entry after this one.
    pub(super) fn next(&self, at: usize, entry: &Entry) -> usize {
        at.wrapping_add(entry.size())
    }

    pub(super) fn data(&self, at: usize, entry: &Entry) -> &[u8] {
        let data = self.buffer.get(at.wrapping_add(ENTRY)..);
        data.and_then(|data| data.get(..entry.len.into())).unwrap_or(&[])
    }

    /// Forgets the first entry.
    pub(super) fn pop(&mut self, entry: &Entry) {
        self.head = self.head.wrapping_add(entry.size());
        if self.head >= self.tail {
            self.clear();
        }
    }

    /// Takes out the message whose first entry is at `at`.
    pub(super) fn remove(&mut self, at: usize) {
        let mut end = at;
        while let Some(entry) = self.get(end) {
            end = self.next(end, &entry);
            if entry.flags & LAST != 0 {
                break;
            }
        }
        self.shift(end, at);
    }

    /// Appends a message in chunks of at most `fragment` bytes. The caller has seen that it is
    /// not empty and that its [`cost`] is free.
    pub(super) fn push(
        &mut self,
        (stream, ppid, delivery): (u16, u32, Delivery),
        parts: &[&[u8]],
        fragment: usize,
        now: u32,
    ) {
        let mut rest = length(parts);
        if self.buffer.len().saturating_sub(self.tail) < cost(rest, fragment) {
            self.shift(self.head, 0);
        }
        let (limited, limit) = match delivery.reliability {
            Reliability::Reliable => (0, 0),
            Reliability::Retransmits(count) => (LIMITED, count.into()),
            Reliability::Lifetime(ms) => (EXPIRES, now.wrapping_add(ms.into())),
        };
        let unordered = if delivery.unordered { super::chunk::UNORDERED } else { 0 };
        let mut flags = FIRST | unordered | limited;
        let mut parts = parts.iter().copied();
        let mut part: &[u8] = &[];
        while rest > 0 {
            let len = rest.min(fragment);
            rest = rest.wrapping_sub(len);
            if rest == 0 {
                flags |= LAST;
            }
            let entry = Entry {
                len: len as u16,
                flags,
                state: 0,
                stream,
                ssn: 0,
                ppid,
                limit,
                sends: 0,
                misses: 0,
            };
            let at = self.tail;
            self.set(at, &entry);
            let start = at.wrapping_add(ENTRY);
            self.tail = start.wrapping_add(len);
            let mut free = self.buffer.get_mut(start..self.tail).unwrap_or(&mut []);
            while !free.is_empty() {
                if part.is_empty() {
                    let Some(next) = parts.next() else { break };
                    part = next;
                }
                let count = part.len().min(free.len());
                let (now, later) = part.split_at_checked(count).unwrap_or((part, &[]));
                copy(free, now);
                free = free.get_mut(count..).unwrap_or(&mut []);
                part = later;
            }
            flags &= !FIRST;
        }
    }

    /// Moves everything from `from` on to `to`, which is before it.
    fn shift(&mut self, from: usize, to: usize) {
        if to == 0 {
            self.head = 0;
        }
        let (mut from, mut to) = (from, to);
        // In steps, through the stack: `memmove` is large, and nothing else needs it.
        while from < self.tail {
            let step = self.tail.wrapping_sub(from).min(STEP);
            let mut bytes = [0; STEP];
            if let Some(source) = self.buffer.get(from..) {
                copy(&mut bytes, source);
            }
            if let Some(target) =
                self.buffer.get_mut(to..).and_then(|target| target.get_mut(..step))
            {
                copy(target, &bytes);
            }
            from = from.wrapping_add(step);
            to = to.wrapping_add(step);
        }
        self.tail = to;
    }

    /// The whole buffer, for what must be kept before there can be a message.
    pub(super) fn scratch(&mut self) -> &mut [u8] {
        self.buffer
    }
}

const STEP: usize = 64;

/// The length of a message in parts.
pub(super) fn length(parts: &[&[u8]]) -> usize {
    parts.iter().fold(0, |sum: usize, part| sum.saturating_add(part.len()))
}

/// What a message of `len` bytes takes of the transmit buffer.
pub(super) fn cost(len: usize, fragment: usize) -> usize {
    let mut cost = len;
    let mut rest = len;
    // No division: a core without one would link it for this.
    while rest > 0 {
        cost = cost.saturating_add(ENTRY);
        rest = rest.saturating_sub(fragment);
    }
    cost
}
