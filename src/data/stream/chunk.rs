//! Chunks of streams that others send, in one piece and in several, and the ends of these streams.

use super::slot::{Slot, find};
use super::window::Head;
use super::{Attributes, Closed, Context, StreamError, StreamPart};
use crate::DecodeError;
use crate::data::event::Event;
use crate::data::fields::{Fields, text};
#[cfg(feature = "e2ee")]
use crate::data::id::hash;
use crate::data::packet::Packet;
use crate::tags::data_packet;
use crate::tags::data_stream::{chunk, trailer};

/// Takes a chunk or a trailer. Those of streams that are not open are ignored.
#[inline(never)]
pub(in crate::data) fn go_on<'a>(
    slots: &mut [Slot],
    max_bytes: u32,
    packet: &Packet<'a>,
    fields: &Fields<'a>,
    context: &Context<'a>,
    event: &mut Option<Event<'a>>,
) -> Result<(), DecodeError> {
    // A chunk and a trailer have it in the same place.
    let Some((at, slot)) = find(slots, &packet.sid, fields.bytes(chunk::STREAM_ID)) else {
        return Ok(());
    };
    #[cfg(feature = "e2ee")]
    if slot.is_encrypted && context.is_encrypted && slot.from != hash(packet.identity) {
        return Ok(());
    }
    let (topic, offset) = (usize::from(slot.topic), slot.received);
    let mut content = &[][..];
    let mut end = None;
    if slot.is_encrypted != context.is_encrypted {
        end = Some(Closed::Failed(StreamError::EncryptionTypeMismatch));
    } else if packet.tag == data_packet::STREAM_CHUNK {
        content = fields.bytes(chunk::CONTENT);
        match slot.take(fields.number(chunk::CHUNK_INDEX), content.len(), max_bytes, context.now) {
            Ok(true) if !content.is_empty() => {}
            Ok(_) => return Ok(()),
            Err(error) => (content, end) = (&[], Some(Closed::Failed(error))),
        }
    } else {
        let attributes = Attributes::new(packet.body, trailer::ATTRIBUTES);
        attributes.check(context.frame)?;
        let reason = text(fields.bytes(trailer::REASON), context.frame)?;
        end = Some(if !reason.is_empty() {
            Closed::Aborted { reason, attributes }
        } else if slot.left != 0 || slot.total.is_some_and(|total| total != slot.received) {
            Closed::Failed(StreamError::Incomplete)
        } else {
            Closed::Complete { attributes }
        });
    }
    slot.is_open = end.is_none();
    *event = Some(Event::Stream(StreamPart {
        stream: at,
        topic,
        opened: None,
        content,
        offset,
        closed: end,
    }));
    Ok(())
}

/// Takes the first piece of a chunk of `len` bytes that is read in pieces.
#[inline(never)]
pub(in crate::data) fn take<'a>(
    slots: &mut [Slot],
    max_bytes: u32,
    head: &Head<'_>,
    content: &'a [u8],
    len: usize,
    now: u32,
) -> Option<StreamPart<'a>> {
    let (at, slot) = find(slots, &head.sid, head.id)?;
    let mut part = StreamPart::new(at, usize::from(slot.topic), slot.received);
    let result = match slot.is_encrypted {
        false => slot.take(head.index, len, max_bytes, now),
        true => Err(StreamError::EncryptionTypeMismatch),
    };
    match result {
        Ok(true) => {
            slot.left = len.saturating_sub(content.len()) as u32;
            slot.received = slot.received.wrapping_sub(slot.left);
            part.content = content;
        }
        Ok(false) => return None,
        Err(error) => {
            slot.is_open = false;
            part.closed = Some(Closed::Failed(error));
        }
    }
    Some(part)
}

/// Takes the next piece of a chunk: of the stream with the index `in_pieces` - 1.
#[inline(never)]
pub(in crate::data) fn take_more<'a>(
    slots: &mut [Slot],
    in_pieces: usize,
    content: &'a [u8],
) -> Option<StreamPart<'a>> {
    let at = in_pieces.checked_sub(1)?;
    let slot = slots.get_mut(at).filter(|slot| slot.is_open && slot.left != 0)?;
    let len = u32::try_from(content.len()).ok()?;
    slot.left = slot.left.checked_sub(len)?;
    let part = StreamPart::new(at, usize::from(slot.topic), slot.received);
    slot.received = slot.received.wrapping_add(len);
    Some(StreamPart { content, ..part })
}
