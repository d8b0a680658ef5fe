//! What this participant sends: numbered, addressed, within LiveKit's limits.

use super::channel::{MAX_FRAME_BYTES, MAX_LOSSY_PAYLOAD_BYTES, MAX_RELIABLE_PAYLOAD_BYTES};
use super::encryption::Encryption;
use super::error::SendError;
use super::resend::{Keep, Unreceived};
use crate::tags::{data_packet, user_packet};
use crate::{EncodeError, Writer, to_slice_with};

/// A user packet to be sent.
#[derive(Clone, Copy, Default)]
pub struct Data<'a> {
    /// Its content.
    pub payload: &'a [u8],
    /// What it is about; may be empty.
    pub topic: &'a str,
    /// The identities of its receivers; empty for everybody.
    pub to: &'a [&'a str],
}

/// The sending side of this participant: it numbers reliable packets and, with a
/// [`Resend`](super::Resend), keeps them for a resume.
///
/// Each method makes one frame at the end of the caller's buffer, to be sent on the channel that it names.
/// A frame that was made is sent, in order: the next one has the next number.
pub struct LocalParticipant<K = (), E = ()> {
    sequence: u32,
    kept: K,
    pub(super) encryption: E,
}

impl<K: Keep> LocalParticipant<K> {
    /// A participant that has sent nothing yet.
    pub const fn new() -> Self {
        Self::with_encryption(())
    }
}

impl<K: Keep, E: Encryption> LocalParticipant<K, E> {
    /// As [`new`](LocalParticipant::new), with end-to-end encryption.
    pub const fn with_encryption(encryption: E) -> Self {
        Self { sequence: 0, kept: K::EMPTY, encryption }
    }

    /// Makes a user packet for [`Channel::Reliable`](super::Channel::Reliable).
    ///
    /// # Errors
    /// [`SendError::TooLong`] for a payload over 15 360 bytes, which SDKs may refuse.
    pub fn publish_data<'b>(
        &mut self,
        data: &Data<'_>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        SendError::check("payload", data.payload.len(), MAX_RELIABLE_PAYLOAD_BYTES)?;
        self.write(data.to, data_packet::USER, &|w| user(data, w), buf)
    }

    /// Makes a user packet for [`Channel::Lossy`](super::Channel::Lossy).
    ///
    /// # Errors
    /// [`SendError::TooLong`] for a payload over 1 300 bytes, which does not fit one datagram.
    pub fn publish_lossy_data<'b>(
        &mut self,
        data: &Data<'_>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        SendError::check("payload", data.payload.len(), MAX_LOSSY_PAYLOAD_BYTES)?;
        let body = |w: &mut Writer<'_>| user(data, w);
        Ok(self.encryption.frame(0, data.to, data_packet::USER, &body, buf)?.0)
    }

    /// The number of the last packet that was made; 0 before the first.
    pub const fn last_sequence(&self) -> u32 {
        self.sequence
    }

    /// Begins anew, after a connect that is not a resume: numbers count from 1, no packets are kept.
    pub fn reset(&mut self) {
        self.sequence = 0;
        self.kept = K::EMPTY;
    }

    /// The packets above the number `received` that were kept.
    pub(super) fn unreceived(&self, received: u32) -> Unreceived<'_> {
        self.kept.unreceived(received, self.sequence)
    }

    /// Makes a numbered packet of the member `tag` of `value`, whose fields `body` writes.
    pub(super) fn write<'b>(
        &mut self,
        to: &[&str],
        tag: u32,
        body: &dyn Fn(&mut Writer<'_>),
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        self.write_within(("frame", MAX_FRAME_BYTES), to, tag, body, buf)
    }

    /// As [`write`](Self::write), with another limit: the one exit of all that is sent reliably.
    #[inline(never)]
    pub(super) fn write_within<'b>(
        &mut self,
        limit: (&'static str, usize),
        to: &[&str],
        tag: u32,
        body: &dyn Fn(&mut Writer<'_>),
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let sequence = self.sequence.checked_add(1).ok_or(SendError::OutOfNumbers)?;
        let (frame, added) = self.encryption.frame(sequence, to, tag, body, buf)?;
        // SDKs count their own limits before encryption, that of a frame after it.
        SendError::check(limit.0, frame.len().saturating_sub(added), limit.1)?;
        if E::TAIL > 0 {
            SendError::check("frame", frame.len(), MAX_FRAME_BYTES)?;
        }
        self.kept.keep(sequence, frame);
        self.sequence = sequence;
        Ok(frame)
    }
}

impl<K: Keep> Default for LocalParticipant<K> {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes a packet, its fields in the order of LiveKit's server: what a chunk carries comes last, so that a
/// receiver can pass it on while it arrives.
#[inline(always)] // a call costs stack, and few programs have both of its callers
pub(crate) fn frame<'b>(
    sequence: u32,
    to: &[&str],
    tag: u32,
    body: &dyn Fn(&mut Writer<'_>),
    buf: &'b mut [u8],
) -> Result<&'b [u8], EncodeError> {
    to_slice_with(buf, |w| {
        w.fields(tag, body);
        w.uint32(data_packet::SEQUENCE, sequence);
        for identity in to.iter().rev() {
            w.put_str(data_packet::DESTINATION_IDENTITIES, identity);
        }
    })
}

/// The fields of a user packet.
fn user(data: &Data<'_>, w: &mut Writer<'_>) {
    w.str(user_packet::TOPIC, data.topic);
    w.bytes(user_packet::PAYLOAD, data.payload);
}

impl<K, E> core::fmt::Debug for LocalParticipant<K, E> {
    /// Without the packets that it keeps.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("LocalParticipant").field("sequence", &self.sequence).finish_non_exhaustive()
    }
}
