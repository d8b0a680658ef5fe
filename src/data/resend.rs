//! Sent packets that are kept for a resume of the connection.

use crate::codec::rt::copy;

/// Where sent packets are kept: `()` keeps none, a [`Resend`] as many as it has bytes for.
pub trait Keep: sealed::Keep {}

impl Keep for () {}
impl<const BYTES: usize> Keep for Resend<BYTES> {}

pub(super) mod sealed {
    pub trait Keep {
        const EMPTY: Self;

        /// Keeps the frame of a packet that is sent.
        fn keep(&mut self, sequence: u32, frame: &[u8]);

        /// The kept packets above the number `received`, of which the last that was sent is `last`.
        fn unreceived(&self, received: u32, last: u32) -> super::Unreceived<'_>;
    }
}

impl sealed::Keep for () {
    const EMPTY: Self = ();

    fn keep(&mut self, _: u32, _: &[u8]) {}

    fn unreceived(&self, received: u32, last: u32) -> Unreceived<'_> {
        Unreceived { bytes: &[], ring: Ring::EMPTY, lost: last.saturating_sub(received) }
    }
}

/// The newest packets that were sent reliably, as many as fit `BYTES`: each takes its frame and 6 bytes.
///
/// After a resume the server says which was the last one that it received
/// (`ReconnectResponse.last_message_seq`). The others are sent again, with their old numbers, before
/// anything new.
pub struct Resend<const BYTES: usize> {
    bytes: [u8; BYTES],
    ring: Ring,
}

impl<const BYTES: usize> sealed::Keep for Resend<BYTES> {
    const EMPTY: Self = Self { bytes: [0; BYTES], ring: Ring::EMPTY };

    fn keep(&mut self, sequence: u32, frame: &[u8]) {
        self.ring.push(&mut self.bytes, sequence, frame);
    }

    fn unreceived(&self, received: u32, last: u32) -> Unreceived<'_> {
        let mut ring = self.ring;
        while ring.first(&self.bytes).is_some_and(|(sequence, _)| sequence <= received) {
            ring.drop_first(&self.bytes);
        }
        let lost = last.saturating_sub(received).saturating_sub(ring.count);
        Unreceived { bytes: &self.bytes, ring, lost }
    }
}

/// Frames to send again after a resume, in order, on [`Channel::Reliable`](super::Channel::Reliable),
/// before anything new.
#[derive(Clone)]
pub struct Unreceived<'a> {
    bytes: &'a [u8],
    ring: Ring,
    lost: u32,
}

impl core::fmt::Debug for Unreceived<'_> {
    /// Without the packets.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { ring, lost, .. } = self;
        f.debug_struct("Unreceived").field("count", &ring.count).field("lost", lost).finish()
    }
}

impl Unreceived<'_> {
    /// Packets that the server did not receive and that are not kept any more.
    pub const fn lost(&self) -> u32 {
        self.lost
    }
}

impl<'a> Iterator for Unreceived<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (_, frame) = self.ring.first(self.bytes)?;
        self.ring.drop_first(self.bytes);
        Some(frame)
    }
}

/// Where records lie in the bytes. Each is in one piece, so that it can be sent from there: one that does
/// not fit the end goes to the front.
#[derive(Debug, Clone, Copy)]
struct Ring {
    /// Where the oldest record begins.
    start: usize,
    /// Where the next one goes.
    end: usize,
    /// Where records end before they go on at the front; 0 if they do not.
    wrap: usize,
    count: u32,
}

/// Number and length in front of a frame.
const HEAD: usize = 6;

impl Ring {
    const EMPTY: Self = Self { start: 0, end: 0, wrap: 0, count: 0 };

