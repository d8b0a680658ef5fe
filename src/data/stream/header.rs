//! Streams that others open.

use super::slot::{Slot, find};
use super::{Attributes, Closed, Context, StreamError, StreamInfo, StreamPart};
use crate::DecodeError;
use crate::data::event::Event;
use crate::data::fields::{Fields, text};
#[cfg(feature = "e2ee")]
use crate::data::id::hash;
use crate::data::packet::Packet;
use crate::tags::data_stream::header;

/// The limits of [`Topics`].
pub(in crate::data) struct Limits {
    pub(in crate::data) topics: &'static [&'static str],
    pub(in crate::data) max_bytes: u32,
    pub(in crate::data) compressed: bool,
}

/// Takes a header. Streams of other topics, of other compressions and of neither text nor bytes are ignored,
/// and so is a second header of an open stream.
#[inline(never)]
pub(in crate::data) fn open<'a>(
    slots: &mut [Slot],
    limits: &Limits,
    packet: &Packet<'a>,
    fields: &Fields<'a>,
    context: &Context<'a>,
    event: &mut Option<Event<'a>>,
) -> Result<(), DecodeError> {
    let topic = fields.bytes(header::TOPIC);
    let Some(topic) = limits.topics.iter().position(|known| known.as_bytes() == topic) else {
        return Ok(());
    };
    let id = fields.bytes(header::STREAM_ID);
    let is_text = fields.has(header::TEXT_HEADER);
    let compression = fields.number(header::COMPRESSION);
    if compression > 1
        || !(is_text || fields.has(header::BYTE_HEADER))
        || find(slots, &packet.sid, id).is_some()
    {
        return Ok(());
    }
    let total_length =
        fields.has(header::TOTAL_LENGTH).then(|| fields.number(header::TOTAL_LENGTH));
    let from = text(packet.identity, context.frame)?;
    Attributes::new(packet.body, header::ATTRIBUTES).check(context.frame)?;
    let place = take_header(slots, limits, packet, topic, total_length, fields, context);
    // Made where it stays: moving it would be a call of `memcpy`.
    *event = Some(Event::Stream(StreamPart {
        opened: Some(StreamInfo {
            from,
            is_text,
            total_length,
            is_compressed: compression != 0,
            response_to: None,
            body: packet.body,
        }),
        ..StreamPart::new(slots.len(), topic, 0)
    }));
    if let Some(Event::Stream(part)) = event {
        match place {
            Ok(Place::Slot(stream)) => part.stream = stream,
            Ok(Place::Inline(content)) => {
                part.content = content;
                // None; a constant would be a call of `memcpy`.
                let attributes = Attributes::new(packet.body, 0);
                part.closed = Some(Closed::Complete { attributes });
            }
            Err(error) => part.closed = Some(Closed::Failed(error)),
        }
    }
    Ok(())
}

/// Where the content of a stream is.
enum Place<'a> {
    /// In chunks, which this slot waits for.
    Slot(usize),
    /// In the header.
    Inline(&'a [u8]),
}

#[inline(never)]
fn take_header<'a>(
    slots: &mut [Slot],
    limits: &Limits,
    packet: &Packet<'_>,
    topic: usize,
    total: Option<u32>,
    fields: &Fields<'a>,
    context: &Context<'a>,
) -> Result<Place<'a>, StreamError> {
    let is_compressed = fields.number(header::COMPRESSION) != 0;
    if is_compressed && !limits.compressed {
        return Err(StreamError::Compressed);
    }
    if total.is_some_and(|total| total == u32::MAX || total > limits.max_bytes) {
        return Err(StreamError::PayloadTooLarge);
    }
    if fields.has(header::INLINE_CONTENT) {
        let content = fields.bytes(header::INLINE_CONTENT);
        let len = u32::try_from(content.len()).unwrap_or(u32::MAX);
        return match total.filter(|_| !is_compressed) {
            _ if len > limits.max_bytes => Err(StreamError::PayloadTooLarge),
            Some(total) if len > total => Err(StreamError::LengthExceeded),
            Some(total) if len < total => Err(StreamError::Incomplete),
            _ => Ok(Place::Inline(content)),
        };
    }
    let mut free = slots.iter_mut().enumerate().filter(|(_, slot)| !slot.is_open);
    let (at, slot) = free.next().ok_or(StreamError::TooManyStreams)?;
    if !slot.id.set(fields.bytes(header::STREAM_ID)) {
        return Err(StreamError::IdTooLong);
    }
    slot.sid = packet.sid;
    #[cfg(feature = "e2ee")]
    {
        slot.from = hash(packet.identity);
    }
    (slot.is_open, slot.is_encrypted) = (true, context.is_encrypted);
    (slot.topic, slot.next, slot.received, slot.left) = (topic as u8, 0, 0, 0);
    // What a compressed stream has is counted where it is decompressed.
    (slot.total, slot.at) = (total.filter(|_| !is_compressed), context.now);
    Ok(Place::Slot(at))
}
