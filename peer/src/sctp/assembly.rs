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
}

impl<'a> Assembly<'a> {
    pub(super) const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, len: 0, stream: 0, begun: false }
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
        } else if !self.begun || self.stream != stream {
            // The end of a message whose start was given up.
            self.begun = false;
            return None;
        }
        self.begun = true;
        let free = self.buffer.get_mut(self.len..).and_then(|free| free.get_mut(..data.len()));
        if let Some(free) = free {
            copy(free, data);
        }
        self.len = self.len.saturating_add(data.len());
        if flags & LAST == 0 {
            return None;
        }
        self.begun = false;
        let len = self.len;
        if len <= self.buffer.len() {
            Some(Step::Message { stream, ppid, place: Place::Buffer { len } })
        } else {
            Some(Step::Skipped { stream, len })
        }
    }
}

/// RFC 8831, 6.2: there are at most 65 535 streams, so this one does not exist.
pub(super) const NO_STREAM: u16 = u16::MAX;