    #[inline(never)]
    fn push(&mut self, bytes: &mut [u8], sequence: u32, frame: &[u8]) {
        let len = frame.len().saturating_add(HEAD);
        if len > bytes.len() {
            return;
        }
        let at = loop {
            let limit = if self.wrap == 0 { bytes.len() } else { self.start };
            if limit.saturating_sub(self.end) >= len {
                break self.end;
            }
            if self.wrap == 0 && self.start >= len {
                (self.wrap, self.end) = (self.end, 0);
                break 0;
            }
            self.drop_first(bytes);
        };
        let [a, b, c, d] = sequence.to_le_bytes();
        let [e, f] = (frame.len() as u16).to_le_bytes(); // frames have 64 000 bytes at most
        if let Some((head, rest)) = bytes.get_mut(at..).and_then(<[u8]>::split_first_chunk_mut) {
            *head = [a, b, c, d, e, f];
            copy(rest, frame);
        }
        self.end = at.saturating_add(len);
        self.count = self.count.saturating_add(1);
    }

    /// The number and the frame of the oldest record.
    fn first<'b>(&self, bytes: &'b [u8]) -> Option<(u32, &'b [u8])> {
        if self.count == 0 {
            return None;
        }
        let ([a, b, c, d, e, f], rest) = bytes.get(self.start..)?.split_first_chunk()?;
        let frame = rest.get(..usize::from(u16::from_le_bytes([*e, *f])))?;
        Some((u32::from_le_bytes([*a, *b, *c, *d]), frame))
    }

    fn drop_first(&mut self, bytes: &[u8]) {
        let len = self.first(bytes).map_or(0, |(_, frame)| frame.len().saturating_add(HEAD));
        self.count = self.count.saturating_sub(1);
        if self.count == 0 {
            *self = Self::EMPTY;
            return;
        }
        self.start = self.start.saturating_add(len);
        if self.start == self.wrap {
            (self.start, self.wrap) = (0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::collections::VecDeque;
    use std::vec;
    use std::vec::Vec;

    use super::sealed::Keep as _;
    use super::*;

    /// The newest records that fit, as a list: when one does not fit, the oldest go. Records that are not in
    /// one piece need no more space than those that are, so the list may keep more, never less.
    fn check<const BYTES: usize>(lens: &[usize]) {
        let (mut ring, mut list) = (Resend::<BYTES>::EMPTY, VecDeque::new());
        for (sequence, len) in (1..).zip(lens) {
            let frame = vec![sequence as u8; *len];
            ring.keep(sequence, &frame);
            list.push_back(frame);
            let kept: Vec<_> = ring.unreceived(0, sequence).collect();
            let newest: Vec<_> = list.iter().skip(list.len() - kept.len()).collect();
            assert!(kept.iter().eq(newest.iter()) || len + HEAD > BYTES, "{lens:?}");
            let used: usize = kept.iter().map(|frame| frame.len() + HEAD).sum();
            assert!(used <= BYTES);
            assert!(!kept.is_empty() || len + HEAD > BYTES, "the newest is kept: {lens:?}");
            assert_eq!(ring.unreceived(0, sequence).lost(), sequence - kept.len() as u32);
        }
    }

    #[test]
    fn the_newest_packets_are_kept_in_order_and_whole() {
        check::<100>(&[
            10, 20, 30, 40, 50, 60, 70, 80, 94, 1, 2, 3, 90, 10, 10, 10, 10, 10, 10, 10,
        ]);
        check::<64>(&[0, 0, 0, 58, 0, 57, 1, 0, 29, 20, 29, 20, 29, 20]);
        check::<16>(&[10, 10, 11, 1, 1, 1, 11, 4]);
    }

    #[test]
    fn only_what_the_server_has_not_received_is_sent_again() {
        let mut ring = Resend::<100>::EMPTY;
        (1..=5).for_each(|n| ring.keep(n, &[n as u8; 4]));
        let again =
            |received| ring.unreceived(received, 5).map(|frame| frame[0]).collect::<Vec<_>>();
        assert_eq!(again(0), [1, 2, 3, 4, 5]);
        assert_eq!((again(3), again(5), again(9)), (vec![4, 5], vec![], vec![]));
        assert_eq!(ring.unreceived(3, 5).lost(), 0);
        // Without a ring all of it is lost.
        assert_eq!(().unreceived(3, 5).lost(), 2);
    }
}
