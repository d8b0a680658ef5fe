//! The memory of an open stream.

use super::{StreamError, StreamPart};
use crate::data::id::{Sid, Text};

/// A stream that is open.
#[derive(Clone, Copy)]
pub struct Slot {
    pub(super) sid: Sid,
    /// The hash of its sender's identity: a sid is not authenticated, a key is the identity's.
    #[cfg(feature = "e2ee")]
    pub(super) from: u32,
    pub(super) id: Text<36>,
    pub(super) is_open: bool,
    pub(super) is_encrypted: bool,
    pub(super) topic: u8,
    /// The index of the next chunk.
    pub(super) next: u32,
    /// Bytes that were passed on.
    pub(super) received: u32,
    /// Bytes of the last chunk, which is read in pieces, that are still to come.
    pub(super) left: u32,
    /// `None`: the sender has not told it.
    pub(super) total: Option<u32>,
    /// When the last part came.
    pub(super) at: u32,
}

pub(super) const FREE: Slot = Slot {
    sid: Sid::NONE,
    #[cfg(feature = "e2ee")]
    from: 0,
    id: Text::EMPTY,
    is_open: false,
    is_encrypted: false,
    topic: 0,
    next: 0,
    received: 0,
    left: 0,
    total: None,
    at: 0,
};

impl Slot {
    /// Counts a chunk of `len` bytes; `false` if it was there before.
    pub(super) fn take(
        &mut self,
        index: u32,
        len: usize,
        max_bytes: u32,
        now: u32,
    ) -> Result<bool, StreamError> {
        if index < self.next {
            return Ok(false);
        }
        if index != self.next || self.left != 0 {
            return Err(StreamError::MissedChunk);
        }
        let received = u32::try_from(len).ok().and_then(|len| self.received.checked_add(len));
        let received =
            received.filter(|it| *it <= max_bytes).ok_or(StreamError::PayloadTooLarge)?;
        if self.total.is_some_and(|total| received > total) {
            return Err(StreamError::LengthExceeded);
        }
        (self.next, self.received, self.at) = (index.wrapping_add(1), received, now);
        Ok(true)
    }

    /// Milliseconds until it is given up, if nothing comes.
    pub(in crate::data) fn left(&self, idle_ms: u32, now: u32) -> u32 {
        idle_ms.saturating_sub(now.wrapping_sub(self.at))
    }

    pub(in crate::data) fn is_of(&self, sid: &Sid) -> bool {
        self.sid.is(sid)
    }

    pub(in crate::data) const fn is_open(&self) -> bool {
        self.is_open
    }
}

/// Finds the open stream of this sender and id. The sender counts too: ids are not secret, and anybody in
/// the room can send chunks with one.
#[inline(never)]
pub(super) fn find<'s>(
    slots: &'s mut [Slot],
    sid: &Sid,
    id: &[u8],
) -> Option<(usize, &'s mut Slot)> {
    let mut slots = slots.iter_mut().enumerate();
    slots.find(|(_, slot)| slot.is_open && slot.id.is(id) && slot.sid.is(sid))
}

/// Gives up the first open stream for which `is` is `true`.
#[inline(never)]
pub(in crate::data) fn fail_first(
    slots: &mut [Slot],
    error: StreamError,
    is: &dyn Fn(&Slot) -> bool,
) -> Option<StreamPart<'static>> {
    let (at, slot) = slots.iter_mut().enumerate().find(|(_, slot)| slot.is_open && is(slot))?;
    slot.is_open = false;
    Some(StreamPart::failed(at, usize::from(slot.topic), slot.received, error))
}
