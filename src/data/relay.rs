//! Packets that another program makes and reads: a bridge passes them on.

use super::channel::{Channel, MAX_FRAME_BYTES};
use super::error::SendError;
use super::event::{Event, Replies};
use super::packet::Packet;
use super::plane::{DataPlane, sealed};
use super::resend::sealed::Keep as _;
use super::resend::{Resend, Unreceived};
use super::senders::{self, Senders};
use super::stream::StreamPart;
use crate::codec::rt::copy;
use crate::tags::data_packet;
use crate::{DecodeError, to_slice_with};

/// The data plane of a participant whose packets another program makes and reads: those of a device on a line.
///
/// Received packets come as [`Event::Relayed`]. [`forward`](Self::forward) numbers those that are sent anew, as the
/// connection to the room is another one than that of the device, and keeps the newest for a resume: `KEPT` bytes
/// of them. Of `SENDERS` senders none of their packets comes twice.
pub struct Relay<const KEPT: usize, const SENDERS: usize = 64> {
    sequence: u32,
    kept: Resend<KEPT>,
    senders: Senders<SENDERS>,
    client_protocol: u32,
    reads_deflate: bool,
}

impl<const KEPT: usize, const SENDERS: usize> Relay<KEPT, SENDERS> {
    /// A relay that has passed on nothing yet, for a session that reads calls of `client_protocol`, and compressed
    /// streams or not.
    pub const fn new(client_protocol: u32, reads_deflate: bool) -> Self {
        Self {
            sequence: 0,
            kept: Resend::EMPTY,
            senders: Senders::new(),
            client_protocol,
            reads_deflate,
        }
    }

    /// Makes the frame of a packet that a session has made, for
    /// [`Participant::send`](crate::participant::Participant::send).
    ///
    /// # Errors
    /// [`SendError::TooLong`], [`SendError::BufferTooSmall`], [`SendError::OutOfNumbers`].
    pub fn forward<'b>(
        &mut self,
        channel: Channel,
        packet: &[u8],
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        SendError::check("frame", packet.len(), MAX_FRAME_BYTES)?;
        if channel == Channel::Lossy {
            let available = buf.len();
            let needed = packet.len();
            let space = buf.get_mut(..needed);
            let space = space.ok_or(SendError::BufferTooSmall { needed, available })?;
            copy(space, packet);
            return Ok(space);
        }
        let sequence = self.sequence.checked_add(1).ok_or(SendError::OutOfNumbers)?;
        // Of a field that is there twice the last one counts.
        let frame = to_slice_with(buf, |w| {
            w.uint32(data_packet::SEQUENCE, sequence);
            w.raw(packet);
        })?;
        self.kept.keep(sequence, frame);
        self.sequence = sequence;
        Ok(frame)
    }
}

impl<const KEPT: usize, const SENDERS: usize> DataPlane for Relay<KEPT, SENDERS> {}

impl<const KEPT: usize, const SENDERS: usize> sealed::DataPlane for Relay<KEPT, SENDERS> {
    const REPLY_BYTES: usize = 0;

    fn client_protocol(&self) -> u32 {
        self.client_protocol
    }

    fn reads_deflate(&self) -> bool {
        self.reads_deflate
    }

    fn take<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a mut [u8],
        now_ms: u64,
        _: &'b mut [u8],
    ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError> {
        let packet = Packet::read(frame)?;
        let slots = self.senders.slots();
        let is_new = channel == Channel::Lossy
            || senders::is_new(slots, &packet.sid, packet.sequence, now_ms as u32);
        Ok((is_new.then_some(Event::Relayed { channel, packet: frame }), Replies::default()))
    }

    fn take_part<'a>(&mut self, _: &'a [u8], _: bool, _: u64) -> Option<StreamPart<'a>> {
        None
    }

    fn skipped_packets(&self) -> u32 {
        0
    }

    fn due(&mut self, now_ms: u64) -> Option<Event<'static>> {
        senders::forget(self.senders.slots(), now_ms as u32);
        None
    }

    fn due_in(&mut self, _: u64) -> Option<u32> {
        None
    }

    fn left(&mut self, _: &str, _: &str) -> Option<Event<'static>> {
        None
    }

    fn begin_anew(&mut self) -> Option<Event<'static>> {
        (self.sequence, self.kept) = (0, Resend::EMPTY);
        self.senders = Senders::new();
        None
    }

    fn unreceived(&mut self, last_message_seq: u32) -> Unreceived<'_> {
        self.kept.unreceived(last_message_seq, self.sequence)
    }

    fn each_sender(&self, each: &mut dyn FnMut(&str, u32)) {
        self.senders.states().for_each(|(sid, last)| each(&sid, last));
    }
}
