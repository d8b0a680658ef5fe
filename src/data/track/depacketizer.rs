//! Frames that others send to this participant.

use core::fmt;

use super::{FrameInfo, MAX_FRAME_PACKETS, Packet, TrackError};
use crate::codec::fmt::bytes;
use crate::codec::rt::copy;

/// The receiving side of a data track: tells where in its frame the content of each packet belongs, and whether
/// the frame is complete. It keeps no content.
///
/// As in LiveKit's SDKs there is one frame at a time: the first packet of another one replaces it. Packets may
/// change places within a frame, except for its first and its last. A frame is complete with its last packet, or
/// it is dropped: that of which a packet is missing then is never told as complete.
///
/// All packets of a frame except for the last are expected to have the same length, as all SDKs make them; of a
/// frame of others, none may change places.
///
/// All zero at the start, so that one in a `static` takes no flash.
#[derive(Debug)]
pub struct Depacketizer {
    /// A bit for each packet of the frame that was received.
    received: [u32; MAX_FRAME_PACKETS / 32],
    info: FrameInfo,
    /// Bytes of the first packet.
    size: u32,
    /// Bytes of the packets before `lead`.
    end: u32,
    /// The index of the first packet that is missing.
    lead: u16,
    frame: u16,
    /// The number of its first packet.
    start: u16,
    is_open: bool,
    dropped: Dropped,
}

/// What was received and came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Dropped {
    /// Frames that began and were not completed.
    pub frames: u32,
    /// Packets of frames that were not open: whose first packet was lost, or whose last came before.
    pub packets: u32,
}

/// A part of a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The number of its frame. The first part of another one says that the frame before is over, complete
    /// or not.
    pub frame: u16,
    /// Where in the frame the content belongs.
    pub offset: u32,
    /// Content of the frame.
    pub content: &'a [u8],
    /// The frame is complete: it ends with this content, and no packet of it is missing.
    pub is_complete: bool,
}

impl Depacketizer {
    /// A track of which nothing was received yet.
    pub const fn new() -> Self {
        Self {
            received: [0; MAX_FRAME_PACKETS / 32],
            info: FrameInfo::EMPTY,
            size: 0,
            end: 0,
            lead: 0,
            frame: 0,
            start: 0,
            is_open: false,
            dropped: Dropped { frames: 0, packets: 0 },
        }
    }

    /// Takes a packet of the track. `None` for one that was received before, and for what is dropped.
    #[inline(always)]
    pub fn receive<'a>(&mut self, packet: &Packet<'a>) -> Option<Part<'a>> {
        let offset = self.place(packet)?;
        Some(Part {
            frame: packet.frame,
            offset,
            content: packet.payload,
            is_complete: packet.is_final,
        })
    }

    /// Returns what the first packet said of the frame, from its first [`Part`] until another one begins.
    pub const fn info(&self) -> &FrameInfo {
        &self.info
    }

    /// Returns how much was dropped so far.
    pub const fn dropped(&self) -> Dropped {
        self.dropped
    }

    /// Where the content of a packet belongs.
    #[inline(never)]
    fn place(&mut self, packet: &Packet<'_>) -> Option<u32> {
        let len = u32::try_from(packet.payload.len()).ok()?;
        if packet.is_start {
            self.begin(packet, len);
            return Some(0);
        }
        if !self.is_open || packet.frame != self.frame {
            self.dropped.packets = self.dropped.packets.wrapping_add(1);
            return None;
        }
        let index = packet.sequence.wrapping_sub(self.start);
        if packet.is_final {
            // Nothing may be missing before it, and nothing be there after it.
            let is_last = index == self.lead && !self.is_any_from(index);
            if !is_last || usize::from(index) >= MAX_FRAME_PACKETS {
                self.give_up();
                return None;
            }
            self.is_open = false;
            return Some(self.end);
        }
        if self.is_received(index) || usize::from(index) >= MAX_FRAME_PACKETS {
            return None;
        }
        let ahead = index.wrapping_sub(self.lead);
        // Offsets are counted in packets of one length, except for what comes in order.
        if len != self.size && (ahead != 0 || self.is_any_from(index)) {
            self.give_up();
            return None;
        }
        let offset = self.end.wrapping_add(u32::from(ahead).wrapping_mul(self.size));
        self.mark(index);
        if ahead == 0 {
            (self.lead, self.end) = (self.lead.wrapping_add(1), self.end.wrapping_add(len));
            while self.is_received(self.lead) {
                self.lead = self.lead.wrapping_add(1);
                self.end = self.end.wrapping_add(self.size);
            }
        }
        Some(offset)
    }

    fn begin(&mut self, packet: &Packet<'_>, len: u32) {
        if self.is_open {
            self.give_up();
        }
        self.received = [1, 0, 0, 0];
        // One by one: all at once would be a call of `memcpy`.
        let FrameInfo { timestamp, user_timestamp, encryption } = packet.info;
        (self.info.timestamp, self.info.user_timestamp) = (timestamp, user_timestamp);
        self.info.encryption = encryption;
        (self.size, self.end, self.lead) = (len, len, 1);
        (self.frame, self.start) = (packet.frame, packet.sequence);
        self.is_open = !packet.is_final;
    }

    fn give_up(&mut self) {
        self.is_open = false;
        self.dropped.frames = self.dropped.frames.wrapping_add(1);
    }

    fn is_received(&self, index: u16) -> bool {
        let word = self.received.get(usize::from(index >> 5)).copied().unwrap_or_default();
        word >> (index & 31) & 1 != 0
    }

    fn mark(&mut self, index: u16) {
        if let Some(word) = self.received.get_mut(usize::from(index >> 5)) {
            *word |= 1 << (index & 31);
        }
    }

    /// Returns `true` if a packet with this index or a higher one was received.
    fn is_any_from(&self, index: u16) -> bool {
        let (at, bit) = (usize::from(index >> 5), index & 31);
        let word = self.received.get(at).copied().unwrap_or_default();
        word >> bit != 0 || self.received.iter().skip(at.wrapping_add(1)).any(|word| *word != 0)
    }
}

impl Default for Depacketizer {
    fn default() -> Self {
        Self::new()
    }
}

impl Part<'_> {
    /// Puts the content where it belongs in `buf`, and returns the frame if it is complete. Call it with each
    /// part of a frame and the same buffer.
    ///
    /// # Errors
    /// [`TrackError::FrameTooLong`] for what does not fit `buf`: the frame is not returned then.
    pub fn put<'b>(&self, buf: &'b mut [u8]) -> Result<Option<&'b mut [u8]>, TrackError> {
        let offset = self.offset as usize;
        let len = offset.saturating_add(self.content.len());
        let error = TrackError::FrameTooLong { len, max: buf.len() };
        let frame = buf.get_mut(..len).ok_or(error)?;
        copy(frame.get_mut(offset..).ok_or(error)?, self.content);
        Ok(self.is_complete.then_some(frame))
    }
}

impl fmt::Debug for Part<'_> {
    /// Without its content, as of messages: logs show its length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("frame", &self.frame)
            .field("offset", &self.offset)
            .field("content", &bytes(self.content.len()))
            .field("is_complete", &self.is_complete)
            .finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Part<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "Part {{ frame: {=u16}, offset: {=u32}, content: {}, is_complete: {=bool} }}",
            self.frame,
            self.offset,
            bytes(self.content.len()),
            self.is_complete,
        );
    }
}
