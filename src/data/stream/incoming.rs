//! Streams that others send to this participant.

use core::marker::PhantomData;

use super::window::Head;
use super::{Attributes, Closed, StreamError, StreamInfo, StreamPart};
use crate::DecodeError;
use crate::data::event::Event;
use crate::data::fields::{Fields, text};
#[cfg(feature = "e2ee")]
use crate::data::id::hash;
use crate::data::id::{Sid, Text};
use crate::data::packet::Packet;
use crate::tags::data_packet;
use crate::tags::data_stream::{chunk, header, trailer};

/// The topics whose streams a firmware wants, as LiveKit's `registerTextStreamHandler` and
/// `registerByteStreamHandler`. Streams of others take no space.
///
/// ```
/// use livekit_micro::{data::Topics, topics};
///
/// struct Panel;
///
/// impl Topics for Panel {
///     const TOPICS: &'static [&'static str] = &[topics::TRANSCRIPTION, "settings"];
/// }
/// ```
pub trait Topics {
    /// The topics. [`StreamPart::topic`] is an index of it.
    const TOPICS: &'static [&'static str];
    /// Bytes of a stream at most.
    const MAX_BYTES: u32 = u32::MAX;
    /// Compressed streams are wanted, too: their content comes as it was sent, for an
    #[cfg_attr(feature = "deflate", doc = "[`Inflater`](crate::data::Inflater).")]
    #[cfg_attr(not(feature = "deflate"), doc = "`Inflater` (feature `deflate`).")]
    /// Senders compress only for participants that announce `CAP_COMPRESSION_DEFLATE_RAW`. Without it such a stream
    /// is refused, [`StreamError::Compressed`].
    const COMPRESSED: bool = false;
    /// Milliseconds without a chunk after which a stream is given up. No SDK does so, but their streams take
    /// no space of a device's.
    const IDLE_MS: u32 = 30_000;
}

/// The receiving side of streams: `()`, or [`Incoming`].
pub trait Streams: sealed::Streams {}

impl Streams for () {}
impl<T: Topics, const N: usize> Streams for Incoming<T, N> {}

mod sealed {
    use super::Slot;

    pub trait Streams {
        const EMPTY: Self;
        const TOPICS: &'static [&'static str] = &[];
        const MAX_BYTES: u32 = 0;
        const COMPRESSED: bool = false;
        const IDLE_MS: u32 = 0;
        const IS_ANY: bool = false;

        fn slots(&mut self) -> &mut [Slot] {
            &mut []
        }
    }
}

impl sealed::Streams for () {
    const EMPTY: Self = ();
}

/// Up to `N` open streams of the [`Topics`] `T`. Nothing of their content is kept.
pub struct Incoming<T, const N: usize>([Slot; N], PhantomData<T>);

impl<T: Topics, const N: usize> sealed::Streams for Incoming<T, N> {
    const EMPTY: Self = Self([FREE; N], PhantomData);
    const TOPICS: &'static [&'static str] = T::TOPICS;
    const MAX_BYTES: u32 = T::MAX_BYTES;
    const COMPRESSED: bool = T::COMPRESSED;
    const IDLE_MS: u32 = T::IDLE_MS;
    const IS_ANY: bool = true;

    fn slots(&mut self) -> &mut [Slot] {
        &mut self.0
    }
}

/// A stream that is open.
#[derive(Clone, Copy)]
pub struct Slot {
    pub(super) sid: Sid,
    /// The hash of its sender's identity: a sid is not authenticated, a key is the identity's.
    #[cfg(feature = "e2ee")]
    pub(super) from: u32,
    pub(super) id: Text<36>,
    pub(super) is_open: bool,
    pub(super) is_encrypted: bool,
    pub(super) topic: u8,
    /// The index of the next chunk.
    pub(super) next: u32,
    /// Bytes that were passed on.
    pub(super) received: u32,
    /// Bytes of the last chunk, which is read in pieces, that are still to come.
    pub(super) left: u32,
    /// `None`: the sender has not told it.
    pub(super) total: Option<u32>,
    /// When the last part came.
    pub(super) at: u32,
}

const FREE: Slot = Slot {
    sid: Sid::NONE,
    #[cfg(feature = "e2ee")]
    from: 0,
    id: Text::EMPTY,
    is_open: false,
    is_encrypted: false,
    topic: 0,
    next: 0,
    received: 0,
    left: 0,
    total: None,
    at: 0,
};

/// What streams need to know of a packet that has one of their messages.
pub(in crate::data) struct Context<'a> {
    pub(in crate::data) frame: &'a [u8],
    pub(in crate::data) is_encrypted: bool,
    pub(in crate::data) now: u32,
}

/// Finds the open stream of this sender and id. The sender counts too: ids are not secret, and anybody in
/// the room can send chunks with one.
#[inline(never)]
pub(super) fn find<'s>(
    slots: &'s mut [Slot],
    sid: &Sid,
    id: &[u8],
) -> Option<(usize, &'s mut Slot)> {
    let mut slots = slots.iter_mut().enumerate();
    slots.find(|(_, slot)| slot.is_open && slot.id.is(id) && slot.sid.is(sid))
}

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

impl Slot {
    /// Counts a chunk of `len` bytes; `false` if it was there before.
    pub(super) fn take(
        &mut self,
        index: u32,
        len: usize,
        max_bytes: u32,
        now: u32,
    ) -> Result<bool, StreamError> {
        if index < self.next {
            return Ok(false);
        }
        if index != self.next || self.left != 0 {
            return Err(StreamError::MissedChunk);
        }
        let received = u32::try_from(len).ok().and_then(|len| self.received.checked_add(len));
        let received =
            received.filter(|it| *it <= max_bytes).ok_or(StreamError::PayloadTooLarge)?;
        if self.total.is_some_and(|total| received > total) {
            return Err(StreamError::LengthExceeded);
        }
        (self.next, self.received, self.at) = (index.wrapping_add(1), received, now);
        Ok(true)
    }
}

/// Gives up the first open stream for which `is` is `true`.
#[inline(never)]
pub(in crate::data) fn fail_first(
    slots: &mut [Slot],
    error: StreamError,
    is: &dyn Fn(&Slot) -> bool,
) -> Option<StreamPart<'static>> {
    let (at, slot) = slots.iter_mut().enumerate().find(|(_, slot)| slot.is_open && is(slot))?;
    slot.is_open = false;
    Some(StreamPart::failed(at, usize::from(slot.topic), slot.received, error))
}

impl Slot {
    /// Milliseconds until it is given up, if nothing comes.
    pub(in crate::data) fn left(&self, idle_ms: u32, now: u32) -> u32 {
        idle_ms.saturating_sub(now.wrapping_sub(self.at))
    }

    pub(in crate::data) fn is_of(&self, sid: &Sid) -> bool {
        self.sid.is(sid)
    }

    pub(in crate::data) const fn is_open(&self) -> bool {
        self.is_open
    }
}
