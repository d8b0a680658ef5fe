//! Messages put together from chunks that come in the order of their TSNs.

use super::chunk::{DataHead, FIRST, LAST};
use super::event::{Place, Step};
use crate::bytes::copy;

/// The receive buffer, and the message in it.
pub(super) struct Assembly<'a> {
    buffer: &'a mut [u8],
    /// How long the message is so far, also when it is longer than the buffer.
    len: usize,
    /// Its stream.
    stream: u16,
    /// Whether a message has begun and not ended.
    begun: bool,
    /// What does not fit is given out in parts, and not skipped.
    in_parts: bool,
    /// The first part of the message was given out: what follows is, as it comes.
    divided: bool,
}

impl<'a> Assembly<'a> {
    pub(super) const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, len: 0, stream: 0, begun: false, in_parts: false, divided: false }
    }

    /// Gives messages that do not fit out in parts from now on.
    pub(super) const fn divide(&mut self) {
        self.in_parts = true;
    }

    /// What the buffer can still take.
    pub(super) fn free(&self) -> usize {
        match self.buffer.len().checked_sub(self.len) {
            Some(free) if self.begun => free,
            // Nothing is in it, or only the start of a message that will be skipped.
            _ => self.buffer.len(),
        }
    }

    pub(super) fn bytes(&self, len: usize) -> &[u8] {
        self.buffer.get(..len).unwrap_or(&[])
    }

    pub(super) fn bytes_mut(&mut self, len: usize) -> &mut [u8] {
        self.buffer.get_mut(..len).unwrap_or_default()
    }

    /// Forgets a message of which the rest will not come.
    pub(super) fn give_up(&mut self) {
        self.begun = false;
    }

    /// The next chunk, whose data lie at `place`. The result is the event of the message that it ends.
    pub(super) fn take(&mut self, head: &DataHead, data: &[u8], place: Place) -> Option<Step> {
        let &DataHead { flags, stream, ppid, .. } = head;
        if stream == NO_STREAM {
            self.begun = false;
            return None;
        }
        if flags & (FIRST | LAST) == FIRST | LAST {
            self.begun = false;
            return Some(Step::Message { stream, ppid, place });
        }
        if flags & FIRST != 0 {
            self.len = 0;
            self.stream = stream;
            self.divided = false;
        } else if !self.begun || self.stream != stream {
            // The end of a message whose start was given up.
            self.begun = false;
            return None;
        }
        self.begun = flags & LAST == 0;
        let offset = self.len;
        self.len = offset.saturating_add(data.len());
        let is_last = flags & LAST != 0;
        if self.divided {
            return Some(Step::Part { stream, ppid, offset, place, is_last });
        }
        let len = self.len;
        match self.buffer.get_mut(offset..).and_then(|free| free.get_mut(..data.len())) {
            Some(free) => copy(free, data),
            // A chunk that is longer than the buffer. (One that is longer than those before it is not foreseen: the message
            // is skipped.)
            None if self.in_parts && offset == 0 => {
                self.divided = true;
                return Some(Step::Part { stream, ppid, offset, place, is_last });
            }
            None => {}
        }
        let capacity = self.buffer.len();
        if !is_last {
            // The next chunk, as long as this one, would not fit.
            let fits = len.saturating_add(data.len()) <= capacity;
            self.divided = self.in_parts && !fits && len <= capacity;
            let place = Place::Buffer { len };
            let part = Step::Part { stream, ppid, offset: 0, place, is_last };
            return self.divided.then_some(part);
        }
        if len <= capacity {
            Some(Step::Message { stream, ppid, place: Place::Buffer { len } })
        } else {
            Some(Step::Skipped { stream, len })
        }
    }
}

/// RFC 8831, 6.2: there are at most 65 535 streams, so this one does not exist.
pub(super) const NO_STREAM: u16 = u16::MAX;
