//! Frames that this participant sends.

use core::num::NonZeroU16;

use super::packet::Head;
use super::{FrameInfo, MAX_FRAME_PACKETS, MAX_PACKET_BYTES};
use crate::codec::rt::copy;
use crate::data::error::SendError;

/// The sending side of a data track: numbers its frames and packets.
#[derive(Debug, Clone)]
pub struct Packetizer {
    handle: NonZeroU16,
    sequence: u16,
    frame: u16,
}

impl Packetizer {
    /// A track that has sent nothing yet. `handle` is the `pub_handle` it is published with.
    pub const fn new(handle: NonZeroU16) -> Self {
        Self { handle, sequence: 0, frame: 0 }
    }

    /// Begins a frame of `len` bytes; of an encrypted one, the tag is counted. A frame without a byte makes no
    /// packet.
    pub fn begin<'t>(&'t mut self, len: usize, info: &'t FrameInfo) -> FrameWriter<'t> {
        let frame = self.frame;
        self.frame = frame.wrapping_add(1);
        FrameWriter { track: self, info, frame, left: len, made: 0 }
    }
}

/// A frame that is being sent: makes its packets, one at a time in the caller's buffer.
///
/// A packet has as many bytes as the buffer, and at most [`MAX_PACKET_BYTES`]: pass
/// [`DATAGRAM_PACKET_BYTES`](super::DATAGRAM_PACKET_BYTES).
#[must_use = "receivers drop a frame that has no last packet"]
#[derive(Debug)]
pub struct FrameWriter<'t> {
    track: &'t mut Packetizer,
    info: &'t FrameInfo,
    frame: u16,
    left: usize,
    made: u8,
}

impl FrameWriter<'_> {
    /// Bytes of the frame that are still to be written; with 0 it is complete.
    pub const fn left(&self) -> usize {
        self.left
    }

    /// Makes a packet of as much of `rest` as fits `buf`, and takes that off `rest`: call it until it returns
    /// `None`. `rest` may be a part of the frame.
    ///
    /// # Errors
    /// [`SendError::TooLong`] if the frame would have more than [`MAX_FRAME_PACKETS`];
    /// [`SendError::BufferTooSmall`] for a buffer without space for a byte of content.
    pub fn write<'b>(
        &mut self,
        rest: &mut &[u8],
        buf: &'b mut [u8],
    ) -> Result<Option<&'b [u8]>, SendError> {
        let len = self.next_len(rest.len(), buf.len())?;
        let (content, more) = rest.split_at_checked(len).unwrap_or_default();
        *rest = more;
        Ok(self.packet(len, buf, |payload| copy(payload, content)))
    }

    /// Makes a packet whose payload `fill` puts where it is sent from: no second buffer, no copy. `fill` gets
    /// the space for the next bytes of the frame, and fills all of it. Call it until it returns `None`.
    ///
    /// # Errors
    /// As of [`write`](Self::write).
    pub fn write_in_place<'b>(
        &mut self,
        buf: &'b mut [u8],
        fill: impl FnOnce(&mut [u8]),
    ) -> Result<Option<&'b [u8]>, SendError> {
        let len = self.next_len(usize::MAX, buf.len())?;
        Ok(self.packet(len, buf, fill))
    }

    /// Bytes of content of the next packet: of `most`, in a buffer of `available` bytes. 0 if there is none.
    #[inline(never)]
    fn next_len(&self, most: usize, available: usize) -> Result<usize, SendError> {
        let most = most.min(self.left);
        if most == 0 {
            return Ok(0);
        }
        let head = self.head(0).len();
        let space = available.min(MAX_PACKET_BYTES).saturating_sub(head);
        if space == 0 {
            return Err(SendError::BufferTooSmall { needed: head.saturating_add(1), available });
        }
        let packets = MAX_FRAME_PACKETS.saturating_sub(usize::from(self.made));
        SendError::check("frame", self.left, space.saturating_mul(packets))?;
        Ok(most.min(space))
    }

    #[inline(always)] // with `fill` of the caller's
    fn packet<'b>(
        &mut self,
        len: usize,
        buf: &'b mut [u8],
        fill: impl FnOnce(&mut [u8]),
    ) -> Option<&'b [u8]> {
        if len == 0 {
            return None;
        }
        let head = self.head(len);
        let packet = buf.get_mut(..head.len().saturating_add(len))?;
        let (space, payload) = packet.split_at_mut_checked(head.len())?;
        fill(payload);
        head.write(space);
        self.track.sequence = self.track.sequence.wrapping_add(1);
        self.left = self.left.saturating_sub(len);
        self.made = self.made.saturating_add(1);
        Some(packet)
    }

    /// The head of the next packet, with `len` bytes of content.
    #[inline(always)]
    fn head(&self, len: usize) -> Head<'_> {
        Head {
            handle: self.track.handle,
            sequence: self.track.sequence,
            frame: self.frame,
            is_start: self.made == 0,
            is_final: self.left == len,
            info: self.info,
        }
    }
}
