//! One message of the data channel: header, extensions, payload.

use core::fmt;
use core::num::NonZeroU16;

use super::{FrameInfo, TrackError};
use crate::codec::fmt::bytes;
use crate::codec::rt::copy;
use crate::data::error::SendError;

/// A packet of a data track: a frame, or a part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Which track: a number of the publisher's in what it sends, of the subscriber's in what it receives.
    pub handle: NonZeroU16,
    /// Counts the packets of the track; wraps.
    pub sequence: u16,
    /// Counts the frames of the track; wraps.
    pub frame: u16,
    /// It is the first packet of its frame.
    pub is_start: bool,
    /// It is the last packet of its frame.
    pub is_final: bool,
    /// What it says of its frame.
    pub info: FrameInfo,
    /// Content of the frame.
    pub payload: &'a [u8],
}

/// Bytes of the header in front of the extensions.
const BASE: usize = 12;

/// Bits of the first byte. The three highest are the version.
const START: u8 = 0x10;
const FINAL: u8 = 0x08;
const EXTENSIONS: u8 = 0x04;

impl<'a> Packet<'a> {
    /// Reads a packet as it came on the data channel.
    ///
    /// # Errors
    /// [`TrackError`], for what is not a packet of the version that is known.
    #[inline(always)]
    pub fn read(packet: &'a [u8]) -> Result<Self, TrackError> {
        // Made where the caller uses it: moving it would take `memcpy`.
        let mut read = Self {
            handle: NonZeroU16::MIN,
            sequence: 0,
            frame: 0,
            is_start: false,
            is_final: false,
            info: FrameInfo::EMPTY,
            payload: &[],
        };
        read.fill(packet)?;
        Ok(read)
    }

    #[inline(never)]
    fn fill(&mut self, packet: &'a [u8]) -> Result<(), TrackError> {
        let truncated = |needed| TrackError::Truncated { needed, len: packet.len() };
        let (base, mut rest) = packet.split_first_chunk::<BASE>().ok_or(truncated(BASE))?;
        // The second byte is reserved. One by one: all at once would be a call of `memcpy`.
        let &[flags, _, h, l, s0, s1, f0, f1, t0, t1, t2, t3] = base;
        if flags >> 5 != 0 {
            return Err(TrackError::UnsupportedVersion(flags >> 5));
        }
        let handle = u16::from_be_bytes([h, l]);
        self.handle = NonZeroU16::new(handle).ok_or(TrackError::InvalidHandle)?;
        self.sequence = u16::from_be_bytes([s0, s1]);
        self.frame = u16::from_be_bytes([f0, f1]);
        (self.is_start, self.is_final) = (flags & START != 0, flags & FINAL != 0);
        self.info.timestamp = u32::from_be_bytes([t0, t1, t2, t3]);
        if flags & EXTENSIONS != 0 {
            let (words, after) = rest.split_first_chunk().ok_or(truncated(BASE + 4))?;
            // Words of all extensions and of the length itself, without one.
            let len = (usize::from(u16::from_be_bytes(*words)) << 2) + 2;
            let (block, payload) = after.split_at_checked(len).ok_or(truncated(BASE + 2 + len))?;
            self.info.read_extensions(block)?;
            rest = payload;
        }
        self.payload = rest;
        Ok(())
    }

    /// Writes the packet to the beginning of `buf`. To send frames, use a [`Packetizer`](super::Packetizer),
    /// which counts.
    ///
    /// # Errors
    /// [`SendError::BufferTooSmall`]
    pub fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b [u8], SendError> {
        let Self { handle, sequence, frame, is_start, is_final, ref info, payload } = *self;
        let head = Head { handle, sequence, frame, is_start, is_final, info };
        let (needed, available) = (head.len().saturating_add(payload.len()), buf.len());
        let error = SendError::BufferTooSmall { needed, available };
        let packet = buf.get_mut(..needed).ok_or(error)?;
        let (space, rest) = packet.split_at_mut_checked(head.len()).ok_or(error)?;
        head.write(space);
        copy(rest, payload);
        Ok(packet)
    }
}

/// What is in front of the payload; refers to what is long.
pub(super) struct Head<'i> {
    pub(super) handle: NonZeroU16,
    pub(super) sequence: u16,
    pub(super) frame: u16,
    pub(super) is_start: bool,
    pub(super) is_final: bool,
    pub(super) info: &'i FrameInfo,
}

impl Head<'_> {
    /// Its bytes.
    pub(super) const fn len(&self) -> usize {
        BASE + self.info.extensions_len()
    }

    /// Writes it to `space`, which has [`len`](Self::len) bytes.
    #[inline(never)]
    pub(super) fn write(&self, space: &mut [u8]) {
        let Some((base, extensions)) = space.split_first_chunk_mut() else { return };
        let flag = |is, flag| if is { flag } else { 0 };
        let flags = flag(self.is_start, START)
            | flag(self.is_final, FINAL)
            | flag(!extensions.is_empty(), EXTENSIONS);
        let ([h, l], [s0, s1]) = (self.handle.get().to_be_bytes(), self.sequence.to_be_bytes());
        let ([f0, f1], [t0, t1, t2, t3]) =
            (self.frame.to_be_bytes(), self.info.timestamp.to_be_bytes());
        *base = [flags, 0, h, l, s0, s1, f0, f1, t0, t1, t2, t3];
        self.info.write_extensions(extensions);
    }
}

impl fmt::Debug for Packet<'_> {
    /// Without its content, as of messages: logs show its length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packet")
            .field("handle", &self.handle)
            .field("sequence", &self.sequence)
            .field("frame", &self.frame)
            .field("is_start", &self.is_start)
            .field("is_final", &self.is_final)
            .field("info", &self.info)
            .field("payload", &bytes(self.payload.len()))
            .finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Packet<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "Packet {{ handle: {=u16}, sequence: {=u16}, frame: {=u16}, is_start: {=bool}, is_final: {=bool}, info: {}, payload: {} }}",
            self.handle.get(),
            self.sequence,
            self.frame,
            self.is_start,
            self.is_final,
            self.info,
            bytes(self.payload.len()),
        );
    }
}
